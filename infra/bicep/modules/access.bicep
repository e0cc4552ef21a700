// All that the app's identity may do in Azure. A test holds this list: nothing else may give it, or anybody, a role.

import { roles } from '../roles.bicep'

param identityName string
param hostStorageName string
param policyStorageName string
param checkpointStorageName string
param vaultName string
param insightsName string
@description('Absent: the orchestrations are in the host storage.')
param scheduler { name: string, hub: string }?
param notifications bool
param signCheckpoints bool

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: identityName
}

resource hostStorage 'Microsoft.Storage/storageAccounts@2025-01-01' existing = {
  name: hostStorageName
}

// What the Functions host documents for AzureWebJobsStorage. Nothing is in there but its leases, its keys and the package.
resource hostBlobs 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(hostStorage.id, identity.id, roles.blobDataOwner)
  scope: hostStorage
  properties: {
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.blobDataOwner)
  }
}

resource hostOrchestrations 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for role in (scheduler == null ? [roles.queueDataContributor, roles.tableDataContributor] : []): {
    name: guid(hostStorage.id, identity.id, role)
    scope: hostStorage
    properties: {
      principalId: identity.properties.principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role)
    }
  }
]

resource durable 'Microsoft.DurableTask/schedulers@2026-02-01' existing = if (scheduler != null) {
  name: scheduler.?name ?? 'none'

  resource hub 'taskHubs' existing = {
    name: scheduler.?hub ?? 'none'
  }
}

resource orchestrations 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (scheduler != null) {
  name: guid(durable::hub.id, identity.id, roles.durableTaskDataContributor)
  scope: durable::hub
  properties: {
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      roles.durableTaskDataContributor
    )
  }
}

resource policyStorage 'Microsoft.Storage/storageAccounts@2025-01-01' existing = {
  name: policyStorageName

  resource blobs 'blobServices' existing = {
    name: 'default'
    resource policies 'containers' existing = { name: 'policies' }
  }
}

// Reads, and no more: the policies say what it may grant.
resource readPolicies 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(policyStorage::blobs::policies.id, identity.id, roles.blobDataReader)
  scope: policyStorage::blobs::policies
  properties: {
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.blobDataReader)
  }
}

resource vault 'Microsoft.KeyVault/vaults@2024-11-01' existing = {
  name: vaultName

  resource checkpointKey 'keys' existing = { name: 'checkpoints' }
}

// On the whole vault, as a secret that is not there yet cannot be named. It has the secrets of notifications and no others.
resource readSecrets 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (notifications) {
  name: guid(vault.id, identity.id, roles.secretsUser)
  scope: vault
  properties: {
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.secretsUser)
  }
}

resource sign 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (signCheckpoints) {
  name: guid(vault::checkpointKey.id, identity.id, roles.cryptoUser)
  scope: vault::checkpointKey
  properties: {
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.cryptoUser)
  }
}

resource checkpointStorage 'Microsoft.Storage/storageAccounts@2025-01-01' existing = {
  name: checkpointStorageName

  resource blobs 'blobServices' existing = {
    name: 'default'
    resource checkpoints 'containers' existing = { name: 'checkpoints' }
  }
}

// The container's immutability takes away what this role has too much: to change and to delete.
resource writeCheckpoints 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (signCheckpoints) {
  name: guid(checkpointStorage::blobs::checkpoints.id, identity.id, roles.blobDataContributor)
  scope: checkpointStorage::blobs::checkpoints
  properties: {
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.blobDataContributor)
  }
}

resource insights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: insightsName
}

resource sendTelemetry 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(insights.id, identity.id, roles.metricsPublisher)
  scope: insights
  properties: {
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.metricsPublisher)
  }
}
