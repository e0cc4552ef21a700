namespace JitFunctions.EndToEnd.Tests.Access;

/// <summary>
/// What the engine of the orchestrations keeps outlives a grant, and others may read it: on Azure, in tables and
/// queues.
/// </summary>
public sealed class EngineContentsTests(PlatformFixture fixture)
{
    private readonly DurableEngine _engine = DurableEngine.Of(fixture.Platform);

    [Fact]
    public async Task The_engine_stores_only_the_id_and_the_times_of_a_request()
    {
        var team = await Team.SetAsync(fixture.Platform);
        await team.Cluster.CreateNamespaceAsync(team.NamespaceOf("lent"));
        var reason = $"because of {team.NamespaceOf("ticket")}";
        var grant = await team.GrantAsync(EphemeralTests.Terms(team).With("reason", reason));
        var credential = await EphemeralTests.IssueAsync(team, grant.Id());
        await team.As(team.Alice).DoAsync(grant.Id(), "relinquish");
        await team.As(team.Alice).WaitForAsync(grant.Id(), "ended");

        Assert.True(await _engine.MentionsAsync(grant.Id()));
        var contents = await _engine.ContentsAsync().ToListAsync(TestContext.Current.CancellationToken);
        string[] unknown =
        [
            reason,
            team.Alice.UserName,
            team.Bob.UserName,
            "payments-leads",
            team.NamespaceOf("lent"),
            credential.At("token")!.Split('.')[2],
            fixture.Platform.Issuer.IssueToken(team.Alice).Split('.')[0],
            fixture.Platform.Notifications.Secret,
            fixture.Platform.Database,
            fixture.Platform.Issuer.Directory.Identity.Header,
        ];
        foreach (var secret in unknown)
            Assert.DoesNotContain(contents, row => row.Contains(secret, StringComparison.OrdinalIgnoreCase));
    }
}
