namespace JitFunctions.Infrastructure.Tests;

/// <summary>What must not be lost, and what nobody may change.</summary>
public sealed class RecordTests
{
    private static readonly string[] Logged =
    [
        "Microsoft.DBforPostgreSQL/flexibleServers",
        "Microsoft.DurableTask/schedulers",
        "Microsoft.KeyVault/vaults",
        "Microsoft.Storage/storageAccounts/blobServices",
    ];

    [Theory]
    [InlineData(nameof(AzureInstallation.Dev), "1", "Unlocked")]
    [InlineData(nameof(AzureInstallation.Prod), "730", "Unlocked")]
    [InlineData(nameof(AzureInstallation.Full), "730", "Locked")]
    public void Checkpoints_cannot_be_changed_and_for_good_once_they_are_locked(
        string installation,
        string days,
        string state
    )
    {
        var account = Assert.Single(
            AzureInstallation.Named(installation).Of("Microsoft.Storage/storageAccounts"),
            account => account.Name.StartsWith("jitchk", StringComparison.Ordinal)
        );
        Assert.Equal("true", account["properties.immutableStorageWithVersioning.enabled"]);
        const string Policy = "properties.immutableStorageWithVersioning.immutabilityPolicy";
        Assert.Equal(
            (days, state, "false"),
            (
                account[$"{Policy}.immutabilityPeriodSinceCreationInDays"],
                account[$"{Policy}.state"],
                account[$"{Policy}.allowProtectedAppendWrites"]
            )
        );
        Assert.Contains(
            AzureInstallation.Named(installation).Of("Microsoft.Storage/storageAccounts/blobServices/containers"),
            container => container.Id == $"{account.Id}/blobServices/default/containers/checkpoints"
        );
    }

    [Theory]
    [MemberData(nameof(AzureInstallation.All), MemberType = typeof(AzureInstallation))]
    public void Keys_and_secrets_survive_whoever_wants_them_gone(string installation)
    {
        var vault = AzureInstallation.Named(installation).Single("Microsoft.KeyVault/vaults");
        Assert.Equal(
            ("true", "true", "90"),
            (
                vault["properties.enablePurgeProtection"],
                vault["properties.enableSoftDelete"],
                vault["properties.softDeleteRetentionInDays"]
            )
        );
        var key = AzureInstallation.Named(installation).Single("Microsoft.KeyVault/vaults/keys");
        Assert.Equal("""["sign","verify"]""", key.At("properties.keyOps")!.ToJsonString());
        Assert.Equal("false", key["properties.attributes.exportable"]);
        // A value would be in the deployment's history.
        Assert.Empty(AzureInstallation.Named(installation).Of("Microsoft.KeyVault/vaults/secrets"));
    }

    [Theory]
    [MemberData(nameof(AzureInstallation.All), MemberType = typeof(AzureInstallation))]
    public void Blobs_have_versions_and_come_back(string installation) =>
        Assert.Each(
            AzureInstallation.Named(installation).Of("Microsoft.Storage/storageAccounts/blobServices"),
            blobs =>
            {
                Assert.Equal("true", blobs["properties.isVersioningEnabled"]);
                Assert.Equal(
                    ("true", "true"),
                    (
                        blobs["properties.deleteRetentionPolicy.enabled"],
                        blobs["properties.containerDeleteRetentionPolicy.enabled"]
                    )
                );
            }
        );

    [Fact]
    public void Prod_outlives_a_zone_and_its_records_a_region()
    {
        var database = AzureInstallation.Prod.Single("Microsoft.DBforPostgreSQL/flexibleServers");
        Assert.Equal(
            ("ZoneRedundant", "Enabled", "35"),
            (
                database["properties.highAvailability.mode"],
                database["properties.backup.geoRedundantBackup"],
                database["properties.backup.backupRetentionDays"]
            )
        );
        Assert.Equal("true", AzureInstallation.Prod.Single("Microsoft.Web/serverfarms")["properties.zoneRedundant"]);
        var scheduler = AzureInstallation.OnScheduler.Single("Microsoft.DurableTask/schedulers");
        Assert.Equal(("Dedicated", "3"), (scheduler["properties.sku.name"], scheduler["properties.sku.capacity"]));
        Assert.Equal(
            ["Standard_GZRS", "Standard_GZRS", "Standard_ZRS"],
            AzureInstallation
                .Prod.Of("Microsoft.Storage/storageAccounts")
                .Select(account => account["sku.name"])
                .Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public void In_prod_nobody_deletes_the_event_store_or_the_checkpoints_by_mistake()
    {
        var locks = AzureInstallation.Prod.Of("Microsoft.Authorization/locks");
        Assert.Each(locks, kept => Assert.Equal("CanNotDelete", kept["properties.level"]));
        Assert.Equal(
            [
                AzureInstallation.Prod.Single("Microsoft.DBforPostgreSQL/flexibleServers").Id,
                Assert
                    .Single(
                        AzureInstallation.Prod.Of("Microsoft.Storage/storageAccounts"),
                        account => account.Name.StartsWith("jitchk", StringComparison.Ordinal)
                    )
                    .Id,
            ],
            locks.Select(kept => kept.Extended)
        );
        Assert.Empty(AzureInstallation.Dev.Of("Microsoft.Authorization/locks"));
    }

    [Theory]
    [MemberData(nameof(AzureInstallation.All), MemberType = typeof(AzureInstallation))]
    public void Every_resource_with_data_sends_its_access_logs_to_the_workspace(string installation)
    {
        var resources = AzureInstallation.Named(installation);
        var workspace = resources.Single("Microsoft.OperationalInsights/workspaces").Id;
        var logs = resources.Of("Microsoft.Insights/diagnosticSettings");
        Assert.Each(
            logs,
            log =>
            {
                Assert.Equal(workspace, log["properties.workspaceId"]);
                Assert.NotEmpty(log.At("properties.logs")!.AsArray());
                Assert.Each(log.At("properties.logs")!.AsArray(), category => Assert.True((bool)category!["enabled"]!));
            }
        );
        Assert.Equal(
            Logged.SelectMany(resources.Of).Select(resource => resource.Id).Order(StringComparer.Ordinal),
            logs.Select(log => log.Extended).Order(StringComparer.Ordinal)
        );
        var parameters = resources.Of("Microsoft.DBforPostgreSQL/flexibleServers/configurations");
        Assert.Equal(
            "ddl,role",
            Assert.Single(parameters, parameter => parameter.Name.EndsWith("/pgaudit.log", StringComparison.Ordinal))[
                "properties.value"
            ]
        );
    }
}
