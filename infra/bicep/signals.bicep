// What the app measures, what is shown of it and what somebody is woken for. A test holds the names against those in the code.

@export()
@description('The instruments of the meter JitFunctions. Times and ages are in seconds.')
var metrics = {
  requests: 'jit.requests'
  finished: 'jit.requests.finished'
  approval: 'jit.approval.duration'
  activation: 'jit.activation.lag'
  revocation: 'jit.revocation.lag'
  overdue: 'jit.grants.overdue'
  findings: 'jit.reconciler.findings'
  lastRun: 'jit.reconciler.last_run'
  outbox: 'jit.outbox.age'
  logFailing: 'jit.log.failing'
  logBehind: 'jit.log.behind'
  auditEvents: 'jit.audit.events'
  auditRefused: 'jit.audit.refused'
}

@export()
@description('How many schedules the app tells of; a test counts them. Instances that have not finished one say nothing of it.')
var schedules = 4

@export()
@sealed()
type alertRule = {
  name: string
  title: string
  metric: string
  @description('Only measurements with one of these in the label `kind`.')
  kinds: string[]?
  @description('Kusto that makes one number, called level, of the measurements of five minutes; of fifteen for findings.')
  level: string
  above: int
  @description('0 wakes somebody; 3 is for office hours.')
  severity: 0 | 1 | 2 | 3
  @description('What it means; docs/runbook.md says what to do.')
  description: string
}

var largest = 'summarize level = max(valueMax)'
var total = 'summarize level = sum(valueSum)'

@export()
var alertRules alertRule[] = [
  {
    name: 'grants-overdue'
    title: 'Rights that should have ended are still there'
    metric: metrics.overdue
    level: largest
    above: 0
    severity: 0
    description: 'Somebody holds rights past their end.'
  }
  {
    name: 'revocation-slow'
    title: 'A revocation took longer than a minute'
    metric: metrics.revocation
    level: largest
    above: 60
    severity: 1
    description: 'From the end of a grant to its removal from the cluster.'
  }
  {
    name: 'schedule-late'
    title: 'A schedule has not finished for five minutes'
    metric: metrics.lastRun
    // Each instance tells of its own runs, and a schedule runs on one of them.
    level: 'summarize age = min(valueMin) by tostring(customDimensions.schedule) | summarize level = max(age)'
    above: 300
    severity: 1
    description: 'The reconciler is what ends grants when orchestrations do not.'
  }
  {
    name: 'reconciler-ended'
    title: 'The reconciler had to end a grant'
    metric: metrics.findings
    kinds: ['overdue']
    level: total
    above: 0
    severity: 1
    description: 'Rights were past their end, and their orchestration had not taken them away.'
  }
  {
    name: 'tampering'
    title: 'A cluster differs from the event store'
    metric: metrics.findings
    kinds: [
      'role-grown-dangerously'
      'binding-missing'
      'binding-edited'
      'binding-returned'
      'binding-stray'
      'object-unknown'
    ]
    level: total
    above: 0
    severity: 1
    description: 'Somebody made, changed or removed what belongs to the app, or a revocation did not reach the cluster.'
  }
  {
    name: 'cluster-away'
    title: 'A cluster does not answer, is too slow, or is not configured'
    metric: metrics.findings
    kinds: ['cluster-away', 'cluster-slow', 'cluster-gone']
    level: total
    above: 2
    severity: 1
    description: 'Nothing can be granted there, and nothing can be ended.'
  }
  {
    name: 'log-failing'
    title: 'The transparency log does not go on'
    metric: metrics.logFailing
    level: largest
    above: 0
    severity: 1
    description: 'Its tables were changed, or a key or an archive does not answer. Grants go on; docs/record.md says what to do.'
  }
  {
    name: 'log-behind'
    title: 'Events wait for more than five minutes for the transparency log'
    metric: metrics.logBehind
    // Each instance tells what it saw last, and one of them appends.
    level: 'summarize level = min(valueMin)'
    above: 300
    severity: 2
    description: 'What is not in the log yet is not protected against a change.'
  }
  {
    name: 'instances-stuck'
    title: 'Orchestrations failed or are stuck'
    metric: metrics.findings
    kinds: ['orchestration-failed', 'orchestration-stuck', 'not-reconciled']
    level: total
    above: 0
    severity: 2
    description: 'The reconciler replaces them and ends their grants in time; why they broke needs a look.'
  }
  {
    name: 'outbox-old'
    title: 'Something has waited for more than five minutes to be done'
    metric: metrics.outbox
    level: largest
    above: 300
    severity: 2
    description: 'Receivers of notices are not told, or requests do not move.'
  }
  {
    name: 'activation-slow'
    title: 'An activation took longer than two minutes'
    metric: metrics.activation
    level: largest
    above: 120
    severity: 3
    description: 'From the last approval, or the planned start, to the rights in the cluster.'
  }
  {
    name: 'reviews-overdue'
    title: 'A break-glass review is overdue'
    metric: metrics.findings
    kinds: ['review-overdue']
    level: total
    above: 0
    severity: 3
    description: 'Nobody has said yet whether an emergency was one.'
  }
]

@export()
@sealed()
type chart = {
  title: string
  metric: string
  @description('Kusto that makes a time chart of the points of the metric.')
  summarise: string
}

@export()
var charts chart[] = [
  {
    title: 'Requests by state'
    metric: metrics.requests
    summarise: 'max(valueMax) by bin(timestamp, 5m), tostring(customDimensions.state)'
  }
  {
    title: 'Requests finished'
    metric: metrics.finished
    summarise: 'sum(valueSum) by bin(timestamp, 1h), tostring(customDimensions.state)'
  }
  {
    title: 'Time to approval, s'
    metric: metrics.approval
    summarise: 'mean = sum(valueSum) / sum(valueCount), longest = max(valueMax) by bin(timestamp, 1h)'
  }
  {
    title: 'Activation lag, s'
    metric: metrics.activation
    summarise: 'mean = sum(valueSum) / sum(valueCount), longest = max(valueMax) by bin(timestamp, 5m)'
  }
  {
    title: 'Revocation lag, s'
    metric: metrics.revocation
    summarise: 'mean = sum(valueSum) / sum(valueCount), longest = max(valueMax) by bin(timestamp, 5m)'
  }
  {
    title: 'Grants overdue'
    metric: metrics.overdue
    summarise: 'max(valueMax) by bin(timestamp, 5m), tostring(customDimensions.cluster)'
  }
  {
    title: 'Reconciler findings'
    metric: metrics.findings
    summarise: 'sum(valueSum) by bin(timestamp, 5m), tostring(customDimensions.kind)'
  }
  {
    title: 'Since each schedule finished, s'
    metric: metrics.lastRun
    summarise: 'min(valueMin) by bin(timestamp, 5m), tostring(customDimensions.schedule)'
  }
  {
    title: 'Transparency log behind, s'
    metric: metrics.logBehind
    summarise: 'min(valueMin) by bin(timestamp, 5m)'
  }
  {
    title: 'Events of audit logs'
    metric: metrics.auditEvents
    summarise: 'sum(valueSum) by bin(timestamp, 5m), tostring(customDimensions.kind)'
  }
  {
    title: 'Deliveries of audit logs that have to come again'
    metric: metrics.auditRefused
    summarise: 'sum(valueSum) by bin(timestamp, 5m), tostring(customDimensions.cause)'
  }
  {
    title: 'Waiting longest, s'
    metric: metrics.outbox
    summarise: 'max(valueMax) by bin(timestamp, 5m), tostring(customDimensions.kind)'
  }
]
