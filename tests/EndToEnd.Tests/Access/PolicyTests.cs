namespace JitFunctions.EndToEnd.Tests.Access;

public sealed class PolicyTests(PlatformFixture fixture)
{
    [Fact]
    public async Task An_automatic_policy_grants_without_anybody_and_nobody_reviews()
    {
        var team = await Team.SetAsync(fixture.Platform, "open");
        var id = await team.AskAsync(team.Terms(role: "ClusterRole/view", namespaces: team.NamespaceOf("open")));

        var active = await team.As(team.Alice).WaitForAsync(id, "active");

        Assert.Equal(("automatic", "true"), (active.At("policy.name"), active.At("policy.automatic")));
        Assert.Empty(active["reviews"]!.AsArray());
        await team.Cluster.MayReadSoonAsync(team.Alice, team.NamespaceOf("open"));
        (await team.As(team.Administrator).ReviewAsync(id, "deny")).ExpectProblem(409, "wrong-state");
    }

    [Fact]
    public async Task Where_nobody_decides_in_time_the_request_lapses()
    {
        var team = await Team.SetAsync(fixture.Platform, "brief");
        var id = await team.AskAsync(team.Terms(role: "ClusterRole/view", namespaces: team.NamespaceOf("brief")));

        var lapsed = await team.As(team.Alice).WaitForAsync(id, "lapsed");

        Assert.True(lapsed.TimeAt("endedAt") >= lapsed.TimeAt("decideBy"));
        var late = (await team.As(team.Bob).ReviewAsync(id, "approve")).ExpectProblem(409, "wrong-state");
        Assert.Equal("lapsed", late.Json.At("currentStatus"));
        Assert.False(await team.Cluster.HasBindingAsync(team.NamespaceOf("brief"), $"jit-{id}"));
    }

    [Fact]
    public async Task Where_two_must_approve_one_is_not_enough_however_often_he_says_so()
    {
        var team = await Team.SetAsync(fixture.Platform, "vault");
        var id = await team.AskAsync(team.Terms(namespaces: team.NamespaceOf("vault")));

        await team.As(team.Bob).ApproveAsync(id);
        Assert.Equal("pending", (await team.As(team.Bob).ApproveAsync(id)).At("status"));
        Assert.False(await team.Cluster.MayReadAsync(team.Alice, team.NamespaceOf("vault")));

        await team.As(team.Erin).ApproveAsync(id);
        var active = await team.As(team.Alice).WaitForAsync(id, "active");
        Assert.Equal(
            [team.Bob.UserName, team.Erin.UserName],
            active["reviews"]!.AsArray().Select(review => review!.At("reviewer"))
        );
    }
}
