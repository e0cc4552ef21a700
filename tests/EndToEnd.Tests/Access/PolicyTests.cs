namespace JitFunctions.EndToEnd.Tests.Access;

public sealed class PolicyTests(Stage stage)
{
    [Fact]
    public async Task An_automatic_policy_grants_without_anybody_and_nobody_reviews()
    {
        var scene = await Scene.SetAsync(stage.Platform, "open");
        var id = await scene.AskAsync(scene.Terms(role: "ClusterRole/view", namespaces: scene.NamespaceOf("open")));

        var active = await scene.As(scene.Alice).WaitForAsync(id, "active");

        Assert.Equal(("automatic", "true"), (active.At("policy.name"), active.At("policy.automatic")));
        Assert.Empty(active["reviews"]!.AsArray());
        await scene.Cluster.MayReadSoonAsync(scene.Alice, scene.NamespaceOf("open"));
        (await scene.As(scene.Administrator).ReviewAsync(id, "deny")).ExpectProblem(409, "wrong-state");
    }

    [Fact]
    public async Task Where_nobody_decides_in_time_the_request_lapses()
    {
        var scene = await Scene.SetAsync(stage.Platform, "brief");
        var id = await scene.AskAsync(scene.Terms(role: "ClusterRole/view", namespaces: scene.NamespaceOf("brief")));

        var lapsed = await scene.As(scene.Alice).WaitForAsync(id, "lapsed");

        Assert.True(lapsed.TimeAt("endedAt") >= lapsed.TimeAt("decideBy"));
        var late = (await scene.As(scene.Bob).ReviewAsync(id, "approve")).ExpectProblem(409, "wrong-state");
        Assert.Equal("lapsed", late.Json.At("currentStatus"));
        Assert.False(await scene.Cluster.HasBindingAsync(scene.NamespaceOf("brief"), $"jit-{id}"));
    }

    [Fact]
    public async Task Where_two_must_approve_one_is_not_enough_however_often_he_says_so()
    {
        var scene = await Scene.SetAsync(stage.Platform, "vault");
        var id = await scene.AskAsync(scene.Terms(namespaces: scene.NamespaceOf("vault")));

        await scene.As(scene.Bob).ApproveAsync(id);
        Assert.Equal("pending", (await scene.As(scene.Bob).ApproveAsync(id)).At("status"));
        Assert.False(await scene.Cluster.MayReadAsync(scene.Alice, scene.NamespaceOf("vault")));

        await scene.As(scene.Erin).ApproveAsync(id);
        var active = await scene.As(scene.Alice).WaitForAsync(id, "active");
        Assert.Equal(
            [scene.Bob.UserName, scene.Erin.UserName],
            active["reviews"]!.AsArray().Select(review => review!.At("reviewer"))
        );
    }
}
