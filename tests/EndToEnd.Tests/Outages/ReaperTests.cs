using JitFunctions.EndToEnd.Tests.Access;
using JitFunctions.LocalStack;

namespace JitFunctions.EndToEnd.Tests.Outages;

/// <summary>No host lives, and the cluster gets rid of ended grants by itself.</summary>
[Collection(OutageStage.Name)]
public sealed class ReaperTests(OutageStage stage)
{
    [Fact]
    public async Task A_grant_that_ends_while_no_host_and_no_database_live_is_reaped_and_the_host_takes_it_for_its_normal_end()
    {
        var scene = await stage.RestoreAsync();
        var kubeconfig = await stage.Platform.Cluster.KubeconfigOfAsync("jit-system", "jit-reaper");
        var other = await Scene.SetAsync(stage.Platform);
        var living = await other.GrantAsync();
        var ending = await scene.GrantAsync(scene.Terms(OutageStage.Brief));
        await stage.KillHostAsync();
        await stage.StopStoreAsync();
        await Eventually.IsAsync(ending.TimeAt("expiresAt").AddSeconds(1));

        var run = (
            await Reaper.RunAsync(kubeconfig, ["--grace", "00:00:00"], TestContext.Current.CancellationToken)
        ).OrThrow("reap");

        Assert.Contains(
            $"deleted: RoleBinding {scene.Namespace}/jit-{ending.Id()} ",
            run.StdOut,
            StringComparison.Ordinal
        );
        Assert.False(await scene.Cluster.HasBindingAsync(scene.Namespace, $"jit-{ending.Id()}"));
        Assert.True(await scene.Cluster.HasBindingAsync(other.Namespace, $"jit-{living.Id()}"));
        await stage.StartStoreAsync();
        await stage.StartHostAsync();
        var ended = await scene.As(scene.Alice).WaitForAsync(ending.Id(), "ended");
        Assert.Equal(("expired", "denied"), (ended.At("ending.cause"), ended.At("denialProof.verdict")));
        Assert.Empty(await scene.DriftAsync(ending.Id()));
        await scene.Cluster.MayNotReadSoonAsync(scene.Alice, scene.Namespace);
    }

    [Fact]
    public async Task The_tokens_of_an_ephemeral_grant_end_with_its_service_account()
    {
        await stage.RestoreAsync();
        var scene = await Scene.SetAsync(stage.Platform, "lent");
        var kubeconfig = await stage.Platform.Cluster.KubeconfigOfAsync("jit-system", "jit-reaper");
        var grant = await EphemeralTests.GrantAsync(scene);
        using var credential = Credential.Of(
            await EphemeralTests.IssueAsync(scene, grant.Id()),
            stage.Platform.Cluster
        );
        await stage.KillHostAsync();
        var account = $"jit-{grant.Id()}";
        foreach (
            var (kind, ns) in new[]
            {
                ("serviceaccount", CredentialNamespace.Name),
                ("rolebinding", scene.NamespaceOf("lent")),
            }
        )
            await scene.Cluster.AdminAsync(
                "annotate",
                kind,
                account,
                "-n",
                ns,
                "--overwrite",
                "jit-access/expires-at=2020-01-01T00:00:00Z"
            );

        (await Reaper.RunAsync(kubeconfig, [], TestContext.Current.CancellationToken)).OrThrow("reap");

        await credential.IsSoonAsync(Credential.Unauthorized, scene.NamespaceOf("lent"));
        await stage.StartHostAsync();
    }
}
