using JitFunctions.LocalStack;

namespace JitFunctions.EndToEnd.Tests.Reconciliation;

/// <summary>Two apps with databases of their own and one cluster.</summary>
public sealed class InstallationTests(PlatformFixture fixture)
{
    private const string InstallationLabel = "{.metadata.labels.jit-access/installation}";

    [Fact]
    public async Task Each_reports_the_grants_of_the_other_and_leaves_them_alone_and_each_ends_its_own()
    {
        var team = await Team.SetAsync(fixture.Platform);
        var ours = (await team.GrantAsync()).Id();
        await using var other = await StartAsync("other");
        var theirs = await GrantAsync(team, other);
        var own = await team.Cluster.BindingAsync(team.Namespace, $"jit-{ours}", InstallationLabel);
        var foreign = await team.Cluster.BindingAsync(team.Namespace, $"jit-{theirs}", InstallationLabel);
        Assert.NotEmpty(own);
        Assert.NotEmpty(foreign);
        Assert.NotEqual(own, foreign);

        var now = TimeProvider.System.GetUtcNow();
        var ourReport = await team.ReportAsync(now, "ReconcileClusters");
        var theirReport = await team.ReportAsync(now, "ReconcileClusters", other);

        Assert.Contains(foreign, Finding(ourReport, "object-foreign", "demo"), StringComparison.Ordinal);
        Assert.Contains(own, Finding(theirReport, "object-foreign", "demo"), StringComparison.Ordinal);
        Assert.True(await team.Cluster.HasBindingAsync(team.Namespace, $"jit-{ours}"));
        Assert.True(await team.Cluster.HasBindingAsync(team.Namespace, $"jit-{theirs}"));
        Assert.Empty(await team.DriftAsync(ours));
        Assert.DoesNotContain("drift_found", (await team.As(team.Auditor, other).EventsAsync(theirs)).Types());

        await team.As(team.Alice, other).DoAsync(theirs, "relinquish");
        await team.As(team.Alice, other).WaitForAsync(theirs, "ended");
        Assert.False(await team.Cluster.HasBindingAsync(team.Namespace, $"jit-{theirs}"));
        Assert.True(await team.Cluster.HasBindingAsync(team.Namespace, $"jit-{ours}"));
        await team.As(team.Alice).DoAsync(ours, "relinquish");
        await team.As(team.Alice).WaitForAsync(ours, "ended");
        Assert.False(await team.Cluster.HasBindingAsync(team.Namespace, $"jit-{ours}"));
    }

    [Fact]
    public async Task An_app_that_was_restored_into_an_empty_database_removes_nothing_even_under_the_same_id()
    {
        var team = await Team.SetAsync(fixture.Platform);
        var id = (await team.GrantAsync()).Id();
        var own = (await team.OwnLabelsAsync())[1].Split('=')[1];
        await using var restored = await StartAsync("restored", ("Installation__Id", own));
        Assert.Equal(await team.OwnLabelsAsync(), await team.OwnLabelsAsync(restored));

        var report = await team.ReportAsync(TimeProvider.System.GetUtcNow(), "ReconcileClusters", restored);
        Assert.Contains(
            "which this event store does not know",
            Finding(report, "object-foreign", "demo"),
            StringComparison.Ordinal
        );

        await team.ReportAsync(TimeProvider.System.GetUtcNow(), "ReconcileClusters", restored);
        Assert.True(await team.Cluster.HasBindingAsync(team.Namespace, $"jit-{id}"));
        Assert.Empty(await team.DriftAsync(id));
    }

    private async Task<FunctionHost> StartAsync(string database, params (string Name, string Value)[] settings)
    {
        var changes = settings.ToDictionary(setting => setting.Name, setting => (string?)setting.Value);
        changes["ConnectionStrings__Postgres"] = await fixture.Platform.CreateDatabaseAsync(
            database,
            TestContext.Current.CancellationToken
        );
        return await fixture.Platform.AddHostAsync(changes, TestContext.Current.CancellationToken);
    }

    private static async Task<string> GrantAsync(Team team, FunctionHost host)
    {
        var id = (await team.As(team.Alice, host).AskAsync(team.Terms())).Id();
        await team.As(team.Bob, host).ApproveAsync(id);
        await team.As(team.Alice, host).WaitForAsync(id, "active");
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
