using JitFunctions.LocalStack;

namespace JitFunctions.EndToEnd.Tests.Outages;

/// <summary>The commands of docs/runbook.md, as they are written there.</summary>
[Collection(OutageFixture.Name)]
public sealed class RunbookTests(OutageFixture fixture)
{
    [Fact]
    public async Task Revoke_everything_with_the_app_ends_every_grant_and_records_it()
    {
        var team = await fixture.RestoreAsync();
        var active = (await team.GrantAsync()).Id();
        await team.Cluster.CreateNamespaceAsync(team.NamespaceOf("plan"));
        var planned = await team.AskAsync(team.Planned(team.NamespaceOf("plan"), TimeSpan.FromHours(1)));
        await team.As(team.Bob).ApproveAsync(planned);

        await RunAsync(team, block: 0);

        var ended = await team.As(team.Alice).WaitForAsync(active, "ended");
        Assert.Equal(
            ("revoked", "everything is revoked: INC-4711", "denied"),
            (ended.At("ending.cause"), ended.At("ending.comment"), ended.At("denialProof.verdict"))
        );
        await team.As(team.Alice)
            .WaitForAsync(planned, request => request.At("ending.cause") == "revoked", "its approval is revoked too");
        await team.Cluster.MayNotReadSoonAsync(team.Alice, team.Namespace);
    }

    [Fact]
    public async Task Revoke_everything_without_the_app_leaves_nothing_in_the_cluster_and_nothing_comes_back()
    {
        var team = await fixture.RestoreAsync();
        var active = (await team.GrantAsync()).Id();
        await fixture.StopHostAsync();

        await RunAsync(team, block: 1);

        await team.Cluster.MayNotReadSoonAsync(team.Alice, team.Namespace);
        await fixture.StartHostAsync();
        await Eventually.Async(
            async () => await team.DriftAsync(active),
            drift => drift is [_, ..],
            "the reconciler reports it"
        );
        await team.ReconcilerRunsAsync();
        Assert.False(await team.Cluster.HasBindingAsync(team.Namespace, $"jit-{active}"));
    }

    private async Task RunAsync(Team team, int block)
    {
        var environment = new Dictionary<string, string?>(fixture.Platform.PluginEnvironment(team.Administrator.Name))
        {
            ["KUBECONFIG"] = fixture.Platform.Cluster.Kubeconfig("admin"),
            ["JIT_TOKEN"] = fixture.Platform.Issuer.IssueToken(team.Administrator),
        };
        var script = Documents.Blocks("runbook.md", "bash")[block];
        (
            await Command.RunAsync(
                "bash",
                ["-euo", "pipefail", "-c", script],
                environment,
                cancellation: TestContext.Current.CancellationToken
            )
        ).OrThrow(script);
    }
}
