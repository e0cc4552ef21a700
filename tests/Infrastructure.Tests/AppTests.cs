using System.Text.Json.Nodes;

namespace JitFunctions.Infrastructure.Tests;

public sealed class AppTests
{
    private static JsonNode HostJson =>
        JsonNode.Parse(File.ReadAllText(Path.Combine(BicepCompiler.Repository, "host.json")))!;

    [Theory]
    [MemberData(nameof(AzureInstallation.All), MemberType = typeof(AzureInstallation))]
    public void It_is_a_Flex_Consumption_app_on_the_isolated_worker_of_NET_10(string installation)
    {
        var plan = AzureInstallation.Named(installation).Single("Microsoft.Web/serverfarms");
        Assert.Equal(
            ("FC1", "FlexConsumption", "true"),
            (plan["sku.name"], plan["sku.tier"], plan["properties.reserved"])
        );
        var site = AzureInstallation.Named(installation).Single("Microsoft.Web/sites");
        Assert.Equal("functionapp,linux", site["kind"]);
        Assert.Equal(
            ("dotnet-isolated", "10.0"),
            (site["properties.functionAppConfig.runtime.name"], site["properties.functionAppConfig.runtime.version"])
        );
        Assert.Equal(
            "UserAssignedIdentity",
            site["properties.functionAppConfig.deployment.storage.authentication.type"]
        );
        Assert.EndsWith("/subnets/app", site["properties.virtualNetworkSubnetId"], StringComparison.Ordinal);
    }

    [Fact]
    public void In_prod_neither_an_answer_nor_a_revocation_waits_for_a_cold_start() =>
        Assert.Equal(
            """[{"name":"http","instanceCount":2},{"name":"durable","instanceCount":2}]""",
            AzureInstallation
                .Prod.Single("Microsoft.Web/sites")
                .At("properties.functionAppConfig.scaleAndConcurrency.alwaysReady")!
                .ToJsonString()
        );

    [Fact]
    public void The_task_hub_is_the_one_that_the_app_opens()
    {
        var hub = (string)HostJson["extensions"]!["durableTask"]!["hubName"]!;
        var deployed = AzureInstallation.OnScheduler.Single("Microsoft.DurableTask/schedulers/taskHubs");
        Assert.EndsWith($"/{hub}", deployed.Name, StringComparison.Ordinal);
    }

    // No test has run with the scheduler's extension, so it has to be asked for.
    [Theory]
    [InlineData(nameof(AzureInstallation.Dev), false)]
    [InlineData(nameof(AzureInstallation.Prod), false)]
    [InlineData(nameof(AzureInstallation.OnScheduler), true)]
    public void There_is_a_scheduler_only_where_one_is_asked_for(string installation, bool scheduler) =>
        Assert.Equal(
            scheduler,
            Identifiers(AzureInstallation.Named(installation))
                .Any(id => id.Contains("Microsoft.DurableTask", StringComparison.Ordinal))
        );

    [Fact]
    public void Storage_can_also_be_asked_for() =>
        Assert.Equal(
            Identifiers(AzureInstallation.Prod),
            Identifiers(AzureInstallation.With("JIT_TIER=prod", "JIT_DURABLE_BACKEND=Storage"))
        );

    private static IEnumerable<string> Identifiers(AzureInstallation installation) =>
        installation.Resources.Select(resource => resource.Id);
}
