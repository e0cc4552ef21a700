namespace JitFunctions.EndToEnd.Tests.Access;

/// <summary>When what a grant refers to is gone before the grant is.</summary>
public sealed class VanishingTests(Stage stage)
{
    [Fact]
    public async Task A_grant_in_a_namespace_that_was_deleted_ends_all_the_same()
    {
        var scene = await Scene.SetAsync(stage.Platform);
        var id = (await scene.GrantAsync()).Id();
        await scene.Cluster.AdminAsync("delete", "namespace", scene.Namespace);

        await scene.As(scene.Alice).DoAsync(id, "relinquish");

        var ended = await scene.As(scene.Alice).WaitForAsync(id, "ended");
        Assert.Equal(("relinquished", "denied"), (ended.At("ending.cause"), ended.At("denialProof.verdict")));
    }

    [Fact]
    public async Task A_grant_of_a_role_that_was_deleted_ends_with_a_proof_all_the_same()
    {
        var scene = await Scene.SetAsync(stage.Platform);
        await scene.Cluster.AdminAsync(
            "create",
            "role",
            "debugger",
            "--verb=get,list",
            "--resource=pods",
            "-n",
            scene.Namespace
        );
        var id = (await scene.GrantAsync(scene.Terms(role: "Role/debugger"))).Id();
        await scene.Cluster.AdminAsync("delete", "role", "debugger", "-n", scene.Namespace);

        await scene.As(scene.Bob).DoAsync(id, "revoke");

        var ended = await scene.As(scene.Alice).WaitForAsync(id, "ended");
        Assert.Equal("denied", ended.At("denialProof.verdict"));
        Assert.Contains("pods", ended.At("denialProof.detail"), StringComparison.Ordinal);
        Assert.False(await scene.Cluster.HasBindingAsync(scene.Namespace, $"jit-{id}"));
    }
}
