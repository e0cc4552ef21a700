// The network that the app, the database and whoever operates them are in. From outside, only operators reach a container in `operations`.

param name string
param location string
param tags { *: string }
@description('At least a /23, not used by any network that this one is joined with, such as that of a private cluster.')
param addressPrefix string
@description('From where `az container exec` may reach a container in the subnet operations; none: from nowhere.')
param operatorAddresses string[]

var prefixes = {
  app: cidrSubnet(addressPrefix, 26, 0)
  endpoints: cidrSubnet(addressPrefix, 26, 1)
  database: cidrSubnet(addressPrefix, 28, 8)
  operations: cidrSubnet(addressPrefix, 28, 9)
}

// Who may open connections into each subnet. The members of a database with a standby talk to each other.
var inbound = [
  { subnet: 'app', ports: ['443'], from: [] }
  { subnet: 'endpoints', ports: ['443'], from: [prefixes.app, prefixes.operations] }
  { subnet: 'database', ports: ['5432', '6432'], from: [prefixes.app, prefixes.operations, prefixes.database] }
  // `az container exec` opens a connection of its own to the container group, whatever ports that has:
  // https://learn.microsoft.com/troubleshoot/azure/azure-container-instances/connectivity/web-socket-is-closed-or-could-not-be-opened
  { subnet: 'operations', ports: ['19390'], from: operatorAddresses }
]

resource firewalls 'Microsoft.Network/networkSecurityGroups@2024-07-01' = [
  for rule in inbound: {
    name: '${name}-${rule.subnet}'
    location: location
    tags: tags
    properties: {
      securityRules: concat(
        empty(rule.from)
          ? []
          : [
              {
                name: 'known'
                properties: {
                  priority: 100
                  direction: 'Inbound'
                  access: 'Allow'
                  protocol: 'Tcp'
                  sourceAddressPrefixes: rule.from
                  sourcePortRange: '*'
                  destinationAddressPrefix: '*'
                  destinationPortRanges: rule.ports
                }
              }
            ],
        [
          {
            name: 'nobody-else'
            properties: {
              priority: 4000
              direction: 'Inbound'
              access: 'Deny'
              protocol: '*'
              sourceAddressPrefix: 'VirtualNetwork'
              sourcePortRange: '*'
              destinationAddressPrefix: '*'
              destinationPortRange: '*'
            }
          }
        ]
      )
    }
  }
]

// In dev too: without it a container in the subnet operations has no way out.
resource address 'Microsoft.Network/publicIPAddresses@2024-07-01' = {
  name: '${name}-out'
  location: location
  tags: tags
  sku: { name: 'Standard' }
  properties: { publicIPAllocationMethod: 'Static' }
}

resource gateway 'Microsoft.Network/natGateways@2024-07-01' = {
  name: name
  location: location
  tags: tags
  sku: { name: 'Standard' }
  properties: { publicIpAddresses: [{ id: address.id }] }
}

// The database service adds Microsoft.Storage, where it keeps its logs, by itself if it is not there.
var subnets = [
  {
    name: 'app'
    delegation: 'Microsoft.App/environments'
    outbound: true
    services: ['Microsoft.Storage', 'Microsoft.KeyVault']
  }
  { name: 'endpoints', delegation: '', outbound: false, services: [] }
  {
    name: 'database'
    delegation: 'Microsoft.DBforPostgreSQL/flexibleServers'
    outbound: false
    services: ['Microsoft.Storage']
  }
  {
    name: 'operations'
    delegation: 'Microsoft.ContainerInstance/containerGroups'
    outbound: true
    services: ['Microsoft.Storage', 'Microsoft.KeyVault']
  }
]

resource network 'Microsoft.Network/virtualNetworks@2024-07-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    addressSpace: { addressPrefixes: [addressPrefix] }
    subnets: [
      for (subnet, i) in subnets: {
        name: subnet.name
        properties: {
          addressPrefix: prefixes[subnet.name]
          networkSecurityGroup: { id: firewalls[i].id }
          defaultOutboundAccess: false
          natGateway: subnet.outbound ? { id: gateway.id } : null
          privateEndpointNetworkPolicies: 'Enabled'
          serviceEndpoints: map(subnet.services, service => { service: service })
          delegations: empty(subnet.delegation)
            ? []
            : [{ name: 'only', properties: { serviceName: subnet.delegation } }]
        }
      }
    ]
  }

  resource app 'subnets' existing = { name: 'app' }
  resource endpoints 'subnets' existing = { name: 'endpoints' }
  resource database 'subnets' existing = { name: 'database' }
  resource operations 'subnets' existing = { name: 'operations' }
}

output id string = network.id
output appSubnet string = network::app.id
output endpointSubnet string = network::endpoints.id
output databaseSubnet string = network::database.id
output operationsSubnet string = network::operations.id
@description('The address that clusters with authorised ranges have to let in.')
output outboundAddress string = address.properties.ipAddress
