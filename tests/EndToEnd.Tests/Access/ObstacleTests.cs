namespace JitFunctions.EndToEnd.Tests.Access;

/// <summary>Grants that somebody with power over the cluster tries to keep alive.</summary>
public sealed class ObstacleTests(PlatformFixture fixture)
{
    private const string Finalizer = """[{"op":"add","path":"/metadata/finalizers","value":["example.com/forever"]}]""";

    [Fact]
    public async Task A_finalizer_does_not_keep_a_grant_in_force()
    {
        var team = await Team.SetAsync(fixture.Platform);
        var id = (await team.GrantAsync()).Id();
        await team.Cluster.PatchBindingAsync(team.Namespace, $"jit-{id}", Finalizer);

        await team.As(team.Alice).DoAsync(id, "relinquish");

        Assert.Equal("denied", (await team.As(team.Alice).WaitForAsync(id, "ended")).At("denialProof.verdict"));
        Assert.False(await team.Cluster.MayReadAsync(team.Alice, team.Namespace));
    }

    [Fact]
    public async Task A_namespace_that_cannot_be_cleaned_does_not_keep_the_rights_in_the_others()
    {
        var (team, blocked, open) = await TwoNamespacesAsync();
        var id = (await team.GrantAsync(team.Terms("10m", "ClusterRole/edit", blocked, open))).Id();
        await using var webhook = await FailingWebhook.InstallAsync(team.Cluster, blocked, "DELETE");

        await team.As(team.Alice).DoAsync(id, "relinquish");

        await team.Cluster.MayNotReadSoonAsync(team.Alice, open);
        var ending = await team.As(team.Alice)
            .WaitForAsync(id, state => state.At("trouble.what") == "revocation-delayed", "the trouble is told");
        Assert.Equal("ending", ending.At("status"));

        await webhook.DisposeAsync();
        await team.As(team.Alice).WaitForAsync(id, "ended");
        Assert.False(await team.Cluster.MayReadAsync(team.Alice, blocked));
    }

    [Fact]
    public async Task A_partial_activation_gives_no_rights()
    {
        var (team, open, blocked) = await TwoNamespacesAsync();
        await using var webhook = await FailingWebhook.InstallAsync(team.Cluster, blocked, "CREATE");

        var id = await team.AskAsync(team.Terms("10m", "ClusterRole/edit", open, blocked));
        await team.As(team.Bob).ApproveAsync(id);
        await team.As(team.Alice)
            .WaitForAsync(id, state => state.At("trouble.what") == "activation-delayed", "the trouble is told");
        await team.Cluster.MayNotReadSoonAsync(team.Alice, open);

        await webhook.DisposeAsync();
        await team.As(team.Alice).WaitForAsync(id, "active");
        await team.Cluster.MayReadSoonAsync(team.Alice, open);
        await team.Cluster.MayReadSoonAsync(team.Alice, blocked);
    }

    private async Task<(Team Scene, string First, string Second)> TwoNamespacesAsync()
    {
        var team = await Team.SetAsync(fixture.Platform);
        var second = $"{team.Namespace}-b";
        await team.Cluster.CreateNamespaceAsync(second);
        return (team, team.Namespace, second);
    }
}
