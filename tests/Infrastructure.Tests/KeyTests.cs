using System.Text.RegularExpressions;

namespace JitFunctions.Infrastructure.Tests;

/// <summary>Who comes has an Entra ID token, over TLS. There are no keys and no passwords to lose.</summary>
public sealed partial class KeyTests
{
    [Theory]
    [MemberData(nameof(AzureInstallation.All), MemberType = typeof(AzureInstallation))]
    public void No_storage_account_takes_keys_or_strangers(string installation)
    {
        var accounts = AzureInstallation.Named(installation).Of("Microsoft.Storage/storageAccounts");
        Assert.Equal(3, accounts.Count);
        Assert.Each(
            accounts,
            account =>
            {
                Assert.Equal("false", account["properties.allowSharedKeyAccess"]);
                Assert.Equal("false", account["properties.allowBlobPublicAccess"]);
                Assert.Equal("true", account["properties.supportsHttpsTrafficOnly"]);
            }
        );
        Assert.Each(
            AzureInstallation.Named(installation).Of("Microsoft.Storage/storageAccounts/blobServices/containers"),
            container => Assert.Equal("None", container["properties.publicAccess"])
        );
    }

    [Theory]
    [MemberData(nameof(AzureInstallation.All), MemberType = typeof(AzureInstallation))]
    public void The_database_takes_tokens_and_no_passwords(string installation)
    {
        var server = AzureInstallation.Named(installation).Single("Microsoft.DBforPostgreSQL/flexibleServers");
        Assert.Equal(
            ("Enabled", "Disabled"),
            (server["properties.authConfig.activeDirectoryAuth"], server["properties.authConfig.passwordAuth"])
        );
        Assert.Null(server.At("properties.administratorLogin"));
        Assert.Null(server.At("properties.administratorLoginPassword"));
        Assert.EndsWith(
            "/00000000-0000-0000-0000-0000000000aa",
            AzureInstallation
                .Named(installation)
                .Single("Microsoft.DBforPostgreSQL/flexibleServers/administrators")
                .Name,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [MemberData(nameof(AzureInstallation.All), MemberType = typeof(AzureInstallation))]
    public void Telemetry_vault_and_deployment_take_tokens_only(string installation)
    {
        Assert.Equal(
            "true",
            AzureInstallation.Named(installation).Single("Microsoft.Insights/components")["properties.DisableLocalAuth"]
        );
        Assert.Equal(
            "true",
            AzureInstallation.Named(installation).Single("Microsoft.OperationalInsights/workspaces")[
                "properties.features.disableLocalAuth"
            ]
        );
        Assert.Equal(
            "true",
            AzureInstallation.Named(installation).Single("Microsoft.KeyVault/vaults")[
                "properties.enableRbacAuthorization"
            ]
        );
        var credentials = AzureInstallation
            .Named(installation)
            .Of("Microsoft.Web/sites/basicPublishingCredentialsPolicies");
        Assert.Equal(
            ["ftp", "scm"],
            credentials
                .Select(policy => policy.Name[(policy.Name.IndexOf('/', StringComparison.Ordinal) + 1)..])
                .Order()
        );
        Assert.Each(credentials, policy => Assert.Equal("false", policy["properties.allow"]));
    }

    [Fact]
    public void No_template_asks_Azure_for_a_key()
    {
        var all = BicepCompiler.Build(Path.Combine(BicepCompiler.Templates, "main.bicep")).ToJsonString();
        Assert.Contains("Microsoft.Storage/storageAccounts", all, StringComparison.Ordinal);
        Assert.DoesNotMatch(KeyFunction(), all);
    }

    [Theory]
    [MemberData(nameof(AzureInstallation.All), MemberType = typeof(AzureInstallation))]
    public void Nothing_speaks_less_than_TLS_1_2(string installation)
    {
        var resources = AzureInstallation.Named(installation);
        Assert.Each(
            resources.Of("Microsoft.Storage/storageAccounts"),
            account => Assert.Equal("TLS1_2", account["properties.minimumTlsVersion"])
        );
        var site = resources.Single("Microsoft.Web/sites");
        Assert.Equal(
            ("1.2", "1.2"),
            (site["properties.siteConfig.minTlsVersion"], site["properties.siteConfig.scmMinTlsVersion"])
        );
        Assert.Equal(("true", "Disabled"), (site["properties.httpsOnly"], site["properties.siteConfig.ftpsState"]));
        var database = resources
            .Of("Microsoft.DBforPostgreSQL/flexibleServers/configurations")
            .ToDictionary(
                parameter => parameter.Name[(parameter.Name.IndexOf('/', StringComparison.Ordinal) + 1)..],
                parameter => parameter["properties.value"]
            );
        Assert.Equal(("on", "TLSv1.2"), (database["require_secure_transport"], database["ssl_min_protocol_version"]));
    }

    // A new one may have a public network, keys or a TLS version of its own: look at it before it goes in here.
    [Fact]
    public void Only_these_types_are_deployed_at_all() =>
        Assert.Equal(
            [
                "Microsoft.Authorization/locks",
                "Microsoft.Authorization/roleAssignments",
                "Microsoft.DBforPostgreSQL/flexibleServers",
                "Microsoft.DBforPostgreSQL/flexibleServers/administrators",
                "Microsoft.DBforPostgreSQL/flexibleServers/configurations",
                "Microsoft.DBforPostgreSQL/flexibleServers/databases",
                "Microsoft.DurableTask/schedulers",
                "Microsoft.DurableTask/schedulers/taskHubs",
                "Microsoft.Insights/actionGroups",
                "Microsoft.Insights/components",
                "Microsoft.Insights/diagnosticSettings",
                "Microsoft.Insights/scheduledQueryRules",
                "Microsoft.Insights/workbooks",
                "Microsoft.KeyVault/vaults",
                "Microsoft.KeyVault/vaults/keys",
                "Microsoft.ManagedIdentity/userAssignedIdentities",
                "Microsoft.Network/natGateways",
                "Microsoft.Network/networkSecurityGroups",
                "Microsoft.Network/privateDnsZones",
                "Microsoft.Network/privateDnsZones/virtualNetworkLinks",
                "Microsoft.Network/privateEndpoints",
                "Microsoft.Network/privateEndpoints/privateDnsZoneGroups",
                "Microsoft.Network/publicIPAddresses",
                "Microsoft.Network/virtualNetworks",
                "Microsoft.OperationalInsights/workspaces",
                "Microsoft.Resources/resourceGroups",
                "Microsoft.Storage/storageAccounts",
                "Microsoft.Storage/storageAccounts/blobServices",
                "Microsoft.Storage/storageAccounts/blobServices/containers",
                "Microsoft.Web/serverfarms",
                "Microsoft.Web/sites",
                "Microsoft.Web/sites/basicPublishingCredentialsPolicies",
            ],
            new[] { AzureInstallation.Dev, AzureInstallation.Full, AzureInstallation.Prod }
                .SelectMany(each => each.Resources)
                .Select(resource => resource.Type)
                .Distinct()
                .Order(StringComparer.Ordinal)
        );

    // listKeys, listSecrets, listAccountSas and their like, in a template's expressions.
    [GeneratedRegex(@"\blist[A-Z]\w*\(")]
    private static partial Regex KeyFunction();
}
