// What the app measures, what is shown of it and what somebody is woken for. A test holds the names against those in the code.

@export()
@description('The instruments of the meter JitFunctions. Times and ages are in seconds.')
var metrics = {
  requests: 'jit.requests'
  approval: 'jit.approval.duration'
  activation: 'jit.activation.lag'
  revocation: 'jit.revocation.lag'
  overdue: 'jit.grants.overdue'
  findings: 'jit.reconciler.findings'
  reconciled: 'jit.reconciler.last_run'
  outbox: 'jit.outbox.age'
  gaps: 'jit.ingest.gaps'
  stuck: 'jit.instances.stuck'
}

@export()
@sealed()
type alertRule = {
  name: string
  title: string
  metric: string
  @description('How the points of five minutes become one: of a counter the sum, of anything else the largest.')
  measure: 'sum(valueSum)' | 'max(valueMax)'
  above: int
  @description('0 wakes somebody; 3 is for office hours.')
  severity: 0 | 1 | 2 | 3
  @description('What it means, and the section of docs/runbook.md that says what to do.')
  description: string
}

@export()
var alertRules alertRule[] = [
  {
    name: 'grants-overdue'
    title: 'Rights that should have ended are still there'
    metric: metrics.overdue
    measure: 'max(valueMax)'
    above: 0
    severity: 0
    description: 'Somebody holds rights past their end. Runbook: revoke everything now.'
  }
  {
    name: 'revocation-slow'
    title: 'Revocation takes longer than a minute'
    metric: metrics.revocation
    measure: 'max(valueMax)'
    above: 60
    severity: 1
    description: 'From the end of a grant to its removal from the cluster. Runbook: stuck orchestration.'
  }
  {
    name: 'reconciler-late'
    title: 'The reconciler has not finished for five minutes'
    metric: metrics.reconciled
    measure: 'max(valueMax)'
    above: 300
    severity: 1
    description: 'It is what ends grants when orchestrations do not. Runbook: stuck orchestration.'
  }
  {
    name: 'ingest-gaps'
    title: 'Audit events of a cluster are missing'
    metric: metrics.gaps
    measure: 'max(valueMax)'
    above: 0
    severity: 1
    description: 'What was done with granted rights is not fully known. Look for who stopped the audit log.'
  }
  {
    name: 'instances-stuck'
    title: 'Orchestrations are stuck'
    metric: metrics.stuck
    measure: 'max(valueMax)'
    above: 0
    severity: 2
    description: 'Runbook: stuck orchestration.'
  }
  {
    name: 'findings'
    title: 'The reconciler found a cluster that differs from the event store'
    metric: metrics.findings
    measure: 'sum(valueSum)'
    above: 0
    severity: 2
    description: 'Somebody made, changed or removed what belongs to the app, or a revocation did not reach the cluster.'
  }
  {
    name: 'outbox-old'
    title: 'Notices wait for more than five minutes'
    metric: metrics.outbox
    measure: 'max(valueMax)'
    above: 300
    severity: 2
    description: 'Approvers and receivers of break-glass notices are not told.'
  }
  {
    name: 'activation-slow'
    title: 'Activation takes longer than two minutes'
    metric: metrics.activation
    measure: 'max(valueMax)'
    above: 120
    severity: 3
    description: 'From the last approval, or the planned start, to the rights in the cluster.'
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
  { title: 'Requests by state', metric: metrics.requests, summarise: 'max(valueMax) by bin(timestamp, 5m), tostring(customDimensions.state)' }
  { title: 'Time to approval, s', metric: metrics.approval, summarise: 'mean = sum(valueSum) / sum(valueCount), longest = max(valueMax) by bin(timestamp, 1h)' }
  { title: 'Activation lag, s', metric: metrics.activation, summarise: 'mean = sum(valueSum) / sum(valueCount), longest = max(valueMax) by bin(timestamp, 5m)' }
  { title: 'Revocation lag, s', metric: metrics.revocation, summarise: 'mean = sum(valueSum) / sum(valueCount), longest = max(valueMax) by bin(timestamp, 5m)' }
  { title: 'Grants overdue', metric: metrics.overdue, summarise: 'max(valueMax) by bin(timestamp, 5m)' }
  { title: 'Reconciler findings', metric: metrics.findings, summarise: 'sum(valueSum) by bin(timestamp, 5m), tostring(customDimensions.kind)' }
  { title: 'Since the reconciler finished, s', metric: metrics.reconciled, summarise: 'max(valueMax) by bin(timestamp, 5m)' }
  { title: 'Oldest notice that waits, s', metric: metrics.outbox, summarise: 'max(valueMax) by bin(timestamp, 5m)' }
  { title: 'Ingest gaps', metric: metrics.gaps, summarise: 'max(valueMax) by bin(timestamp, 5m)' }
  { title: 'Stuck orchestrations', metric: metrics.stuck, summarise: 'max(valueMax) by bin(timestamp, 5m)' }
]
