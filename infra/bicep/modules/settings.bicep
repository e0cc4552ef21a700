// The settings of the app and of the Functions host, by the names that docs/hosting.md has for them. It makes nothing; it is
// apart from the app so that a test can read what comes out. No secret is among them, only where the vault has it.

@export()
@sealed()
@description('An AKS cluster with Entra ID. Neither is a secret: both are in every kubeconfig of that cluster.')
type cluster = {
  server: string
  certificateAuthorityData: string
  usernamePrefix: string?
  groupsPrefix: string?
  credentialNamespace: string?
  reaperNamespace: string?
  publicServer: string?
}

param environmentName string
param clientId string
param hostStorageName string
@description('Absent: the orchestrations are in the host storage.')
param scheduler { endpoint: string, hub: string }?
param database { host: string, name: string, user: string }
param authority string
param audience string
param policyContainer string
param clusters { *: cluster }
param graph bool
param notifications bool
param vaultUri string
param telemetry string

var durable = scheduler == null
  ? { AzureFunctionsJobHost__extensions__durableTask__storageProvider__type: 'AzureStorage' }
  : {
      AzureFunctionsJobHost__extensions__durableTask__storageProvider__type: 'azureManaged'
      AzureFunctionsJobHost__extensions__durableTask__storageProvider__connectionStringName: 'DURABLE_TASK_SCHEDULER_CONNECTION_STRING'
      DURABLE_TASK_SCHEDULER_CONNECTION_STRING: 'Endpoint=${scheduler!.endpoint};TaskHub=${scheduler!.hub};Authentication=ManagedIdentity;ClientID=${clientId}'
    }

var app = {
  AzureWebJobsStorage__accountName: hostStorageName
  AzureWebJobsStorage__credential: 'managedidentity'
  AzureWebJobsStorage__clientId: clientId
  APPLICATIONINSIGHTS_CONNECTION_STRING: telemetry
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${clientId};Authorization=AAD'
  OTEL_SERVICE_NAME: 'jit-access'
  OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=${environmentName}'
  ConnectionStrings__Postgres: 'Host=${database.host};Database=${database.name};Username=${database.user};SSL Mode=VerifyFull'
  Postgres__ManagedIdentityClientId: clientId
  Authentication__Authority: authority
  Authentication__Audience: audience
  Policies__Container: policyContainer
  Policies__ManagedIdentityClientId: clientId
  ReconcilerSchedule: '0 * * * * *'
}

var directory = {
  Directory__Graph__Endpoint: 'https://graph.microsoft.com'
  Directory__Graph__ManagedIdentityClientId: clientId
}

// Both are secrets, as the address may hold a key of the receiver's.
var webhook = {
  Notifications__Webhook: '@Microsoft.KeyVault(SecretUri=${vaultUri}secrets/notifications-webhook)'
  Notifications__Secret: '@Microsoft.KeyVault(SecretUri=${vaultUri}secrets/notifications-secret)'
}

// App Service takes letters, digits, '.' and '_' in the name of a setting, and no cluster has an underscore in its name.
func prefix(clusterName string) string => 'Clusters__${replace(clusterName, '-', '_')}__'

func optional(name string, value string?) { *: string } => value == null ? {} : { '${name}': value! }

func clusterSettings(name string, value cluster, clientId string) { *: string } =>
  union(
    {
      '${prefix(name)}Aks__Server': value.server
      '${prefix(name)}Aks__CertificateAuthorityData': value.certificateAuthorityData
      '${prefix(name)}Aks__ManagedIdentityClientId': clientId
    },
    contains(name, '-') ? { '${prefix(name)}Name': name } : {},
    optional('${prefix(name)}UsernamePrefix', value.?usernamePrefix),
    optional('${prefix(name)}GroupsPrefix', value.?groupsPrefix),
    optional('${prefix(name)}CredentialNamespace', value.?credentialNamespace),
    optional('${prefix(name)}ReaperNamespace', value.?reaperNamespace),
    optional('${prefix(name)}PublicServer', value.?publicServer)
  )

output settings { *: string } = union(
  app,
  durable,
  graph ? directory : {},
  notifications ? webhook : {},
  reduce(items(clusters), {}, (all, entry) => union(all, clusterSettings(entry.key, entry.value, clientId)))
)
