using JitFunctions.LocalStack;

namespace JitFunctions.EndToEnd.Tests.Reconciliation;

/// <summary>A cluster that somebody gave another name in the settings, with live grants in it.</summary>
public sealed class RenamedClusterTests(PlatformFixture fixture)
{
    [Fact]
    public async Task Its_grants_live_on_and_log_and_report_say_so_and_their_end_takes_the_rights_away()
    {
        var team = await Team.SetAsync(fixture.Platform);
        var database = await fixture.Platform.CreateDatabaseAsync("renamed", TestContext.Current.CancellationToken);
        string id;
        await using (var before = await StartAsync(database, "demo"))
        {
            id = (await team.As(team.Alice, before).AskAsync(team.Terms("3m"))).Id();
            await team.As(team.Bob, before).ApproveAsync(id);
            await team.As(team.Alice, before).WaitForAsync(id, "active");
        }

        await using var after = await StartAsync(database, "prod");
        await team.ReportAsync(TimeProvider.System.GetUtcNow(), "ReconcileClusters", after);
        var report = await team.ReportAsync(TimeProvider.System.GetUtcNow(), "ReconcileClusters", after);

        Assert.True(await team.Cluster.HasBindingAsync(team.Namespace, $"jit-{id}"));
        Assert.Equal("active", (await team.As(team.Alice, after).ReadAsync(id)).At("status"));
        Assert.Contains("1 active", Finding("cluster-gone", "demo"), StringComparison.Ordinal);
        Assert.Contains(
            "the grant is for cluster demo, and in prod there is RoleBinding",
            Finding("object-elsewhere", id),
            StringComparison.Ordinal
        );
        await Eventually.Async(
            async () =>
                (await File.ReadAllTextAsync(after.Log, TestContext.Current.CancellationToken)).Contains(
                    "Cluster demo: No cluster is configured under this name",
                    StringComparison.Ordinal
                ),
            "the log says so"
        );

        await team.As(team.Alice, after).DoAsync(id, "relinquish");
        await Eventually.Async(
            async () => !await team.Cluster.HasBindingAsync(team.Namespace, $"jit-{id}"),
            "the rights are gone with the grant"
        );
        Assert.Equal("ending", (await team.As(team.Alice, after).ReadAsync(id)).At("status"));

        string Finding(string kind, string subject) =>
            Assert
                .Single(
                    report["findings"]!.AsArray(),
                    found => (found!.At("kind"), found!.At("subject")) == (kind, subject)
                )!
                .At("detail")!;
    }

    private Task<FunctionHost> StartAsync(string database, string cluster)
    {
        var changes = new Dictionary<string, string?>
        {
            ["ConnectionStrings__Postgres"] = database,
            ["Clusters__demo__Kubeconfig"] = null,
            ["Clusters__demo__AuditTokens__0"] = null,
            [$"Clusters__{cluster}__Kubeconfig"] = fixture.Platform.Cluster.Kubeconfig("jit-controller"),
        };
        return fixture.Platform.AddHostAsync(changes, TestContext.Current.CancellationToken);
    }
}
