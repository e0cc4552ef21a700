// All that an installation needs in Azure, in one resource group. README.md says what a person has to do beside it.

targetScope = 'subscription'

import { tierName, tiers } from 'tiers.bicep'
import { administrator } from 'modules/database.bicep'
import { cluster } from 'modules/settings.bicep'

@description('Names the installation.')
@minLength(1)
@maxLength(32)
param environmentName string

param location string
param tier tierName

@description('Who administers the database, and makes its schema and the role of the app.')
@minLength(1)
param databaseAdministrators administrator[]

@description('The app registration whose tokens people bring: its application (client) id, which is what they name.')
@minLength(1)
param audience string

@description('Who issues them.')
param authority string = '${environment().authentication.loginEndpoint}${tenant().tenantId}/v2.0'

@description('By the names that policies use.')
param clusters { *: cluster }

@description('Where orchestrations are kept: the storage account that the host needs anyway, or the Durable Task Scheduler, with which no test has run. Between them nothing is carried over.')
param durableBackend 'Scheduler' | 'Storage' = 'Storage'

@description('Asks Microsoft Graph who is in which group, for which the identity needs two permissions that this template cannot give.')
param graph bool = false

@description('Sends notices; their address and secret are in the vault, put there by hand.')
param notifications bool = false

@description('Lets the app sign checkpoints and write them.')
param signCheckpoints bool = false

@description('For good. Azure accepts it from the second deployment on.')
param lockCheckpoints bool = false

@description('Whom alerts go to; empty: nobody.')
param alertEmail string = ''

@description('Address ranges that may call the API and deploy the app; none: nobody may, from outside. 0.0.0.0/0 is everybody.')
param allowedAddresses string[] = []

@description('Addresses from which policies and secrets are put in place, in dev only, as prod has no public address for them; and from which a container in the subnet operations is reached.')
param operatorAddresses string[] = []

@description('At least a /23 that no joined network uses.')
param addressPrefix string = '10.71.0.0/23'

var size = tiers[tier]
var token = uniqueString(subscription().id, environmentName, location)
var name = 'jit-${token}'
var hostStorageName = 'jit${token}'
var policyStorageName = 'jitpol${token}'
var checkpointStorageName = 'jitchk${token}'
var tags = { 'azd-env-name': environmentName }
// As in host.json.
var hubName = 'jitaccess'

resource group 'Microsoft.Resources/resourceGroups@2024-11-01' = {
  name: 'rg-${environmentName}'
  location: location
  tags: tags
}

module identity 'modules/identity.bicep' = {
  scope: group
  params: { name: name, location: location, tags: tags }
}

module network 'modules/network.bicep' = {
  scope: group
  params: {
    name: name
    location: location
    tags: tags
    addressPrefix: addressPrefix
    operatorAddresses: operatorAddresses
  }
}

module monitoring 'modules/monitoring.bicep' = {
  scope: group
  params: { name: name, location: location, tags: tags, logDays: size.logDays }
}

module alerts 'modules/alerts.bicep' = {
  scope: group
  params: { name: name, location: location, tags: tags, insightsId: monitoring.outputs.insightsId, email: alertEmail }
}

module dashboard 'modules/dashboard.bicep' = {
  scope: group
  params: { name: name, location: location, tags: tags, insightsId: monitoring.outputs.insightsId }
}

module database 'modules/database.bicep' = {
  scope: group
  params: {
    name: name
    location: location
    tags: tags
    subnetId: network.outputs.databaseSubnet
    networkId: network.outputs.id
    administrators: databaseAdministrators
    sku: size.database.sku
    sizeTier: size.database.sizeTier
    storageGB: size.database.storageGB
    backupDays: size.database.backupDays
    geoRedundantBackup: size.database.geoRedundantBackup
    zoneRedundant: size.zoneRedundant
    workspaceId: monitoring.outputs.workspaceId
    deleteLock: size.deleteLock
  }
}

module hostStorage 'modules/storage.bicep' = {
  scope: group
  params: {
    name: hostStorageName
    location: location
    tags: tags
    sku: size.storage
    containers: ['package']
    publicNetwork: !size.privateEndpoints
    subnetIds: [network.outputs.appSubnet]
    operatorAddresses: []
    workspaceId: monitoring.outputs.workspaceId
    deleteLock: false
  }
}

// Apart from the host's, in which the app may write: it must not be able to write its own policies.
module policyStorage 'modules/storage.bicep' = {
  scope: group
  params: {
    name: policyStorageName
    location: location
    tags: tags
    sku: size.recordStorage
    containers: ['policies']
    publicNetwork: !size.privateEndpoints
    subnetIds: [network.outputs.appSubnet, network.outputs.operationsSubnet]
    operatorAddresses: operatorAddresses
    workspaceId: monitoring.outputs.workspaceId
    deleteLock: false
  }
}

