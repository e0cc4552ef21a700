namespace JitFunctions.EndToEnd.Tests.Telemetry;

/// <summary>What a collector gets to count.</summary>
[Collection(TelemetryStage.Name)]
public sealed class MetricTests(TelemetryStage stage)
{
    // Alert rules and the dashboard go by these.
    private static readonly (string Name, string Unit, string[] Labels)[] Promised =
    [
        ("jit.activation.lag", "s", ["cluster"]),
        ("jit.approval.duration", "s", ["outcome"]),
        ("jit.grants.overdue", "{grant}", ["cluster"]),
        ("jit.outbox.age", "s", ["kind"]),
        ("jit.reconciler.findings", "{finding}", ["kind"]),
        ("jit.reconciler.last_run", "s", ["schedule"]),
        ("jit.requests", "{request}", ["state"]),
        ("jit.requests.finished", "{request}", ["state"]),
        ("jit.revocation.lag", "s", ["cause", "cluster", "outcome"]),
    ];

    [Fact]
    public async Task All_that_is_promised_arrives_and_carries_no_other_labels()
    {
        var scene = await Scene.SetAsync(stage.Platform);
        var grant = await scene.GrantAsync();
        await scene.Cluster.CreateBindingAsync(scene.Namespace, "stray", "view", scene.Stranger.UserName);
        await scene.Cluster.LabelBindingAsync(scene.Namespace, "stray", await scene.OwnLabelsAsync());
        await Eventually.Async(
            async () => !await scene.Cluster.HasBindingAsync(scene.Namespace, "stray"),
            "the stray is gone"
        );
        await scene.As(scene.Alice).DoAsync(grant.Id(), "relinquish");
        await scene.As(scene.Alice).WaitForAsync(grant.Id(), "ended");

        var points = await Eventually.Async(
            () => Task.FromResult(stage.Collector.Points),
            found => Promised.All(metric => found.Any(point => point.Metric == metric.Name)),
            "all metrics are there"
        );
        var ours = points.Where(point => point.Metric.StartsWith("jit.", StringComparison.Ordinal)).ToList();
        Assert.Equal(
            Promised.Select(metric => $"{metric.Name} {metric.Unit} {string.Join(",", metric.Labels)}"),
            ours.Select(point => $"{point.Metric} {point.Unit} {string.Join(",", point.Attributes.Keys.Order())}")
                .Distinct()
                .Order(StringComparer.Ordinal)
        );
        Assert.Equal(
            ["activating", "active", "approved", "ending", "pending"],
            ours.Where(point => point.Metric == "jit.requests")
                .Select(point => point.Attributes["state"])
                .Order(StringComparer.Ordinal)
        );
        Assert.Contains(
            ours,
            point =>
                point is { Metric: "jit.reconciler.findings", Value: >= 1 }
                && point.Attributes["kind"] == "object-unknown"
        );
    }

    [Fact(
        Skip = "The Functions host counts calls itself, whatever their route.",
        SkipUnless = nameof(TestHost.IsEmbedded),
        SkipType = typeof(TestHost)
    )]
    public async Task Calls_are_counted_by_their_routes()
    {
        var scene = await Scene.SetAsync(stage.Platform);
        var id = await scene.AskAsync();
        await scene.As(scene.Alice).GetAsync($"/api/requests/{id}");

        await Eventually.Async(
            () => Task.FromResult(stage.Collector.Points),
            found =>
                found.Any(point =>
                    point.Metric == "http.server.request.duration"
                    && point.Attributes["http.route"] == "api/requests/{id}"
                ),
            "the call is counted"
        );
    }

    [Theory]
    [InlineData("ReconcileClusters")]
    [InlineData("ReconcileOwedReviews")]
    [InlineData("ReconcilePolicies")]
    [InlineData("ReconcileRequests")]
    public async Task The_time_since_the_last_run_begins_anew_with_each_run(string schedule)
    {
        var most = 0.0;
        await Eventually.Async(
            () =>
                Task.FromResult(
                    stage
                        .Collector.Points.SingleOrDefault(point =>
                            point.Metric == "jit.reconciler.last_run" && point.Attributes["schedule"] == schedule
                        )
                        ?.Value
                        ?? 0
                ),
            now => now < (most = Math.Max(most, now)),
            $"{schedule} has run"
        );
    }
}
