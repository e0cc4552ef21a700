// The dashboard: a workbook with a chart for each signal, made of the same list as the alerts.

import { charts } from '../signals.bicep'

param name string
param location string
param tags { *: string }
param insightsId string

var items = [
  for (chart, i) in charts: {
    type: 3
    name: 'chart-${i}'
    customWidth: '50'
    content: {
      version: 'KqlItem/1.0'
      title: chart.title
      query: 'customMetrics | where name == "${chart.metric}" | summarize ${chart.summarise} | render timechart'
      size: 0
      timeContext: { durationMs: 86400000 }
      queryType: 0
      resourceType: 'microsoft.insights/components'
    }
  }
]

resource workbook 'Microsoft.Insights/workbooks@2023-06-01' = {
  name: guid(resourceGroup().id, name)
  location: location
  tags: tags
  kind: 'shared'
  properties: {
    displayName: name
    category: 'workbook'
    sourceId: insightsId
    version: 'Notebook/1.0'
    serializedData: string({ version: 'Notebook/1.0', items: items, fallbackResourceIds: [insightsId] })
  }
}
