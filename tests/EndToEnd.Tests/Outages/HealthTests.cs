using System.Net;

namespace JitFunctions.EndToEnd.Tests.Outages;

/// <summary>What probes are told while parts are away.</summary>
[Collection(OutageFixture.Name)]
public sealed class HealthTests(OutageFixture fixture)
{
    [Fact]
    public async Task A_node_without_the_store_lives_and_is_not_ready_until_the_store_is_back()
    {
        var team = await fixture.RestoreAsync();
        var anybody = team.WithToken(null);
        await Eventually.Async(
            async () => (await anybody.GetAsync("/api/health/ready")).Status == HttpStatusCode.OK,
            "the node is ready"
        );
        await fixture.StopStoreAsync();

        var refused = await Eventually.Async(
            () => anybody.GetAsync("/api/health/ready"),
            answer => answer.Status != HttpStatusCode.OK,
            "it is not ready"
        );
        refused.ExpectProblem(503, "not-ready");
        Assert.Equal("failing", refused.Json.At("components.database"));
        Assert.NotNull(refused.Header("Retry-After"));
        (await anybody.GetAsync("/api/health")).ExpectProblem(503, "store-unavailable");
        (await anybody.GetAsync("/api/health/live")).Expect(HttpStatusCode.OK);

        await fixture.StartStoreAsync();
        await Eventually.Async(
            async () => (await anybody.GetAsync("/api/health/ready")).Status == HttpStatusCode.OK,
            "the node is ready again"
        );
    }

    [Fact]
    public async Task A_cluster_that_is_away_is_told_without_its_name_and_keeps_the_node_in_service()
    {
        var team = await fixture.RestoreAsync();
        var anybody = team.WithToken(null);
        await fixture.StopApiServerAsync();

        var answer = await Eventually.Async(
            () => anybody.GetAsync("/api/health/ready"),
            found => found.Json.At("components.clusters") == "failing",
            "the cluster is missed"
        );
        answer.Expect(HttpStatusCode.OK);
        Assert.DoesNotContain("demo", answer.Text, StringComparison.Ordinal);

        await fixture.StartApiServerAsync();
        await Eventually.Async(
            () => anybody.GetAsync("/api/health/ready"),
            found => found.Json.At("components.clusters") == "ok",
            "the cluster is back"
        );
    }
}
