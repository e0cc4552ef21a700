using JitFunctions.LocalStack;

namespace JitFunctions.EndToEnd.Tests.Access;

/// <summary>Who has left the group decides nothing any more, with whatever token from before.</summary>
public sealed class FormerMemberTests(PlatformFixture fixture)
{
    private UserDirectory Directory => fixture.Platform.Issuer.Directory;

    [Fact]
    public async Task A_former_approver_neither_approves_nor_denies_a_request()
    {
        var team = await Team.SetAsync(fixture.Platform);
        var id = await team.AskAsync();
        var before = Leave(team, team.Bob);
        foreach (var verdict in new[] { "approve", "deny" })
            (await before.ReviewAsync(id, verdict)).ExpectProblem(403, "not-an-approver");
        Assert.Empty((await team.As(team.Alice).ReadAsync(id))["reviews"]!.AsArray());
    }

    [Fact]
    public async Task A_former_approver_extends_nothing_and_a_present_one_does()
    {
        var team = await Team.SetAsync(fixture.Platform, "again");
        var grant = await team.GrantAsync(team.Terms("8m", "ClusterRole/view", team.NamespaceOf("again")));
        await team.As(team.Alice).DoAsync(grant.Id(), "extend", new { duration = "5m", reason = "not done" });

        var before = Leave(team, team.Bob);
        foreach (var verdict in new[] { "approve", "deny" })
            (await before.ReviewAsync(grant.Id(), verdict)).ExpectProblem(403, "not-an-approver");
        var waiting = await team.As(team.Alice).ReadAsync(grant.Id());
        Assert.Equal((grant.At("expiresAt"), "5m"), (waiting.At("expiresAt"), waiting.At("extension.duration")));

        var extended = await team.As(team.New("berta", "payments-leads")).ApproveAsync(grant.Id());
        Assert.Equal(grant.TimeAt("expiresAt").AddMinutes(5), extended.TimeAt("expiresAt"));
    }

    [Fact]
    public async Task A_former_approver_settles_no_break_glass()
    {
        var team = await Team.SetAsync(fixture.Platform, "fire");
        var terms = team.Terms("5m", "ClusterRole/view", team.NamespaceOf("fire")).With("breakGlass", true);
        var id = (await team.As(team.Alice).AskAsync(terms)).Id();
        await team.As(team.Alice).WaitForAsync(id, "active");

        var before = Leave(team, team.Bob);
        foreach (var verdict in new[] { "approve", "deny" })
            (await before.ReviewAsync(id, verdict)).ExpectProblem(403, "not-an-approver");
        Assert.Equal(
            (null, "active"),
            (
                (await team.As(team.Alice).ReadAsync(id)).At("breakGlass.settledAt"),
                (await team.As(team.Alice).ReadAsync(id)).At("status")
            )
        );

        var settled = await team.As(team.New("berta", "payments-leads")).ApproveAsync(id);
        Assert.Equal("true", settled.At("breakGlass.justified"));
    }

    [Fact]
    public async Task Neither_a_former_approver_nor_a_former_administrator_revokes()
    {
        var team = await Team.SetAsync(fixture.Platform);
        var grant = await team.GrantAsync();
        foreach (var before in new[] { Leave(team, team.Bob), Leave(team, team.Administrator) })
            (await before.PostAsync($"/api/requests/{grant.Id()}/revoke")).ExpectProblem(403, "not-allowed");
        Assert.Equal("active", (await team.As(team.Alice).ReadAsync(grant.Id())).At("status"));
        await team.As(team.New("berta", "payments-leads")).DoAsync(grant.Id(), "revoke");
    }

    /// <summary>Olga administers with another account, as the policies say.</summary>
    [Fact]
    public async Task An_administrator_s_other_account_reviews_nothing_whatever_group_it_is_in()
    {
        var team = await Team.SetAsync(fixture.Platform);
        Directory.SetGroups("olga.adm@example.com", "platform-admins");
        var olga = team.As(new Person("olga", "olga@example.com", "payments-leads"));
        var id = await team.AskAsync();
        foreach (var verdict in new[] { "approve", "deny" })
            (await olga.ReviewAsync(id, verdict)).ExpectProblem(403, "administrator-review");

        Directory.SetGroups("otto.adm@example.com", "everyone");
        await team.As(new Person("otto", "otto@example.com", "payments-leads")).ApproveAsync(id);
        await team.As(team.Alice).WaitForAsync(id, "active");
    }

    private Api Leave(Team team, Person person)
    {
        var before = team.As(person);
        Directory.SetGroups(person.UserName, "others");
        return before;
    }
}
