using System.Text.Json;

namespace JitFunctions.Infrastructure.Tests;

public sealed class NetworkTests
{
    [Theory]
    [MemberData(nameof(AzureInstallation.All), MemberType = typeof(AzureInstallation))]
    public void The_database_has_an_address_in_the_network_only(string installation)
    {
        var server = AzureInstallation.Named(installation).Single("Microsoft.DBforPostgreSQL/flexibleServers");
        Assert.Equal("Disabled", server["properties.network.publicNetworkAccess"]);
        Assert.EndsWith(
            "/subnets/database",
            server["properties.network.delegatedSubnetResourceId"],
            StringComparison.Ordinal
        );
        Assert.Empty(
            AzureInstallation.Named(installation).Of("Microsoft.DBforPostgreSQL/flexibleServers/firewallRules")
        );
    }

    [Theory]
    [InlineData(nameof(AzureInstallation.Prod))]
    [InlineData(nameof(AzureInstallation.Full), "Microsoft.Web/sites")]
    [InlineData(nameof(AzureInstallation.OnScheduler))]
    public void In_prod_nothing_but_the_API_can_be_public_and_only_where_addresses_are_named(
        string installation,
        params string[] expected
    )
    {
        var open = AzureInstallation
            .Named(installation)
            .Resources.Where(resource => resource["properties.publicNetworkAccess"] is not null and not "Disabled");
        Assert.Equal(expected, open.Select(resource => resource.Type));
        // A type that can be public and says nothing is public.
        foreach (var type in (string[])["Microsoft.Storage/storageAccounts", "Microsoft.KeyVault/vaults"])
            Assert.Each(
                AzureInstallation.Named(installation).Of(type),
                resource => Assert.Equal("Disabled", resource["properties.publicNetworkAccess"])
            );
        // Most have none.
        Assert.All(
            AzureInstallation.Named(installation).Of("Microsoft.DurableTask/schedulers"),
            scheduler =>
            {
                Assert.Equal("Disabled", scheduler["properties.publicNetworkAccess"]);
                Assert.Equal("[]", scheduler["properties.ipAllowlist"]);
            },
            throwIfEmpty: false
        );
    }

    [Theory]
    [MemberData(nameof(AzureInstallation.All), MemberType = typeof(AzureInstallation))]
    public void Storage_and_vault_turn_away_whoever_is_not_named(string installation)
    {
        foreach (var type in (string[])["Microsoft.Storage/storageAccounts", "Microsoft.KeyVault/vaults"])
        {
            Assert.NotEmpty(AzureInstallation.Named(installation).Of(type));
            Assert.Each(
                AzureInstallation.Named(installation).Of(type),
                resource => Assert.Equal("Deny", resource["properties.networkAcls.defaultAction"])
            );
        }
    }

    [Theory]
    [InlineData(nameof(AzureInstallation.Prod), "blob blob blob queue table vault")]
    [InlineData(nameof(AzureInstallation.OnScheduler), "blob blob blob scheduler vault")]
    [InlineData(nameof(AzureInstallation.Dev), "")]
    public void What_has_no_public_address_has_a_private_one_and_a_name_for_it(string installation, string groups)
    {
        var endpoints = AzureInstallation.Named(installation).Of("Microsoft.Network/privateEndpoints");
        var connections = endpoints
            .Select(endpoint => endpoint.At("properties.privateLinkServiceConnections")![0]!["properties"]!)
            .ToList();
        Assert.Equal(
            groups,
            string.Join(' ', connections.Select(connection => (string)connection["groupIds"]![0]!).Order())
        );
        Assert.Equal(
            endpoints.Count,
            connections
                .Select(connection => $"{connection["privateLinkServiceId"]} {connection["groupIds"]![0]}")
                .Distinct()
                .Count()
        );
        Assert.Equal(
            endpoints.Count,
            AzureInstallation.Named(installation).Of("Microsoft.Network/privateEndpoints/privateDnsZoneGroups").Count
        );
    }

    [Theory]
    [MemberData(nameof(AzureInstallation.All), MemberType = typeof(AzureInstallation))]
    public void Every_subnet_has_a_security_group_that_ends_with_a_deny_rule(string installation)
    {
        var firewalls = AzureInstallation
            .Named(installation)
            .Of("Microsoft.Network/networkSecurityGroups")
            .ToDictionary(firewall => firewall.Id);
        var subnets = AzureInstallation
            .Named(installation)
            .Single("Microsoft.Network/virtualNetworks")
            .At("properties.subnets")!
            .AsArray();
        Assert.Equal(4, subnets.Count);
        Assert.Each(
            subnets,
            subnet =>
            {
                var rules = firewalls[(string)subnet!["properties"]!["networkSecurityGroup"]!["id"]!]
                    .At("properties.securityRules")!
                    .AsArray();
                Assert.Equal(
                    ("Inbound", "Deny", "*"),
                    (
                        (string?)rules[^1]!["properties"]!["direction"],
                        (string?)rules[^1]!["properties"]!["access"],
                        (string?)rules[^1]!["properties"]!["protocol"]
                    )
                );
                Assert.DoesNotContain(rules.SkipLast(1), rule => rule!["properties"]!["sourceAddressPrefixes"] is null);
            }
        );
    }

