// The function app on a Flex Consumption plan. Its logs go to Application Insights; this plan knows no diagnostic settings.

param name string
param location string
param tags { *: string }
param identityId string
param subnetId string
@description('Where the package is put.')
param packageContainerUri string
param settings { *: string }
param zoneRedundant bool
param alwaysReady int
param maximumInstances int
@description('Who may call the API: address ranges; with none, nobody may, from outside. The deployment endpoint has the same callers.')
param allowedAddresses string[]

resource plan 'Microsoft.Web/serverfarms@2024-11-01' = {
  name: name
  location: location
  tags: tags
  kind: 'functionapp'
  sku: { tier: 'FlexConsumption', name: 'FC1' }
  properties: { reserved: true, zoneRedundant: zoneRedundant }
}

resource app 'Microsoft.Web/sites@2024-11-01' = {
  name: name
  location: location
  tags: union(tags, { 'azd-service-name': 'app' })
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: { '${identityId}': {} }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    keyVaultReferenceIdentity: identityId
    virtualNetworkSubnetId: subnetId
    publicNetworkAccess: empty(allowedAddresses) ? 'Disabled' : 'Enabled'
    functionAppConfig: {
      runtime: { name: 'dotnet-isolated', version: '10.0' }
      deployment: {
        storage: {
          type: 'blobContainer'
          value: packageContainerUri
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: identityId
          }
        }
      }
      scaleAndConcurrency: {
        instanceMemoryMB: 2048
        maximumInstanceCount: maximumInstances
        // The groups that Flex Consumption scales by themselves: a revocation must not wait for a cold start.
        alwaysReady: alwaysReady == 0
          ? []
          : [
              { name: 'http', instanceCount: alwaysReady }
              { name: 'durable', instanceCount: alwaysReady }
            ]
      }
    }
    siteConfig: {
      minTlsVersion: '1.2'
      scmMinTlsVersion: '1.2'
      ftpsState: 'Disabled'
      http20Enabled: true
      ipSecurityRestrictionsDefaultAction: 'Deny'
      ipSecurityRestrictions: [
        for (address, i) in allowedAddresses: {
          name: 'allowed-${i}'
          action: 'Allow'
          priority: 100 + i
          ipAddress: address
        }
      ]
      scmIpSecurityRestrictionsDefaultAction: 'Deny'
      scmIpSecurityRestrictionsUseMain: true
      appSettings: [for setting in items(settings): { name: setting.key, value: setting.value }]
    }
  }

  // Deployment by Entra ID only, never by the passwords that each site has.
  resource ftp 'basicPublishingCredentialsPolicies' = {
    name: 'ftp'
    properties: { allow: false }
  }

  resource scm 'basicPublishingCredentialsPolicies' = {
    name: 'scm'
    properties: { allow: false }
  }
}

output uri string = 'https://${app.properties.defaultHostName}'
