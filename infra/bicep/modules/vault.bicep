// Keys and secrets. The key that signs checkpoints never leaves it; the secrets are put there by hand and by nobody else.

param name string
param location string
param tags { *: string }
param publicNetwork bool
param subnetIds string[]
param operatorAddresses string[]
param workspaceId string

resource vault 'Microsoft.KeyVault/vaults@2024-11-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    tenantId: tenant().tenantId
    sku: { family: 'A', name: 'standard' }
    enableRbacAuthorization: true
    enableSoftDelete: true
    softDeleteRetentionInDays: 90
    enablePurgeProtection: true
    publicNetworkAccess: publicNetwork ? 'Enabled' : 'Disabled'
    networkAcls: {
      defaultAction: 'Deny'
      // Deployments through Azure Resource Manager make the key.
      bypass: 'AzureServices'
      virtualNetworkRules: [for id in subnetIds: { id: id }]
      ipRules: [for address in operatorAddresses: { value: address }]
    }
  }
}

resource checkpointKey 'Microsoft.KeyVault/vaults/keys@2024-11-01' = {
  parent: vault
  name: 'checkpoints'
  tags: tags
  properties: {
    kty: 'EC'
    curveName: 'P-256'
    keyOps: ['sign', 'verify']
    attributes: { enabled: true, exportable: false }
  }
}

resource log 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'log'
  scope: vault
  properties: {
    workspaceId: workspaceId
    logs: [{ category: 'AuditEvent', enabled: true }]
  }
}

output id string = vault.id
output uri string = vault.properties.vaultUri
