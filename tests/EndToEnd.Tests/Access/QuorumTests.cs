using JitFunctions.LocalStack;

namespace JitFunctions.EndToEnd.Tests.Access;

/// <summary>One of the leads and one of security, both at once.</summary>
public sealed class QuorumTests(Stage stage)
{
    private const string Prefix = "dual";

    [Fact]
    public async Task It_takes_one_of_each_and_two_of_one_do_not_make_up_for_the_other()
    {
        var (scene, id) = await AskAsync();

        Assert.Equal("pending", (await scene.As(scene.Bob).ApproveAsync(id)).At("status"));
        Assert.Equal("pending", (await scene.As(scene.New("bella", "payments-leads")).ApproveAsync(id)).At("status"));
        Assert.False(await scene.Cluster.MayReadAsync(scene.Alice, scene.NamespaceOf(Prefix)));

        await scene.As(scene.Simon).ApproveAsync(id);
        await scene.As(scene.Alice).WaitForAsync(id, "active");
    }

    [Fact]
    public async Task One_person_in_both_groups_is_not_enough_and_fills_the_place_that_the_other_leaves()
    {
        var (scene, id) = await AskAsync();
        var both = scene.New("both", "payments-leads", "security");

        for (var i = 0; i < 2; i++)
            Assert.Equal("pending", (await scene.As(both).ApproveAsync(id)).At("status"));

        await scene.As(scene.Bob).ApproveAsync(id);
        var active = await scene.As(scene.Alice).WaitForAsync(id, "active");
        Assert.Equal(
            [both.UserName, scene.Bob.UserName],
            active["reviews"]!.AsArray().Select(review => review!.At("reviewer"))
        );
    }

    [Fact]
    public async Task The_same_person_under_a_linked_account_is_not_enough_either()
    {
        var (scene, id) = await AskAsync();
        var (lead, ops) = (
            new Person("pat", "pat@example.com", "payments-leads"),
            new Person("pat.ops", "PAT.ops@example.com", "security")
        );

        await scene.As(lead).ApproveAsync(id);
        var again = await scene.As(ops).ApproveAsync(id);

        Assert.Equal("pending", again.At("status"));
        Assert.Single(again["reviews"]!.AsArray());
        Assert.Single((await scene.As(scene.Alice).EventsAsync(id)).Types(), "request_reviewed");
        await scene.As(scene.Simon).ApproveAsync(id);
        await scene.As(scene.Alice).WaitForAsync(id, "active");
    }

    [Fact]
    public async Task The_requester_does_not_approve_under_a_linked_account()
    {
        var scene = await Scene.SetAsync(stage.Platform, Prefix);
        var (quinn, other) = (
            new Person("quinn", "quinn@example.com", "payments-devs"),
            new Person("quinn.ops", "quinn.ops@example.com", "payments-leads", "security")
        );
        var id = (await scene.As(quinn).AskAsync(scene.Terms(namespaces: scene.NamespaceOf(Prefix)))).Id();

        foreach (var verdict in new[] { "approve", "deny" })
            (await scene.As(other).ReviewAsync(id, verdict)).ExpectProblem(403, "self-review");

        await scene.As(scene.Simon).ApproveAsync(id);
        (await scene.As(other).ReviewAsync(id, "approve")).ExpectProblem(403, "self-review");
        Assert.Equal("pending", (await scene.As(quinn).ReadAsync(id)).At("status"));
    }

    [Fact]
    public async Task An_administrator_in_an_approver_group_decides_nothing()
    {
        var (scene, id) = await AskAsync();
        var mighty = scene.New("mighty", "platform-admins", "payments-leads", "security");
        await scene.As(scene.Bob).ApproveAsync(id);

        foreach (var verdict in new[] { "approve", "deny" })
            (await scene.As(mighty).ReviewAsync(id, verdict)).ExpectProblem(403, "administrator-review");
        Assert.Equal("pending", (await scene.As(scene.Alice).ReadAsync(id)).At("status"));
    }

    [Fact]
    public async Task One_denial_ends_it_whoever_approved_before()
    {
        var (scene, id) = await AskAsync();
        await scene.As(scene.Bob).ApproveAsync(id);

        Assert.Equal("denied", (await scene.As(scene.Simon).DenyAsync(id)).At("status"));

        var late = (await scene.As(scene.New("sally", "security")).ReviewAsync(id, "approve")).ExpectProblem(
            409,
            "wrong-state"
        );
        Assert.Equal("denied", late.Json.At("currentStatus"));
        Assert.False(await scene.Cluster.HasBindingAsync(scene.NamespaceOf(Prefix), $"jit-{id}"));
    }

    [Fact]
    public async Task A_hundred_approvals_of_both_groups_at_once_make_one_decision_by_one_of_each()
    {
        var (scene, id) = await AskAsync();
        var scope = (await scene.As(scene.Bob).ReadAsync(id)).At("scope");

        await Task.WhenAll(
            Enumerable
                .Range(0, 100)
                .Select(i =>
                    scene
                        .As(scene.New($"r{i}", i % 2 == 0 ? "payments-leads" : "security"))
                        .PostAsync($"/api/requests/{id}/reviews", new { verdict = "approve", scope })
                )
        );

        var events = await scene.As(scene.Alice).EventsAsync(id);
        Assert.Single(events.Types(), "request_approved");
        var reviews = events
            .TakeWhile(e => e.At("type") != "request_approved")
            .Where(e => e.At("type") == "request_reviewed")
            .ToList();
        Assert.Equal(
            ["payments-leads", "security"],
            reviews.Select(review => (string)review["data"]!["groups"]!.AsArray().Single()!).Distinct().Order()
        );
        Assert.Equal(reviews.Count, events.Types().Count(type => type == "request_reviewed"));
    }

    private async Task<(Scene Scene, string Id)> AskAsync()
    {
        var scene = await Scene.SetAsync(stage.Platform, Prefix);
        return (scene, await scene.AskAsync(scene.Terms(namespaces: scene.NamespaceOf(Prefix))));
    }
}
