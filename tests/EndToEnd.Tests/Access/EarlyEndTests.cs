namespace JitFunctions.EndToEnd.Tests.Access;

public sealed class EarlyEndTests(Stage stage)
{
    [Fact]
    public async Task The_requester_relinquishes()
    {
        var scene = await Scene.SetAsync(stage.Platform);
        var id = (await scene.GrantAsync()).Id();
        await scene.Cluster.MayReadSoonAsync(scene.Alice, scene.Namespace);

        await scene.As(scene.Alice).DoAsync(id, "relinquish", new { comment = "done" });
        await ItHasEndedAsync(scene, id, "relinquished", scene.Alice.UserName, "done");
    }

    [Fact]
    public async Task An_approver_revokes()
    {
        var scene = await Scene.SetAsync(stage.Platform);
        var id = (await scene.GrantAsync()).Id();

        await scene.As(scene.Bob).DoAsync(id, "revoke", new { comment = "enough" });
        await ItHasEndedAsync(scene, id, "revoked", scene.Bob.UserName, "enough");
    }

    [Fact]
    public async Task An_administrator_revokes_without_a_word()
    {
        var scene = await Scene.SetAsync(stage.Platform);
        var id = (await scene.GrantAsync()).Id();

        await scene.As(scene.Administrator).DoAsync(id, "revoke");
        await ItHasEndedAsync(scene, id, "revoked", scene.Administrator.UserName, null);
    }

    [Fact]
    public async Task Ending_twice_is_ending_once()
    {
        var scene = await Scene.SetAsync(stage.Platform);
        var id = (await scene.GrantAsync()).Id();
        await scene.As(scene.Alice).DoAsync(id, "relinquish");
        var ended = await scene.As(scene.Alice).WaitForAsync(id, "ended");

        var again = await scene.As(scene.Alice).DoAsync(id, "relinquish");
        var revoked = await scene.As(scene.Bob).DoAsync(id, "revoke");

        Assert.Equal(ended.ToJsonString(), again.ToJsonString());
        Assert.Equal(ended.ToJsonString(), revoked.ToJsonString());
    }

    [Fact]
    public async Task A_revocation_right_behind_the_approval_leaves_nothing()
    {
        var scene = await Scene.SetAsync(stage.Platform);
        await Task.WhenAll(
            Enumerable
                .Range(0, 5)
                .Select(async _ =>
                {
                    var id = await scene.AskAsync();
                    await scene.As(scene.Bob).ApproveAsync(id);
                    await Eventually.Async(
                        async () =>
                            (await scene.As(scene.Bob).PostAsync($"/api/requests/{id}/revoke")).Code != "conflict",
                        "the revocation is heard"
                    );
                    await scene.As(scene.Alice).WaitForAsync(id, "ended");
                    Assert.False(await scene.Cluster.HasBindingAsync(scene.Namespace, $"jit-{id}"));
                })
        );
        await scene.Cluster.MayNotReadSoonAsync(scene.Alice, scene.Namespace);
    }

    [Fact]
    public async Task A_withdrawn_request_never_reaches_the_cluster()
    {
        var scene = await Scene.SetAsync(stage.Platform);
        var id = await scene.AskAsync();

        await scene.As(scene.Alice).DoAsync(id, "withdraw", new { comment = "solved" });

        var withdrawn = await scene.As(scene.Alice).WaitForAsync(id, "withdrawn");
        Assert.Equal(
            ("withdrawn", scene.Alice.UserName, "solved"),
            (withdrawn.At("ending.cause"), withdrawn.At("ending.by"), withdrawn.At("ending.comment"))
        );
        (await scene.As(scene.Bob).ReviewAsync(id, "approve")).ExpectProblem(409, "wrong-state");
        Assert.False(await scene.Cluster.HasBindingAsync(scene.Namespace, $"jit-{id}"));
    }

    [Fact]
    public async Task A_denied_request_never_reaches_the_cluster()
    {
        var scene = await Scene.SetAsync(stage.Platform);
        var id = await scene.AskAsync();

        await scene.As(scene.Bob).DenyAsync(id, "not now");

        var denied = await scene.As(scene.Alice).WaitForAsync(id, "denied");
        var review = Assert.Single(denied["reviews"]!.AsArray())!;
        Assert.Equal(
            (scene.Bob.UserName, "deny", "not now"),
            (review.At("reviewer"), review.At("verdict"), review.At("comment"))
        );
        Assert.False(await scene.Cluster.HasBindingAsync(scene.Namespace, $"jit-{id}"));
        Assert.False(await scene.Cluster.MayReadAsync(scene.Alice, scene.Namespace));
    }

    private static async Task ItHasEndedAsync(Scene scene, string id, string cause, string by, string? comment)
    {
        await scene.Cluster.MayNotReadSoonAsync(scene.Alice, scene.Namespace);
        var ended = await scene.As(scene.Alice).WaitForAsync(id, "ended");
        Assert.Equal(
            (cause, by, comment),
            (ended.At("ending.cause"), ended.At("ending.by"), ended.At("ending.comment"))
        );
        Assert.True(ended.TimeAt("endedAt") < ended.TimeAt("expiresAt"));
        Assert.Equal("denied", ended.At("denialProof.verdict"));
        Assert.False(await scene.Cluster.HasBindingAsync(scene.Namespace, $"jit-{id}"));
    }
}
