using JitFunctions.LocalStack;

namespace JitFunctions.EndToEnd.Tests.Access;

/// <summary>One of the leads and one of security, both at once.</summary>
public sealed class QuorumTests(PlatformFixture fixture)
{
    private const string Prefix = "dual";

    [Fact]
    public async Task Two_approvals_from_one_group_do_not_replace_one_from_the_other()
    {
        var (team, id) = await AskAsync();

        Assert.Equal("pending", (await team.As(team.Bob).ApproveAsync(id)).At("status"));
        Assert.Equal("pending", (await team.As(team.New("bella", "payments-leads")).ApproveAsync(id)).At("status"));
        Assert.False(await team.Cluster.MayReadAsync(team.Alice, team.NamespaceOf(Prefix)));

        await team.As(team.Simon).ApproveAsync(id);
        await team.As(team.Alice).WaitForAsync(id, "active");
    }

    [Fact]
    public async Task A_person_in_both_groups_counts_for_one_requirement_only()
    {
        var (team, id) = await AskAsync();
        var both = team.New("both", "payments-leads", "security");

        for (var i = 0; i < 2; i++)
            Assert.Equal("pending", (await team.As(both).ApproveAsync(id)).At("status"));

        await team.As(team.Bob).ApproveAsync(id);
        var active = await team.As(team.Alice).WaitForAsync(id, "active");
        Assert.Equal(
            [both.UserName, team.Bob.UserName],
            active["reviews"]!.AsArray().Select(review => review!.At("reviewer"))
        );
    }

    [Fact]
    public async Task The_same_person_under_a_linked_account_is_not_enough_either()
    {
        var (team, id) = await AskAsync();
        var (lead, ops) = (
            new Person("pat", "pat@example.com", "payments-leads"),
            new Person("pat.ops", "PAT.ops@example.com", "security")
        );

        await team.As(lead).ApproveAsync(id);
        var again = await team.As(ops).ApproveAsync(id);

        Assert.Equal("pending", again.At("status"));
        Assert.Single(again["reviews"]!.AsArray());
        Assert.Single((await team.As(team.Alice).EventsAsync(id)).Types(), "request_reviewed");
        await team.As(team.Simon).ApproveAsync(id);
        await team.As(team.Alice).WaitForAsync(id, "active");
    }

    [Fact]
    public async Task The_requester_does_not_approve_under_a_linked_account()
    {
        var team = await Team.SetAsync(fixture.Platform, Prefix);
        var (quinn, other) = (
            new Person("quinn", "quinn@example.com", "payments-devs"),
            new Person("quinn.ops", "quinn.ops@example.com", "payments-leads", "security")
        );
        var id = (await team.As(quinn).AskAsync(team.Terms(namespaces: team.NamespaceOf(Prefix)))).Id();

        foreach (var verdict in new[] { "approve", "deny" })
            (await team.As(other).ReviewAsync(id, verdict)).ExpectProblem(403, "self-review");

        await team.As(team.Simon).ApproveAsync(id);
        (await team.As(other).ReviewAsync(id, "approve")).ExpectProblem(403, "self-review");
        Assert.Equal("pending", (await team.As(quinn).ReadAsync(id)).At("status"));
    }

    [Fact]
    public async Task An_administrator_in_an_approver_group_decides_nothing()
    {
        var (team, id) = await AskAsync();
        var mighty = team.New("mighty", "platform-admins", "payments-leads", "security");
        await team.As(team.Bob).ApproveAsync(id);

        foreach (var verdict in new[] { "approve", "deny" })
            (await team.As(mighty).ReviewAsync(id, verdict)).ExpectProblem(403, "administrator-review");
        Assert.Equal("pending", (await team.As(team.Alice).ReadAsync(id)).At("status"));
    }

    [Fact]
    public async Task One_denial_ends_a_request_despite_earlier_approvals()
    {
        var (team, id) = await AskAsync();
        await team.As(team.Bob).ApproveAsync(id);

        Assert.Equal("denied", (await team.As(team.Simon).DenyAsync(id)).At("status"));

        var late = (await team.As(team.New("sally", "security")).ReviewAsync(id, "approve")).ExpectProblem(
            409,
            "wrong-state"
        );
        Assert.Equal("denied", late.Json.At("currentStatus"));
        Assert.False(await team.Cluster.HasBindingAsync(team.NamespaceOf(Prefix), $"jit-{id}"));
    }

    [Fact]
    public async Task A_hundred_approvals_of_both_groups_at_once_make_one_decision_by_one_of_each()
    {
        var (team, id) = await AskAsync();
        var scope = (await team.As(team.Bob).ReadAsync(id)).At("scope");

        await Task.WhenAll(
            Enumerable
                .Range(0, 100)
                .Select(i =>
                    team.As(team.New($"r{i}", i % 2 == 0 ? "payments-leads" : "security"))
                        .PostAsync($"/api/requests/{id}/reviews", new { verdict = "approve", scope })
                )
        );

        var events = await team.As(team.Alice).EventsAsync(id);
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

    private async Task<(Team Scene, string Id)> AskAsync()
    {
        var team = await Team.SetAsync(fixture.Platform, Prefix);
        return (team, await team.AskAsync(team.Terms(namespaces: team.NamespaceOf(Prefix))));
    }
}
