using JitFunctions.LocalStack;

namespace JitFunctions.EndToEnd.Tests.Access;

/// <summary>Who has left the group decides nothing any more, with whatever token from before.</summary>
public sealed class FormerMemberTests(Stage stage)
{
    private UserDirectory Directory => stage.Platform.Issuer.Directory;

    [Fact]
    public async Task A_former_approver_neither_approves_nor_denies_a_request()
    {
        var scene = await Scene.SetAsync(stage.Platform);
        var id = await scene.AskAsync();
        var before = Leave(scene, scene.Bob);
        foreach (var verdict in new[] { "approve", "deny" })
            (await before.ReviewAsync(id, verdict)).ExpectProblem(403, "not-an-approver");
        Assert.Empty((await scene.As(scene.Alice).ReadAsync(id))["reviews"]!.AsArray());
    }

    [Fact]
    public async Task A_former_approver_extends_nothing_and_a_present_one_does()
    {
        var scene = await Scene.SetAsync(stage.Platform, "again");
        var grant = await scene.GrantAsync(scene.Terms("8m", "ClusterRole/view", scene.NamespaceOf("again")));
        await scene.As(scene.Alice).DoAsync(grant.Id(), "extend", new { duration = "5m", reason = "not done" });

        var before = Leave(scene, scene.Bob);
        foreach (var verdict in new[] { "approve", "deny" })
            (await before.ReviewAsync(grant.Id(), verdict)).ExpectProblem(403, "not-an-approver");
        var waiting = await scene.As(scene.Alice).ReadAsync(grant.Id());
        Assert.Equal((grant.At("expiresAt"), "5m"), (waiting.At("expiresAt"), waiting.At("extension.duration")));

        var extended = await scene.As(scene.New("berta", "payments-leads")).ApproveAsync(grant.Id());
        Assert.Equal(grant.TimeAt("expiresAt").AddMinutes(5), extended.TimeAt("expiresAt"));
    }

    [Fact]
    public async Task A_former_approver_settles_no_break_glass()
    {
        var scene = await Scene.SetAsync(stage.Platform, "fire");
        var terms = scene.Terms("5m", "ClusterRole/view", scene.NamespaceOf("fire")).With("breakGlass", true);
        var id = (await scene.As(scene.Alice).AskAsync(terms)).Id();
        await scene.As(scene.Alice).WaitForAsync(id, "active");

        var before = Leave(scene, scene.Bob);
        foreach (var verdict in new[] { "approve", "deny" })
            (await before.ReviewAsync(id, verdict)).ExpectProblem(403, "not-an-approver");
        Assert.Equal(
            (null, "active"),
            (
                (await scene.As(scene.Alice).ReadAsync(id)).At("breakGlass.settledAt"),
                (await scene.As(scene.Alice).ReadAsync(id)).At("status")
            )
        );

        var settled = await scene.As(scene.New("berta", "payments-leads")).ApproveAsync(id);
        Assert.Equal("true", settled.At("breakGlass.justified"));
    }

    [Fact]
    public async Task Neither_a_former_approver_nor_a_former_administrator_revokes()
    {
        var scene = await Scene.SetAsync(stage.Platform);
        var grant = await scene.GrantAsync();
        foreach (var before in new[] { Leave(scene, scene.Bob), Leave(scene, scene.Administrator) })
            (await before.PostAsync($"/api/requests/{grant.Id()}/revoke")).ExpectProblem(403, "not-allowed");
        Assert.Equal("active", (await scene.As(scene.Alice).ReadAsync(grant.Id())).At("status"));
        await scene.As(scene.New("berta", "payments-leads")).DoAsync(grant.Id(), "revoke");
    }

    /// <summary>Olga administers with another account, as the policies say.</summary>
    [Fact]
    public async Task An_administrator_s_other_account_reviews_nothing_whatever_group_it_is_in()
    {
        var scene = await Scene.SetAsync(stage.Platform);
        Directory.SetGroups("olga.adm@example.com", "platform-admins");
        var olga = scene.As(new Person("olga", "olga@example.com", "payments-leads"));
        var id = await scene.AskAsync();
        foreach (var verdict in new[] { "approve", "deny" })
            (await olga.ReviewAsync(id, verdict)).ExpectProblem(403, "administrator-review");

        Directory.SetGroups("otto.adm@example.com", "everyone");
        await scene.As(new Person("otto", "otto@example.com", "payments-leads")).ApproveAsync(id);
        await scene.As(scene.Alice).WaitForAsync(id, "active");
    }

    private Api Leave(Scene scene, Person person)
    {
        var before = scene.As(person);
        Directory.SetGroups(person.UserName, "others");
        return before;
    }
}