module checkpointStorage 'modules/storage.bicep' = {
  scope: group
  params: {
    name: checkpointStorageName
    location: location
    tags: tags
    sku: size.recordStorage
    containers: ['checkpoints']
    immutable: { days: size.checkpointDays, locked: lockCheckpoints }
    publicNetwork: !size.privateEndpoints
    subnetIds: [network.outputs.appSubnet, network.outputs.operationsSubnet]
    operatorAddresses: operatorAddresses
    workspaceId: monitoring.outputs.workspaceId
    deleteLock: size.deleteLock
  }
}

module vault 'modules/vault.bicep' = {
  scope: group
  params: {
    name: name
    location: location
    tags: tags
    publicNetwork: !size.privateEndpoints
    subnetIds: [network.outputs.appSubnet, network.outputs.operationsSubnet]
    operatorAddresses: operatorAddresses
    workspaceId: monitoring.outputs.workspaceId
  }
}

module scheduler 'modules/scheduler.bicep' = if (durableBackend == 'Scheduler') {
  scope: group
  params: {
    name: name
    location: location
    tags: tags
    sku: size.scheduler.sku
    capacity: size.scheduler.?capacity
    publicNetwork: !size.privateEndpoints
    hubName: hubName
    workspaceId: monitoring.outputs.workspaceId
  }
}

module endpoints 'modules/privateEndpoints.bicep' = if (size.privateEndpoints) {
  scope: group
  params: {
    location: location
    tags: tags
    networkId: network.outputs.id
    subnetId: network.outputs.endpointSubnet
    endpoints: concat(
      [
        { name: '${name}-host-blob', resourceId: hostStorage.outputs.id, group: 'blob' }
        { name: '${name}-policies', resourceId: policyStorage.outputs.id, group: 'blob' }
        { name: '${name}-checkpoints', resourceId: checkpointStorage.outputs.id, group: 'blob' }
        { name: '${name}-vault', resourceId: vault.outputs.id, group: 'vault' }
      ],
      durableBackend == 'Scheduler'
        ? [{ name: '${name}-scheduler', resourceId: scheduler!.outputs.id, group: 'scheduler' }]
        : [
            { name: '${name}-host-queue', resourceId: hostStorage.outputs.id, group: 'queue' }
            { name: '${name}-host-table', resourceId: hostStorage.outputs.id, group: 'table' }
          ]
    )
  }
}

module access 'modules/access.bicep' = {
  scope: group
  // Names are all that it takes, so that it can be told beforehand what it will give.
  dependsOn: [identity, hostStorage, policyStorage, checkpointStorage, vault, monitoring, scheduler]
  params: {
    identityName: name
    hostStorageName: hostStorageName
    policyStorageName: policyStorageName
    checkpointStorageName: checkpointStorageName
    vaultName: name
    insightsName: name
    scheduler: durableBackend == 'Scheduler' ? { name: name, hub: hubName } : null
    notifications: notifications
    signCheckpoints: signCheckpoints
  }
}

module settings 'modules/settings.bicep' = {
  scope: group
  params: {
    environmentName: environmentName
    clientId: identity.outputs.clientId
    hostStorageName: hostStorageName
    scheduler: durableBackend == 'Scheduler' ? { endpoint: scheduler!.outputs.endpoint, hub: hubName } : null
    database: { host: database.outputs.host, name: database.outputs.databaseName, user: name }
    authority: authority
    audience: audience
    policyContainer: '${policyStorage.outputs.blobEndpoint}policies'
    clusters: clusters
    graph: graph
    notifications: notifications
    vaultUri: vault.outputs.uri
    telemetry: monitoring.outputs.connectionString
  }
}

module app 'modules/app.bicep' = {
  scope: group
  // It starts as soon as it is there, and must be let in everywhere by then.
  dependsOn: [access, endpoints]
  params: {
    name: name
    location: location
    tags: tags
    identityId: identity.outputs.id
    subnetId: network.outputs.appSubnet
    packageContainerUri: '${hostStorage.outputs.blobEndpoint}package'
    zoneRedundant: size.zoneRedundant
    alwaysReady: size.alwaysReady
    maximumInstances: size.maximumInstances
    allowedAddresses: allowedAddresses
    settings: settings.outputs.settings
  }
}

@description('azd reads these, and so does whoever follows README.md. None is a secret.')
output AZURE_RESOURCE_GROUP string = group.name
output JIT_API string = app.outputs.uri
output JIT_IDENTITY_NAME string = name
output JIT_IDENTITY_OBJECT_ID string = identity.outputs.principalId
output JIT_DATABASE_HOST string = database.outputs.host
output JIT_OPERATIONS_SUBNET string = network.outputs.operationsSubnet
output JIT_OUTBOUND_ADDRESS string = network.outputs.outboundAddress
output JIT_POLICY_STORAGE string = policyStorageName
output JIT_VAULT string = name
