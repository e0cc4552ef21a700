// One storage account: no keys, no anonymous reader, versions and a log of who read and wrote.

import { redundancy } from '../tiers.bicep'

@export()
@sealed()
type immutability = {
  @description('Days after its creation in which a blob can be neither changed nor deleted, by anybody.')
  days: int
  @description('Cannot be undone, nor can the account then be deleted before its last blob has come of age. Azure accepts it only for an account that exists already.')
  locked: bool
}

param name string
param location string
param tags { *: string }
param sku redundancy
param containers string[]
param immutable immutability?
@description('Whose addresses and subnets get in from outside the private endpoints.')
param publicNetwork bool
param subnetIds string[]
param operatorAddresses string[]
param workspaceId string
param deleteLock bool

resource account 'Microsoft.Storage/storageAccounts@2025-01-01' = {
  name: name
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: { name: sku }
  properties: {
    allowSharedKeyAccess: false
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    defaultToOAuthAuthentication: true
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
    publicNetworkAccess: publicNetwork ? 'Enabled' : 'Disabled'
    networkAcls: {
      defaultAction: 'Deny'
      bypass: 'None'
      virtualNetworkRules: [for id in subnetIds: { id: id, action: 'Allow' }]
      ipRules: [for address in operatorAddresses: { value: address, action: 'Allow' }]
    }
    immutableStorageWithVersioning: immutable == null
      ? null
      : {
          enabled: true
          immutabilityPolicy: {
            state: immutable!.locked ? 'Locked' : 'Unlocked'
            immutabilityPeriodSinceCreationInDays: immutable!.days
            allowProtectedAppendWrites: false
          }
        }
  }

  resource blobs 'blobServices' = {
    name: 'default'
    properties: {
      isVersioningEnabled: true
      deleteRetentionPolicy: { enabled: true, days: 30 }
      containerDeleteRetentionPolicy: { enabled: true, days: 30 }
    }

    resource each 'containers' = [
      for container in containers: {
        name: container
        properties: { publicAccess: 'None' }
      }
    ]
  }
}

resource log 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'log'
  scope: account::blobs
  properties: {
    workspaceId: workspaceId
    logs: [
      { category: 'StorageRead', enabled: true }
      { category: 'StorageWrite', enabled: true }
      { category: 'StorageDelete', enabled: true }
    ]
  }
}

resource lock 'Microsoft.Authorization/locks@2020-05-01' = if (deleteLock) {
  name: 'keep'
  scope: account
  properties: {
    level: 'CanNotDelete'
    notes: 'What is in here cannot be made again.'
  }
}

output id string = account.id
output blobEndpoint string = account.properties.primaryEndpoints.blob
