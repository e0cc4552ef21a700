namespace JitFunctions.EndToEnd.Tests.Access;

/// <summary>When what a grant refers to is gone before the grant is.</summary>
public sealed class VanishingTests(PlatformFixture fixture)
{
    [Fact]
    public async Task A_grant_in_a_namespace_that_was_deleted_ends_all_the_same()
    {
        var team = await Team.SetAsync(fixture.Platform);
        var id = (await team.GrantAsync()).Id();
        await team.Cluster.AdminAsync("delete", "namespace", team.Namespace);

        await team.As(team.Alice).DoAsync(id, "relinquish");

        var ended = await team.As(team.Alice).WaitForAsync(id, "ended");
        Assert.Equal(("relinquished", "denied"), (ended.At("ending.cause"), ended.At("denialProof.verdict")));
    }

    [Fact]
    public async Task A_grant_of_a_role_that_was_deleted_ends_with_a_proof_all_the_same()
    {
        var team = await Team.SetAsync(fixture.Platform);
        await team.Cluster.AdminAsync(
            "create",
            "role",
            "debugger",
            "--verb=get,list",
            "--resource=pods",
            "-n",
            team.Namespace
        );
        var id = (await team.GrantAsync(team.Terms(role: "Role/debugger"))).Id();
        await team.Cluster.AdminAsync("delete", "role", "debugger", "-n", team.Namespace);

        await team.As(team.Bob).DoAsync(id, "revoke");

        var ended = await team.As(team.Alice).WaitForAsync(id, "ended");
        Assert.Equal("denied", ended.At("denialProof.verdict"));
        Assert.Contains("pods", ended.At("denialProof.detail"), StringComparison.Ordinal);
        Assert.False(await team.Cluster.HasBindingAsync(team.Namespace, $"jit-{id}"));
    }
}
