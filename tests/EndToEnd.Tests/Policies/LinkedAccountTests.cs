using JitFunctions.LocalStack;

namespace JitFunctions.EndToEnd.Tests.Policies;

/// <summary>
/// Accounts that belong to one human: what is refused to one is refused to all, and what is allowed to one is not.
/// </summary>
public sealed class LinkedAccountTests(PlatformFixture fixture)
{
    private readonly Team _scene = Team.WithoutNamespace(fixture.Platform);

    [Fact]
    public async Task A_denial_of_one_account_meets_the_other()
    {
        foreach (var account in new[] { "uma.ops@example.com", "uma@example.com", "UMA@example.com" })
        {
            var refused = (await AskAsync(account, "team")).ExpectProblem(403, "denied-by-policy");
            Assert.Contains("Handed over to her successor.", refused.Json.At("detail"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task An_exception_of_one_account_meets_the_other()
    {
        foreach (var account in new[] { "rita.ops@example.com", "rita@example.com" })
            (await AskAsync(account, "grown")).ExpectProblem(403, "not-covered");
    }

    [Fact]
    public async Task What_one_account_is_allowed_the_other_is_not()
    {
        await _scene.Cluster.CreateNamespaceAsync(_scene.NamespaceOf("solo"));
        (await AskAsync("quinn.ops@example.com", "solo")).ExpectProblem(403, "not-covered");
        Assert.Equal(
            "for-one-account",
            (await AskAsync("quinn@example.com", "solo"))
                .Expect(System.Net.HttpStatusCode.Created)
                .Json.At("policy.name")
        );
    }

    [Fact]
    public async Task A_linked_account_sees_the_requests_of_the_other_and_withdraws_and_relinquishes_them()
    {
        var team = await Team.SetAsync(fixture.Platform, "open");
        await team.Cluster.CreateNamespaceAsync(_scene.NamespaceOf("team"));
        var linked = team.As(new Person("nina.ops", "Nina.Ops@example.com"));
        var pending = (await AskAsync("nina@example.com", "team")).Expect(System.Net.HttpStatusCode.Created).Json.Id();
        Assert.Equal(pending, (await linked.ReadAsync(pending)).Id());
        Assert.Contains(
            pending,
            (await linked.GetAsync($"/api/requests?mine=true&limit=200")).Items.Select(item => item.Id())
        );
        Assert.NotEmpty(await linked.EventsAsync(pending));
        var withdrawn = await linked.DoAsync(pending, "withdraw");
        Assert.Equal(("withdrawn", "Nina.Ops@example.com"), (withdrawn.At("status"), withdrawn.At("ending.by")));

        var active = (
            await team.As(new Person("nina@example.com", "nina@example.com", "payments-devs"))
                .AskAsync(team.Terms("10m", "ClusterRole/view", team.NamespaceOf("open")))
        ).Id();
        await linked.WaitForAsync(active, "active");
        (
            await linked.PostAsync($"/api/requests/{active}/extend", new { duration = "5m", reason = "more" })
        ).ExpectProblem(403, "not-the-requester");
        (await linked.PostAsync($"/api/requests/{active}/credential")).ExpectProblem(403, "not-the-requester");
        await linked.DoAsync(active, "relinquish");
        Assert.Equal("Nina.Ops@example.com", (await linked.WaitForAsync(active, "ended")).At("ending.by"));
    }

    [Fact]
    public async Task Whoever_gets_a_user_name_that_was_another_s_gets_none_of_the_requests()
    {
        var team = await Team.SetAsync(fixture.Platform);
        var former = team.New("frida", "payments-devs");
        var id = (await team.As(former).AskAsync(team.Terms())).Id();

        var successor = team.As(former with { Name = $"{former.Name}-2" });
        (await successor.GetAsync($"/api/requests/{id}")).ExpectProblem(404, "not-found");
        (await successor.GetAsync($"/api/requests/{id}/events")).ExpectProblem(404, "not-found");
        foreach (var command in new[] { "withdraw", "relinquish" })
            (await successor.PostAsync($"/api/requests/{id}/{command}")).ExpectProblem(404, "not-found");
        foreach (
            var filter in new[] { "mine=true", $"requester={Uri.EscapeDataString(former.UserName.ToUpperInvariant())}" }
        )
        {
            Assert.Empty((await successor.GetAsync($"/api/requests?{filter}")).Items);
            Assert.Equal(id, Assert.Single((await team.As(former).GetAsync($"/api/requests?{filter}")).Items).Id());
        }

        // Neither does a group that lets them decide make them anything but, perhaps, the requester.
        var lead = team.As(former with { Name = $"{former.Name}-3", Groups = ["payments-leads"] });
        (await lead.ReviewAsync(id, "approve")).ExpectProblem(403, "self-review");
        (await lead.PostAsync($"/api/requests/{id}/withdraw")).ExpectProblem(403, "not-the-requester");
    }

    private Task<Answer> AskAsync(string userName, string prefix) =>
        _scene
            .As(new Person(userName, userName, "payments-devs"))
            .PostAsync("/api/requests", _scene.Terms(role: "ClusterRole/view", namespaces: _scene.NamespaceOf(prefix)));
}
