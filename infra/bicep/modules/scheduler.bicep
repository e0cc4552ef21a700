// The Durable Task Scheduler, which keeps the orchestrations. It knows identities only, no keys.

param name string
param location string
param tags { *: string }
param sku 'Consumption' | 'Dedicated'
param capacity int?
param publicNetwork bool
@description('As in host.json.')
param hubName string
param workspaceId string

resource scheduler 'Microsoft.DurableTask/schedulers@2026-02-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    sku: { name: sku, capacity: capacity }
    publicNetworkAccess: publicNetwork ? 'Enabled' : 'Disabled'
    // An empty list lets nobody in. Where there is a public network the app has no address of its own: any may try, with a token.
    ipAllowlist: publicNetwork ? ['0.0.0.0/0'] : []
  }

  resource hub 'taskHubs' = {
    name: hubName
    properties: {}
  }
}

resource log 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'log'
  scope: scheduler
  properties: {
    workspaceId: workspaceId
    logs: [{ categoryGroup: 'allLogs', enabled: true }]
  }
}

output id string = scheduler.id
output endpoint string = scheduler.properties.endpoint
