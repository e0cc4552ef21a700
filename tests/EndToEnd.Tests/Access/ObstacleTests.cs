namespace JitFunctions.EndToEnd.Tests.Access;

/// <summary>Grants that somebody with power over the cluster tries to keep alive.</summary>
public sealed class ObstacleTests(Stage stage)
{
    private const string Finalizer = """[{"op":"add","path":"/metadata/finalizers","value":["example.com/forever"]}]""";

    [Fact]
    public async Task A_finalizer_does_not_keep_a_grant_in_force()
    {
        var scene = await Scene.SetAsync(stage.Platform);
        var id = (await scene.GrantAsync()).Id();
        await scene.Cluster.PatchBindingAsync(scene.Namespace, $"jit-{id}", Finalizer);

        await scene.As(scene.Alice).DoAsync(id, "relinquish");

        Assert.Equal("denied", (await scene.As(scene.Alice).WaitForAsync(id, "ended")).At("denialProof.verdict"));
        Assert.False(await scene.Cluster.MayReadAsync(scene.Alice, scene.Namespace));
    }

    [Fact]
    public async Task A_namespace_that_cannot_be_cleaned_does_not_keep_the_rights_in_the_others()
    {
        var (scene, blocked, open) = await TwoNamespacesAsync();
        var id = (await scene.GrantAsync(scene.Terms("10m", "ClusterRole/edit", blocked, open))).Id();
        await using var webhook = await FailingWebhook.InstallAsync(scene.Cluster, blocked, "DELETE");

        await scene.As(scene.Alice).DoAsync(id, "relinquish");

        await scene.Cluster.MayNotReadSoonAsync(scene.Alice, open);
        var ending = await scene
            .As(scene.Alice)
            .WaitForAsync(id, state => state.At("trouble.what") == "revocation-delayed", "the trouble is told");
        Assert.Equal("ending", ending.At("status"));

        await webhook.DisposeAsync();
        await scene.As(scene.Alice).WaitForAsync(id, "ended");
        Assert.False(await scene.Cluster.MayReadAsync(scene.Alice, blocked));
    }

    [Fact]
    public async Task Half_an_activation_gives_no_rights_at_all()
    {
        var (scene, open, blocked) = await TwoNamespacesAsync();
        await using var webhook = await FailingWebhook.InstallAsync(scene.Cluster, blocked, "CREATE");

        var id = await scene.AskAsync(scene.Terms("10m", "ClusterRole/edit", open, blocked));
        await scene.As(scene.Bob).ApproveAsync(id);
        await scene
            .As(scene.Alice)
            .WaitForAsync(id, state => state.At("trouble.what") == "activation-delayed", "the trouble is told");
        await scene.Cluster.MayNotReadSoonAsync(scene.Alice, open);

        await webhook.DisposeAsync();
        await scene.As(scene.Alice).WaitForAsync(id, "active");
        await scene.Cluster.MayReadSoonAsync(scene.Alice, open);
        await scene.Cluster.MayReadSoonAsync(scene.Alice, blocked);
    }

    private async Task<(Scene Scene, string First, string Second)> TwoNamespacesAsync()
    {
        var scene = await Scene.SetAsync(stage.Platform);
        var second = $"{scene.Namespace}-b";
        await scene.Cluster.CreateNamespaceAsync(second);
        return (scene, scene.Namespace, second);
    }
}
