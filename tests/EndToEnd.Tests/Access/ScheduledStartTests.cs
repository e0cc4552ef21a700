using JitFunctions.LocalStack;

namespace JitFunctions.EndToEnd.Tests.Access;

/// <summary>
/// Rights that are approved now and begin later: then everything that the decision rested on is looked at once more.
/// </summary>
public sealed class ScheduledStartTests(PlatformFixture fixture)
{
    private const string Prefix = "plan";

    // Everything that a test does before the start has to be done by then, on however busy a machine.
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Before_the_start_there_is_nothing_and_with_it_the_time_begins()
    {
        var (team, ns, id) = await AskAsync();
        var approved = await team.As(team.Bob).ApproveAsync(id);
        Assert.Equal("approved", approved.At("status"));
        Assert.False(await team.Cluster.HasBindingAsync(ns, $"jit-{id}"));
        Assert.False(await team.Cluster.MayReadAsync(team.Alice, ns));

        var active = await team.As(team.Alice).WaitForAsync(id, "active");

        Assert.InRange(active.TimeAt("activatedAt") - active.TimeAt("start"), TimeSpan.Zero, TimeSpan.FromMinutes(1));
        Assert.InRange(
            active.TimeAt("expiresAt"),
            active.TimeAt("start").AddMinutes(10),
            active.TimeAt("activatedAt").AddMinutes(10)
        );
        await team.Cluster.MayReadSoonAsync(team.Alice, ns);
    }

    [Fact]
    public async Task What_was_withdrawn_or_revoked_before_the_start_never_begins()
    {
        var (team, ns, withdrawn) = await AskAsync();
        var revoked = await team.AskAsync(team.Planned(ns, Soon));
        foreach (var id in new[] { withdrawn, revoked })
            await team.As(team.Bob).ApproveAsync(id);

        Assert.Equal("withdrawn", (await team.As(team.Alice).DoAsync(withdrawn, "withdraw")).At("status"));
        await team.As(team.Bob).DoAsync(revoked, "revoke");
        var ended = await team.As(team.Alice).WaitForAsync(revoked, "ended");

        await Eventually.IsAsync(ended.TimeAt("start").AddSeconds(2));
        foreach (var id in new[] { withdrawn, revoked })
        {
            Assert.DoesNotContain("activation_started", (await team.As(team.Alice).EventsAsync(id)).Types());
            Assert.False(await team.Cluster.HasBindingAsync(ns, $"jit-{id}"));
        }
    }

    [Fact]
    public async Task What_is_approved_after_the_start_has_passed_begins_at_once_with_its_full_time()
    {
        var team = await Team.SetAsync(fixture.Platform, Prefix);
        var id = await team.AskAsync(team.Planned(team.NamespaceOf(Prefix), TimeSpan.FromSeconds(1)));
        await Eventually.IsAsync(TimeProvider.System.GetUtcNow().AddSeconds(2));

        var approved = await team.As(team.Bob).ApproveAsync(id);

        Assert.True(approved.TimeAt("approvedAt") > approved.TimeAt("start"));
        var active = await team.As(team.Alice).WaitForAsync(id, "active");
        Assert.InRange(
            active.TimeAt("expiresAt"),
            approved.TimeAt("approvedAt").AddMinutes(10),
            active.TimeAt("activatedAt").AddMinutes(10)
        );
    }

    [Fact]
    public async Task A_start_is_asked_for_only_where_and_as_far_ahead_as_the_policy_lets()
    {
        var team = Team.WithoutNamespace(fixture.Platform);
        var refused = (
            await team.As(team.Alice).PostAsync("/api/requests", team.Planned(team.Namespace, Soon))
        ).ExpectProblem(403, "not-covered");
        Assert.Contains("no scheduled start", refused.Json.At("detail"), StringComparison.Ordinal);

        refused = (
            await team.As(team.Alice)
                .PostAsync("/api/requests", team.Planned(team.NamespaceOf(Prefix), TimeSpan.FromHours(169)))
        ).ExpectProblem(403, "not-covered");
        Assert.Contains("a start at most 168h from now", refused.Json.At("detail"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("left the group", "no longer among those")]
    [InlineData("left the organisation", "knows nobody called")]
    [InlineData("disabled", "is disabled in the directory")]
    public async Task A_requester_who_is_no_longer_entitled_at_the_start_gets_nothing(string what, string why)
    {
        var (team, ns, id) = await AskAsync();
        await team.As(team.Bob).ApproveAsync(id);

        Leave(team.Alice, what);

        var failed = await team.As(team.Auditor).WaitForAsync(id, "failed");
        Assert.Contains(why, failed.At("ending.comment"), StringComparison.Ordinal);
        Assert.DoesNotContain("activation_started", (await team.As(team.Auditor).EventsAsync(id)).Types());
        Assert.False(await team.Cluster.HasBindingAsync(ns, $"jit-{id}"));
    }

    [Theory]
    [InlineData("left the group")]
    [InlineData("disabled")]
    [InlineData("became an administrator")]
    public async Task An_approver_who_is_none_any_more_at_the_start_does_not_count_and_another_has_to_approve(
        string what
    )
    {
        var (team, ns, id) = await AskAsync();
        await team.As(team.Bob).ApproveAsync(id);

        Leave(team.Bob, what);

        var pending = await team.As(team.Alice).WaitForAsync(id, "pending");
        Assert.Equal("false", Assert.Single(pending["reviews"]!.AsArray())!.At("counts"));
        Assert.False(await team.Cluster.HasBindingAsync(ns, $"jit-{id}"));
        var voided = Assert.Single(await team.As(team.Alice).EventsAsync(id), e => e.At("type") == "approval_voided");
        Assert.Contains(team.Bob.UserName, voided.At("data.detail"), StringComparison.Ordinal);

        await team.As(team.New("bella", "payments-leads")).ApproveAsync(id);
        var active = await team.As(team.Alice).WaitForAsync(id, "active");
        Assert.Equal(["false", "true"], active["reviews"]!.AsArray().Select(review => review!.At("counts")));
    }

    private async Task<(Team Scene, string Namespace, string Id)> AskAsync()
    {
        var team = await Team.SetAsync(fixture.Platform, Prefix);
        return (team, team.NamespaceOf(Prefix), await team.AskAsync(team.Planned(team.NamespaceOf(Prefix), Soon)));
    }

    // In the directory, whatever their tokens go on saying.
    private void Leave(Person person, string what)
    {
        var directory = fixture.Platform.Issuer.Directory;
        switch (what)
        {
            case "left the group":
                directory.SetGroups(person.UserName, "others");
                break;
            case "became an administrator":
                directory.SetGroups(person.UserName, [.. person.Groups, "platform-admins"]);
                break;
            case "disabled":
                directory.Disable(person.UserName);
                break;
            default:
                directory.Remove(person.UserName);
                break;
        }
    }
}
