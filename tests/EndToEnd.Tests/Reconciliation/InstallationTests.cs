using JitFunctions.LocalStack;

namespace JitFunctions.EndToEnd.Tests.Reconciliation;

/// <summary>Two apps with databases of their own and one cluster.</summary>
public sealed class InstallationTests(Stage stage)
{
    private const string InstallationLabel = "{.metadata.labels.jit-access/installation}";

    [Fact]
    public async Task Each_reports_the_grants_of_the_other_and_leaves_them_alone_and_each_ends_its_own()
    {
        var scene = await Scene.SetAsync(stage.Platform);
        var ours = (await scene.GrantAsync()).Id();
        await using var other = await StartAsync("other");
        var theirs = await GrantAsync(scene, other);
        var own = await scene.Cluster.BindingAsync(scene.Namespace, $"jit-{ours}", InstallationLabel);
        var foreign = await scene.Cluster.BindingAsync(scene.Namespace, $"jit-{theirs}", InstallationLabel);
        Assert.NotEmpty(own);
        Assert.NotEmpty(foreign);
        Assert.NotEqual(own, foreign);

        var now = TimeProvider.System.GetUtcNow();
        var ourReport = await scene.ReportAsync(now, "ReconcileClusters");
        var theirReport = await scene.ReportAsync(now, "ReconcileClusters", other);

        Assert.Contains(foreign, Finding(ourReport, "object-foreign", "demo"), StringComparison.Ordinal);
        Assert.Contains(own, Finding(theirReport, "object-foreign", "demo"), StringComparison.Ordinal);
        Assert.True(await scene.Cluster.HasBindingAsync(scene.Namespace, $"jit-{ours}"));
        Assert.True(await scene.Cluster.HasBindingAsync(scene.Namespace, $"jit-{theirs}"));
        Assert.Empty(await scene.DriftAsync(ours));
        Assert.DoesNotContain("drift_found", (await scene.As(scene.Auditor, other).EventsAsync(theirs)).Types());

        await scene.As(scene.Alice, other).DoAsync(theirs, "relinquish");
        await scene.As(scene.Alice, other).WaitForAsync(theirs, "ended");
        Assert.False(await scene.Cluster.HasBindingAsync(scene.Namespace, $"jit-{theirs}"));
        Assert.True(await scene.Cluster.HasBindingAsync(scene.Namespace, $"jit-{ours}"));
        await scene.As(scene.Alice).DoAsync(ours, "relinquish");
        await scene.As(scene.Alice).WaitForAsync(ours, "ended");
        Assert.False(await scene.Cluster.HasBindingAsync(scene.Namespace, $"jit-{ours}"));
    }

    [Fact]
    public async Task An_app_that_was_restored_into_an_empty_database_removes_nothing_even_under_the_same_id()
    {
        var scene = await Scene.SetAsync(stage.Platform);
        var id = (await scene.GrantAsync()).Id();
        var own = (await scene.OwnLabelsAsync())[1].Split('=')[1];
        await using var restored = await StartAsync("restored", ("Installation__Id", own));
        Assert.Equal(await scene.OwnLabelsAsync(), await scene.OwnLabelsAsync(restored));

        var report = await scene.ReportAsync(TimeProvider.System.GetUtcNow(), "ReconcileClusters", restored);
        Assert.Contains(
            "which this event store does not know",
            Finding(report, "object-foreign", "demo"),
            StringComparison.Ordinal
        );

        await scene.ReportAsync(TimeProvider.System.GetUtcNow(), "ReconcileClusters", restored);
        Assert.True(await scene.Cluster.HasBindingAsync(scene.Namespace, $"jit-{id}"));
        Assert.Empty(await scene.DriftAsync(id));
    }

    private async Task<FunctionHost> StartAsync(string database, params (string Name, string Value)[] settings)
    {
        var changes = settings.ToDictionary(setting => setting.Name, setting => (string?)setting.Value);
        changes["ConnectionStrings__Postgres"] = await stage.Platform.CreateDatabaseAsync(
            database,
            TestContext.Current.CancellationToken
        );
        return await stage.Platform.AddHostAsync(changes, TestContext.Current.CancellationToken);
    }

    private static async Task<string> GrantAsync(Scene scene, FunctionHost host)
    {
        var id = (await scene.As(scene.Alice, host).AskAsync(scene.Terms())).Id();
        await scene.As(scene.Bob, host).ApproveAsync(id);
        await scene.As(scene.Alice, host).WaitForAsync(id, "active");
        return id;
    }

    private static string Finding(System.Text.Json.Nodes.JsonObject report, string kind, string subject) =>
        Assert
            .Single(
                report["findings"]!.AsArray(),
                found => (found!.At("kind"), found!.At("subject")) == (kind, subject)
            )!
            .At("detail")!;
}
