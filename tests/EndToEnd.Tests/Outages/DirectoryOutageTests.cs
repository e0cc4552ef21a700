namespace JitFunctions.EndToEnd.Tests.Outages;

[Collection(OutageFixture.Name)]
public sealed class DirectoryOutageTests(OutageFixture fixture)
{
    [Fact]
    public async Task What_cannot_be_looked_up_is_not_activated_until_it_can_be()
    {
        var team = await fixture.RestoreAsync();
        var (reviewed, planned) = (await team.AskAsync(), await PlannedAsync(team));
        fixture.Platform.Issuer.Directory.Stop();
        foreach (var id in new[] { reviewed, planned })
            await team.As(team.Bob).ApproveAsync(id);

        foreach (var id in new[] { reviewed, planned })
        {
            var waiting = await team.As(team.Alice)
                .WaitForAsync(id, request => request.At("trouble.what") == "activation-delayed", "it is tried");
            Assert.Equal("approved", waiting.At("status"));
            Assert.Contains("cannot be told", waiting.At("trouble.detail"), StringComparison.Ordinal);
            Assert.DoesNotContain("activation_started", (await team.As(team.Alice).EventsAsync(id)).Types());
        }

        fixture.Platform.Issuer.Directory.Start();
        foreach (var id in new[] { reviewed, planned })
            Assert.Null((await team.As(team.Alice).WaitForAsync(id, "active"))["trouble"]);
    }

    [Fact]
    public async Task While_the_directory_is_away_nothing_is_had_for_longer_and_everything_can_be_ended()
    {
        var team = await fixture.RestoreAsync();
        await team.Cluster.CreateNamespaceAsync(team.NamespaceOf("again"));
        var grant = await team.GrantAsync(team.Terms("8m", "ClusterRole/view", team.NamespaceOf("again")));
        await team.As(team.Alice).DoAsync(grant.Id(), "extend", new { duration = "5m", reason = "not done" });
        fixture.Platform.Issuer.Directory.Stop();

        var refused = (await team.As(team.Bob).ReviewAsync(grant.Id(), "approve")).ExpectProblem(503, "indeterminate");
        Assert.Contains("cannot be told", refused.Json.At("detail"), StringComparison.Ordinal);
        Assert.Equal(grant.At("expiresAt"), (await team.As(team.Alice).ReadAsync(grant.Id())).At("expiresAt"));
        Assert.Null((await team.As(team.Bob).DenyAsync(grant.Id()))["extension"]);
        await team.As(team.Bob).DoAsync(grant.Id(), "revoke");
        await team.As(team.Alice).WaitForAsync(grant.Id(), "ended");
        fixture.Platform.Issuer.Directory.Start();
    }

    private static async Task<string> PlannedAsync(Team team)
    {
        await team.Cluster.CreateNamespaceAsync(team.NamespaceOf("plan"));
        return await team.AskAsync(team.Planned(team.NamespaceOf("plan"), TimeSpan.FromSeconds(2)));
    }
}
