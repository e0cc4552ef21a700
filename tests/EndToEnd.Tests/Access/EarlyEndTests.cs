namespace JitFunctions.EndToEnd.Tests.Access;

public sealed class EarlyEndTests(PlatformFixture fixture)
{
    [Fact]
    public async Task The_requester_relinquishes()
    {
        var team = await Team.SetAsync(fixture.Platform);
        var id = (await team.GrantAsync()).Id();
        await team.Cluster.MayReadSoonAsync(team.Alice, team.Namespace);

        await team.As(team.Alice).DoAsync(id, "relinquish", new { comment = "done" });
        await ItHasEndedAsync(team, id, "relinquished", team.Alice.UserName, "done");
    }

    [Fact]
    public async Task An_approver_revokes()
    {
        var team = await Team.SetAsync(fixture.Platform);
        var id = (await team.GrantAsync()).Id();

        await team.As(team.Bob).DoAsync(id, "revoke", new { comment = "enough" });
        await ItHasEndedAsync(team, id, "revoked", team.Bob.UserName, "enough");
    }

    [Fact]
    public async Task An_administrator_revokes_without_a_word()
    {
        var team = await Team.SetAsync(fixture.Platform);
        var id = (await team.GrantAsync()).Id();

        await team.As(team.Administrator).DoAsync(id, "revoke");
        await ItHasEndedAsync(team, id, "revoked", team.Administrator.UserName, null);
    }

    [Fact]
    public async Task Ending_twice_is_ending_once()
    {
        var team = await Team.SetAsync(fixture.Platform);
        var id = (await team.GrantAsync()).Id();
        await team.As(team.Alice).DoAsync(id, "relinquish");
        var ended = await team.As(team.Alice).WaitForAsync(id, "ended");

        var again = await team.As(team.Alice).DoAsync(id, "relinquish");
        var revoked = await team.As(team.Bob).DoAsync(id, "revoke");

        Assert.Equal(ended.ToJsonString(), again.ToJsonString());
        Assert.Equal(ended.ToJsonString(), revoked.ToJsonString());
    }

    [Fact]
    public async Task A_revocation_right_behind_the_approval_leaves_nothing()
    {
        var team = await Team.SetAsync(fixture.Platform);
        await Task.WhenAll(
            Enumerable
                .Range(0, 5)
                .Select(async _ =>
                {
                    var id = await team.AskAsync();
                    await team.As(team.Bob).ApproveAsync(id);
                    await Eventually.Async(
                        async () =>
                            (await team.As(team.Bob).PostAsync($"/api/requests/{id}/revoke")).Code != "conflict",
                        "the revocation is heard"
                    );
                    await team.As(team.Alice).WaitForAsync(id, "ended");
                    Assert.False(await team.Cluster.HasBindingAsync(team.Namespace, $"jit-{id}"));
                })
        );
        await team.Cluster.MayNotReadSoonAsync(team.Alice, team.Namespace);
    }

    [Fact]
    public async Task A_withdrawn_request_never_reaches_the_cluster()
    {
        var team = await Team.SetAsync(fixture.Platform);
        var id = await team.AskAsync();

        await team.As(team.Alice).DoAsync(id, "withdraw", new { comment = "solved" });

        var withdrawn = await team.As(team.Alice).WaitForAsync(id, "withdrawn");
        Assert.Equal(
            ("withdrawn", team.Alice.UserName, "solved"),
            (withdrawn.At("ending.cause"), withdrawn.At("ending.by"), withdrawn.At("ending.comment"))
        );
        (await team.As(team.Bob).ReviewAsync(id, "approve")).ExpectProblem(409, "wrong-state");
        Assert.False(await team.Cluster.HasBindingAsync(team.Namespace, $"jit-{id}"));
    }

    [Fact]
    public async Task A_denied_request_never_reaches_the_cluster()
    {
        var team = await Team.SetAsync(fixture.Platform);
        var id = await team.AskAsync();

        await team.As(team.Bob).DenyAsync(id, "not now");

        var denied = await team.As(team.Alice).WaitForAsync(id, "denied");
        var review = Assert.Single(denied["reviews"]!.AsArray())!;
        Assert.Equal(
            (team.Bob.UserName, "deny", "not now"),
            (review.At("reviewer"), review.At("verdict"), review.At("comment"))
        );
        Assert.False(await team.Cluster.HasBindingAsync(team.Namespace, $"jit-{id}"));
        Assert.False(await team.Cluster.MayReadAsync(team.Alice, team.Namespace));
    }

    private static async Task ItHasEndedAsync(Team team, string id, string cause, string by, string? comment)
    {
        await team.Cluster.MayNotReadSoonAsync(team.Alice, team.Namespace);
        var ended = await team.As(team.Alice).WaitForAsync(id, "ended");
        Assert.Equal(
            (cause, by, comment),
            (ended.At("ending.cause"), ended.At("ending.by"), ended.At("ending.comment"))
        );
        Assert.True(ended.TimeAt("endedAt") < ended.TimeAt("expiresAt"));
        Assert.Equal("denied", ended.At("denialProof.verdict"));
        Assert.False(await team.Cluster.HasBindingAsync(team.Namespace, $"jit-{id}"));
    }
}
