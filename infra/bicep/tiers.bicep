// What dev leaves out and prod pays for, side by side. Whatever is not here is the same in both.

@export()
@description('dev is cheap and may be lost; prod outlives a zone, and its backups a region.')
type tierName = 'dev' | 'prod'

@export()
@description('A storage account redundancy.')
type redundancy = 'Standard_LRS' | 'Standard_ZRS' | 'Standard_GZRS'

@export()
@sealed()
type tierSizes = {
  @description('Private endpoints, no public network access. Without: service endpoints, and a firewall that lets in the app and operatorAddresses.')
  privateEndpoints: bool
  zoneRedundant: bool
  @description('Instances that never stop, of the HTTP functions and of the durable ones. With 0, a cold start comes before the first answer and before a revocation.')
  alwaysReady: int
  maximumInstances: int
  storage: redundancy
  @description('Of the policies and checkpoints, which cannot be made again.')
  recordStorage: redundancy
  database: {
    sku: string
    sizeTier: 'Burstable' | 'GeneralPurpose'
    storageGB: int
    backupDays: int
    geoRedundantBackup: bool
  }
  scheduler: {
    sku: 'Consumption' | 'Dedicated'
    @description('Three are redundant; Consumption has none.')
    capacity: int?
  }
  logDays: int
  @description('At least so many days a checkpoint cannot be changed or deleted.')
  checkpointDays: int
  @description('Database and checkpoints cannot be deleted before somebody removes the lock. azd down then fails.')
  deleteLock: bool
}

@export()
var tiers {
  dev: tierSizes
  prod: tierSizes
} = {
  dev: {
    privateEndpoints: false
    zoneRedundant: false
    alwaysReady: 0
    maximumInstances: 40
    storage: 'Standard_LRS'
    recordStorage: 'Standard_LRS'
    database: {
      sku: 'Standard_B1ms'
      sizeTier: 'Burstable'
      storageGB: 32
      backupDays: 7
      geoRedundantBackup: false
    }
    scheduler: {
      sku: 'Consumption'
    }
    logDays: 30
    checkpointDays: 1
    deleteLock: false
  }
  prod: {
    privateEndpoints: true
    zoneRedundant: true
    alwaysReady: 2
    maximumInstances: 100
    storage: 'Standard_ZRS'
    recordStorage: 'Standard_GZRS'
    database: {
      sku: 'Standard_D2ds_v5'
      sizeTier: 'GeneralPurpose'
      storageGB: 128
      backupDays: 35
      geoRedundantBackup: true
    }
    scheduler: {
      sku: 'Dedicated'
      capacity: 3
    }
    logDays: 365
    checkpointDays: 730
    deleteLock: true
  }
}
