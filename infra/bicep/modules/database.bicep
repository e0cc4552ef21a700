// The event store. It has an address in the network only, and takes Entra ID tokens only. Its schema and the app's role in it are not made here: README.md.

@export()
@sealed()
type administrator = {
  @description('Object id of a group or a person. Prefer a group that is empty but for those who deploy today.')
  objectId: string
  @description('The name by which it signs in to the database.')
  name: string
  type: 'Group' | 'User' | 'ServicePrincipal'
}

param name string
param location string
param tags { *: string }
param subnetId string
param networkId string
param administrators administrator[]
param sku string
param sizeTier 'Burstable' | 'GeneralPurpose'
param storageGB int
param backupDays int
param geoRedundantBackup bool
param zoneRedundant bool
param workspaceId string
param deleteLock bool

resource zone 'Microsoft.Network/privateDnsZones@2024-06-01' = {
  name: '${name}.private.postgres.database.azure.com'
  location: 'global'
  tags: tags

  resource link 'virtualNetworkLinks' = {
    name: 'network'
    location: 'global'
    tags: tags
    properties: {
      registrationEnabled: false
      virtualNetwork: { id: networkId }
    }
  }
}

resource server 'Microsoft.DBforPostgreSQL/flexibleServers@2025-08-01' = {
  name: name
  location: location
  tags: tags
  dependsOn: [zone::link]
  sku: { name: sku, tier: sizeTier }
  properties: {
    version: '17'
    authConfig: {
      activeDirectoryAuth: 'Enabled'
      passwordAuth: 'Disabled'
      tenantId: tenant().tenantId
    }
    network: {
      delegatedSubnetResourceId: subnetId
      privateDnsZoneArmResourceId: zone.id
      publicNetworkAccess: 'Disabled'
    }
    storage: { storageSizeGB: storageGB, autoGrow: 'Enabled' }
    backup: {
      backupRetentionDays: backupDays
      geoRedundantBackup: geoRedundantBackup ? 'Enabled' : 'Disabled'
    }
    highAvailability: { mode: zoneRedundant ? 'ZoneRedundant' : 'Disabled' }
  }

  resource database 'databases' = {
    name: 'jit'
    properties: { charset: 'UTF8', collation: 'en_US.utf8' }
  }
}

// The server takes one change at a time.
@batchSize(1)
resource administrations 'Microsoft.DBforPostgreSQL/flexibleServers/administrators@2025-08-01' = [
  for administrator in administrators: {
    parent: server
    name: administrator.objectId
    dependsOn: [server::database]
    properties: {
      principalName: administrator.name
      principalType: administrator.type
      tenantId: tenant().tenantId
    }
  }
]

// Whoever changes tables or roles, or gives themselves rights, leaves a line in the log.
var parameters = [
  { name: 'require_secure_transport', value: 'on' }
  { name: 'ssl_min_protocol_version', value: 'TLSv1.2' }
  { name: 'azure.extensions', value: 'pgaudit' }
  { name: 'shared_preload_libraries', value: 'pgaudit' }
  { name: 'pgaudit.log', value: 'ddl,role' }
]

@batchSize(1)
resource configuration 'Microsoft.DBforPostgreSQL/flexibleServers/configurations@2025-08-01' = [
  for parameter in parameters: {
    parent: server
    name: parameter.name
    dependsOn: [administrations]
    properties: { value: parameter.value, source: 'user-override' }
  }
]

resource log 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'log'
  scope: server
  properties: {
    workspaceId: workspaceId
    logs: [{ category: 'PostgreSQLLogs', enabled: true }]
    metrics: [{ category: 'AllMetrics', enabled: true }]
  }
}

resource lock 'Microsoft.Authorization/locks@2020-05-01' = if (deleteLock) {
  name: 'keep'
  scope: server
  properties: {
    level: 'CanNotDelete'
    notes: 'The event store is the truth of what was granted.'
  }
}

output host string = server.properties.fullyQualifiedDomainName
output databaseName string = server::database.name
