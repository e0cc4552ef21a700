namespace JitFunctions.EndToEnd.Tests.Access;

/// <summary>When something else allows what a grant allowed.</summary>
public sealed class OverlapTests(Stage stage)
{
    [Fact]
    public async Task Ending_one_of_two_grants_leaves_the_other_and_its_proof_names_it()
    {
        var scene = await Scene.SetAsync(stage.Platform);
        var (first, second) = ((await scene.GrantAsync()).Id(), (await scene.GrantAsync()).Id());

        await scene.As(scene.Alice).DoAsync(first, "relinquish");
        var ended = await scene.As(scene.Alice).WaitForAsync(first, "ended");

        Assert.Equal("stillAllowed", ended.At("denialProof.verdict"));
        Assert.Contains($"jit-{second}", ended.At("denialProof.detail"), StringComparison.Ordinal);
        Assert.True(await scene.Cluster.MayReadAsync(scene.Alice, scene.Namespace));
        Assert.Equal("active", (await scene.As(scene.Alice).ReadAsync(second)).At("status"));

        await scene.As(scene.Alice).DoAsync(second, "relinquish");
        var last = await scene.As(scene.Alice).WaitForAsync(second, "ended");
        Assert.Equal("denied", last.At("denialProof.verdict"));
        await scene.Cluster.MayNotReadSoonAsync(scene.Alice, scene.Namespace);
    }

    [Fact]
    public async Task A_standing_binding_that_allows_the_same_is_named_in_the_proof()
    {
        var scene = await Scene.SetAsync(stage.Platform);
        await scene.Cluster.CreateBindingAsync(scene.Namespace, "standing-view", "view", scene.Alice.UserName);
        var id = (await scene.GrantAsync()).Id();

        await scene.As(scene.Alice).DoAsync(id, "relinquish");

        var ended = await scene.As(scene.Alice).WaitForAsync(id, "ended");
        Assert.Equal("stillAllowed", ended.At("denialProof.verdict"));
        Assert.Contains("standing-view", ended.At("denialProof.detail"), StringComparison.Ordinal);
        Assert.True(await scene.Cluster.MayReadAsync(scene.Alice, scene.Namespace));
    }
}
