// Who is told when the signals say so. Without an address the rules are there and show in the portal, and nobody is told.

import { alertRules, metrics, schedules } from '../signals.bicep'

param name string
param location string
param tags { *: string }
param insightsId string
@description('Empty: nobody is told.')
param email string

func ofKinds(kinds string[]?) string =>
  kinds == null ? '' : ' and tostring(customDimensions.kind) in ("${join(kinds!, '", "')}")'

resource people 'Microsoft.Insights/actionGroups@2023-01-01' = if (!empty(email)) {
  name: name
  location: 'global'
  tags: tags
  properties: {
    enabled: true
    groupShortName: 'jit-access'
    emailReceivers: [{ name: 'operators', emailAddress: email, useCommonAlertSchema: true }]
  }
}

resource rules 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [
  for rule in alertRules: {
    name: '${name}-${rule.name}'
    location: location
    tags: tags
    properties: {
      displayName: rule.title
      description: rule.description
      severity: rule.severity
      enabled: true
      scopes: [insightsId]
      evaluationFrequency: 'PT5M'
      // What is counted once has to be seen once: it may arrive minutes late, and no later look goes back for it.
      windowSize: rule.metric == metrics.findings ? 'PT15M' : 'PT5M'
      autoMitigate: true
      criteria: {
        allOf: [
          {
            query: 'customMetrics | where name == "${rule.metric}"${ofKinds(rule.?kinds)} | ${rule.level}'
            metricMeasureColumn: 'level'
            timeAggregation: 'Maximum'
            operator: 'GreaterThan'
            threshold: rule.above
            failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 }
          }
        ]
      }
      actions: { actionGroups: empty(email) ? [] : [people.id] }
    }
  }
]

// The other rules are silent when nothing is measured at all.
resource silence 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = {
  name: '${name}-silence'
  location: location
  tags: tags
  properties: {
    displayName: 'The app says nothing of a schedule'
    description: 'For 15 minutes a schedule was reported by no instance: none has finished it since it started, the app is down, or its telemetry does not arrive.'
    severity: 0
    enabled: true
    scopes: [insightsId]
    evaluationFrequency: 'PT5M'
    windowSize: 'PT15M'
    autoMitigate: true
    criteria: {
      allOf: [
        {
          // One row even of nothing, with zero in it.
          query: 'customMetrics | where name == "${metrics.lastRun}" | summarize level = dcount(tostring(customDimensions.schedule))'
          metricMeasureColumn: 'level'
          timeAggregation: 'Minimum'
          operator: 'LessThan'
          threshold: schedules
          failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 }
        }
      ]
    }
    actions: { actionGroups: empty(email) ? [] : [people.id] }
  }
}
