// The choices of an installation, from the azd environment: `azd env set JIT_TIER prod`. README.md explains each. One without a default has to be set.

using 'main.bicep'

param environmentName = readEnvironmentVariable('AZURE_ENV_NAME')
param location = readEnvironmentVariable('AZURE_LOCATION')
param tier = readEnvironmentVariable('JIT_TIER', 'dev')
param durableBackend = readEnvironmentVariable('JIT_DURABLE_BACKEND', 'Storage')
param databaseAdministrators = json(readEnvironmentVariable('JIT_DATABASE_ADMINISTRATORS'))
param audience = readEnvironmentVariable('JIT_AUDIENCE')
param clusters = json(readEnvironmentVariable('JIT_CLUSTERS'))
param graph = bool(readEnvironmentVariable('JIT_GRAPH', 'false'))
param notifications = bool(readEnvironmentVariable('JIT_NOTIFICATIONS', 'false'))
param signCheckpoints = bool(readEnvironmentVariable('JIT_SIGN_CHECKPOINTS', 'false'))
param lockCheckpoints = bool(readEnvironmentVariable('JIT_LOCK_CHECKPOINTS', 'false'))
param alertEmail = readEnvironmentVariable('JIT_ALERT_EMAIL', '')
param allowedAddresses = json(readEnvironmentVariable('JIT_ALLOWED_ADDRESSES', '[]'))
param operatorAddresses = json(readEnvironmentVariable('JIT_OPERATOR_ADDRESSES', '[]'))
param addressPrefix = readEnvironmentVariable('JIT_ADDRESS_PREFIX', '10.71.0.0/23')
