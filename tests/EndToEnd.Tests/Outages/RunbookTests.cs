using JitFunctions.LocalStack;

namespace JitFunctions.EndToEnd.Tests.Outages;

/// <summary>The commands of docs/runbook.md, as they are written there.</summary>
[Collection(OutageStage.Name)]
public sealed class RunbookTests(OutageStage stage)
{
    [Fact]
    public async Task Revoke_everything_with_the_app_ends_every_grant_and_records_it()
    {
        var scene = await stage.RestoreAsync();
        var active = (await scene.GrantAsync()).Id();
        await scene.Cluster.CreateNamespaceAsync(scene.NamespaceOf("plan"));
        var planned = await scene.AskAsync(scene.Planned(scene.NamespaceOf("plan"), TimeSpan.FromHours(1)));
        await scene.As(scene.Bob).ApproveAsync(planned);

        await RunAsync(scene, block: 0);

        var ended = await scene.As(scene.Alice).WaitForAsync(active, "ended");
        Assert.Equal(
            ("revoked", "everything is revoked: INC-4711", "denied"),
            (ended.At("ending.cause"), ended.At("ending.comment"), ended.At("denialProof.verdict"))
        );
        await scene
            .As(scene.Alice)
            .WaitForAsync(planned, request => request.At("ending.cause") == "revoked", "its approval is revoked too");
        await scene.Cluster.MayNotReadSoonAsync(scene.Alice, scene.Namespace);
    }

    [Fact]
    public async Task Revoke_everything_without_the_app_leaves_nothing_in_the_cluster_and_nothing_comes_back()
    {
        var scene = await stage.RestoreAsync();
        var active = (await scene.GrantAsync()).Id();
        await stage.StopHostAsync();

        await RunAsync(scene, block: 1);

        await scene.Cluster.MayNotReadSoonAsync(scene.Alice, scene.Namespace);
        await stage.StartHostAsync();
        await Eventually.Async(
            async () => await scene.DriftAsync(active),
            drift => drift is [_, ..],
            "the reconciler reports it"
        );
        await scene.ReconcilerRunsAsync();
        Assert.False(await scene.Cluster.HasBindingAsync(scene.Namespace, $"jit-{active}"));
    }

    private async Task RunAsync(Scene scene, int block)
    {
        var environment = new Dictionary<string, string?>(stage.Platform.PluginEnvironment(scene.Administrator.Name))
        {
            ["KUBECONFIG"] = stage.Platform.Cluster.Kubeconfig("admin"),
            ["JIT_TOKEN"] = stage.Platform.Issuer.IssueToken(scene.Administrator),
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
