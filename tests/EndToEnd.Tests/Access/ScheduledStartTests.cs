using JitFunctions.LocalStack;

namespace JitFunctions.EndToEnd.Tests.Access;

/// <summary>
/// Rights that are approved now and begin later: then everything that the decision rested on is looked at once more.
/// </summary>
public sealed class ScheduledStartTests(Stage stage)
{
    private const string Prefix = "plan";

    // Everything that a test does before the start has to be done by then, on however busy a machine.
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Before_the_start_there_is_nothing_and_with_it_the_time_begins()
    {
        var (scene, ns, id) = await AskAsync();
        var approved = await scene.As(scene.Bob).ApproveAsync(id);
        Assert.Equal("approved", approved.At("status"));
        Assert.False(await scene.Cluster.HasBindingAsync(ns, $"jit-{id}"));
        Assert.False(await scene.Cluster.MayReadAsync(scene.Alice, ns));

        var active = await scene.As(scene.Alice).WaitForAsync(id, "active");

        Assert.InRange(active.TimeAt("activatedAt") - active.TimeAt("start"), TimeSpan.Zero, TimeSpan.FromMinutes(1));
        Assert.InRange(
            active.TimeAt("expiresAt"),
            active.TimeAt("start").AddMinutes(10),
            active.TimeAt("activatedAt").AddMinutes(10)
        );
        await scene.Cluster.MayReadSoonAsync(scene.Alice, ns);
    }

    [Fact]
    public async Task What_was_withdrawn_or_revoked_before_the_start_never_begins()
    {
        var (scene, ns, withdrawn) = await AskAsync();
        var revoked = await scene.AskAsync(scene.Planned(ns, Soon));
        foreach (var id in new[] { withdrawn, revoked })
            await scene.As(scene.Bob).ApproveAsync(id);

        Assert.Equal("withdrawn", (await scene.As(scene.Alice).DoAsync(withdrawn, "withdraw")).At("status"));
        await scene.As(scene.Bob).DoAsync(revoked, "revoke");
        var ended = await scene.As(scene.Alice).WaitForAsync(revoked, "ended");

        await Eventually.IsAsync(ended.TimeAt("start").AddSeconds(2));
        foreach (var id in new[] { withdrawn, revoked })
        {
            Assert.DoesNotContain("activation_started", (await scene.As(scene.Alice).EventsAsync(id)).Types());
            Assert.False(await scene.Cluster.HasBindingAsync(ns, $"jit-{id}"));
        }
    }

    [Fact]
    public async Task What_is_approved_after_the_start_has_passed_begins_at_once_with_its_full_time()
    {
        var scene = await Scene.SetAsync(stage.Platform, Prefix);
        var id = await scene.AskAsync(scene.Planned(scene.NamespaceOf(Prefix), TimeSpan.FromSeconds(1)));
        await Eventually.IsAsync(TimeProvider.System.GetUtcNow().AddSeconds(2));

        var approved = await scene.As(scene.Bob).ApproveAsync(id);

        Assert.True(approved.TimeAt("approvedAt") > approved.TimeAt("start"));
        var active = await scene.As(scene.Alice).WaitForAsync(id, "active");
        Assert.InRange(
            active.TimeAt("expiresAt"),
            approved.TimeAt("approvedAt").AddMinutes(10),
            active.TimeAt("activatedAt").AddMinutes(10)
        );
    }

    [Fact]
    public async Task A_start_is_asked_for_only_where_and_as_far_ahead_as_the_policy_lets()
    {
        var scene = Scene.WithoutNamespace(stage.Platform);
        var refused = (
            await scene.As(scene.Alice).PostAsync("/api/requests", scene.Planned(scene.Namespace, Soon))
        ).ExpectProblem(403, "not-covered");
        Assert.Contains("no scheduled start", refused.Json.At("detail"), StringComparison.Ordinal);

        refused = (
            await scene
                .As(scene.Alice)
                .PostAsync("/api/requests", scene.Planned(scene.NamespaceOf(Prefix), TimeSpan.FromHours(169)))
        ).ExpectProblem(403, "not-covered");
        Assert.Contains("a start at most 168h from now", refused.Json.At("detail"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("left the group", "no longer among those")]
    [InlineData("left the organisation", "knows nobody called")]
    [InlineData("disabled", "is disabled in the directory")]
    public async Task A_requester_who_is_no_longer_entitled_at_the_start_gets_nothing(string what, string why)
    {
        var (scene, ns, id) = await AskAsync();
        await scene.As(scene.Bob).ApproveAsync(id);

        Leave(scene.Alice, what);

        var failed = await scene.As(scene.Auditor).WaitForAsync(id, "failed");
        Assert.Contains(why, failed.At("ending.comment"), StringComparison.Ordinal);
        Assert.DoesNotContain("activation_started", (await scene.As(scene.Auditor).EventsAsync(id)).Types());
        Assert.False(await scene.Cluster.HasBindingAsync(ns, $"jit-{id}"));
    }

    [Theory]
    [InlineData("left the group")]
    [InlineData("disabled")]
    [InlineData("became an administrator")]
    public async Task An_approver_who_is_none_any_more_at_the_start_does_not_count_and_another_has_to_approve(
        string what
    )
    {
        var (scene, ns, id) = await AskAsync();
        await scene.As(scene.Bob).ApproveAsync(id);

        Leave(scene.Bob, what);

        var pending = await scene.As(scene.Alice).WaitForAsync(id, "pending");
        Assert.Equal("false", Assert.Single(pending["reviews"]!.AsArray())!.At("counts"));
        Assert.False(await scene.Cluster.HasBindingAsync(ns, $"jit-{id}"));
        var voided = Assert.Single(await scene.As(scene.Alice).EventsAsync(id), e => e.At("type") == "approval_voided");
        Assert.Contains(scene.Bob.UserName, voided.At("data.detail"), StringComparison.Ordinal);

        await scene.As(scene.New("bella", "payments-leads")).ApproveAsync(id);
        var active = await scene.As(scene.Alice).WaitForAsync(id, "active");
        Assert.Equal(["false", "true"], active["reviews"]!.AsArray().Select(review => review!.At("counts")));
    }

    private async Task<(Scene Scene, string Namespace, string Id)> AskAsync()
    {
        var scene = await Scene.SetAsync(stage.Platform, Prefix);
        return (scene, scene.NamespaceOf(Prefix), await scene.AskAsync(scene.Planned(scene.NamespaceOf(Prefix), Soon)));
    }

    // In the directory, whatever their tokens go on saying.
    private void Leave(Person person, string what)
    {
        var directory = stage.Platform.Issuer.Directory;
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