    [Theory]
    [MemberData(nameof(AzureInstallation.All), MemberType = typeof(AzureInstallation))]
    public void The_app_and_its_operators_have_a_way_out_and_nobody_else_has(string installation)
    {
        var gateway = AzureInstallation.Named(installation).Single("Microsoft.Network/natGateways");
        var subnets = AzureInstallation
            .Named(installation)
            .Single("Microsoft.Network/virtualNetworks")
            .At("properties.subnets")!
            .AsArray();
        Assert.Each(
            subnets,
            subnet =>
            {
                var wayOut = (string)subnet!["name"]! is "app" or "operations" ? gateway.Id : null;
                Assert.Equal(wayOut, (string?)subnet["properties"]!["natGateway"]?["id"]);
                Assert.False((bool)subnet["properties"]!["defaultOutboundAccess"]!);
            }
        );
    }

    [Fact]
    public void The_network_has_the_addresses_that_were_chosen() =>
        Assert.Equal(
            "10.9.0.0/23",
            (string?)
                Assert.Single(
                    AzureInstallation
                        .With("JIT_ADDRESS_PREFIX=10.9.0.0/23")
                        .Single("Microsoft.Network/virtualNetworks")
                        .At("properties.addressSpace.addressPrefixes")!
                        .AsArray()
                )
        );

    [Theory]
    [InlineData("", "Disabled")]
    [InlineData("192.0.2.0/24", "Enabled")]
    [InlineData("0.0.0.0/0", "Enabled")]
    public void The_API_and_its_deployment_are_for_the_named_addresses_and_from_outside_for_nobody_else(
        string address,
        string access
    )
    {
        string[] named = address is "" ? [] : [address];
        var choice = $"JIT_ALLOWED_ADDRESSES={JsonSerializer.Serialize(named)}";
        var site = AzureInstallation.With(choice).Single("Microsoft.Web/sites");
        Assert.Equal(access, site["properties.publicNetworkAccess"]);
        Assert.Equal("Deny", site["properties.siteConfig.ipSecurityRestrictionsDefaultAction"]);
        Assert.Equal("Deny", site["properties.siteConfig.scmIpSecurityRestrictionsDefaultAction"]);
        Assert.Equal("true", site["properties.siteConfig.scmIpSecurityRestrictionsUseMain"]);
        var restrictions = site.At("properties.siteConfig.ipSecurityRestrictions")!.AsArray();
        Assert.Equal(
            named.Select(range => $"Allow {range}"),
            restrictions.Select(rule => $"{rule!["action"]} {rule["ipAddress"]}")
        );
    }

    [Theory]
    [InlineData(nameof(AzureInstallation.Dev))]
    [InlineData(nameof(AzureInstallation.Prod))]
    public void Where_no_addresses_are_named_the_API_is_for_nobody_outside(string installation)
    {
        var site = AzureInstallation.Named(installation).Single("Microsoft.Web/sites");
        Assert.Equal("Disabled", site["properties.publicNetworkAccess"]);
        Assert.Equal("Deny", site["properties.siteConfig.ipSecurityRestrictionsDefaultAction"]);
    }

    // `az container exec` needs it, by which the schema is made.
    [Theory]
    [InlineData(nameof(AzureInstallation.Full), "198.51.100.1")]
    [InlineData(nameof(AzureInstallation.Prod))]
    [InlineData(nameof(AzureInstallation.Dev))]
    public void Operators_and_nobody_else_reach_the_shell_of_a_container(string installation, params string[] operators)
    {
        var firewall = Assert.Single(
            AzureInstallation.Named(installation).Of("Microsoft.Network/networkSecurityGroups"),
            group => group.Name.EndsWith("-operations", StringComparison.Ordinal)
        );
        var allowed = firewall
            .At("properties.securityRules")!
            .AsArray()
            .Select(rule => rule!["properties"]!)
            .Where(rule => (string?)rule["access"] == "Allow")
            .ToList();
        Assert.Equal(
            operators,
            allowed.SelectMany(rule => rule["sourceAddressPrefixes"]!.AsArray()).Select(prefix => (string?)prefix)
        );
        // None where no operators are named.
        Assert.All(
            allowed,
            rule =>
            {
                Assert.Equal(("Inbound", "Tcp"), ((string?)rule["direction"], (string?)rule["protocol"]));
                Assert.Equal("19390", (string?)Assert.Single(rule["destinationPortRanges"]!.AsArray()));
            },
            throwIfEmpty: false
        );
    }
}
