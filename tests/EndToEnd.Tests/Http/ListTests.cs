using System.Net;
using JitFunctions.LocalStack;

namespace JitFunctions.EndToEnd.Tests.Http;

public sealed class ListTests(PlatformFixture fixture)
{
    private readonly Team _scene = Team.WithoutNamespace(fixture.Platform);

    [Fact]
    public async Task Pages_hold_every_request_once_newest_first()
    {
        List<string> asked = [];
        for (var i = 0; i < 7; i++)
            asked.Insert(0, await _scene.AskAsync());

        List<string> listed = [];
        var query = "/api/requests?mine=true&limit=3";
        for (
            var page = await GetAsync(query);
            ;
            page = await GetAsync($"{query}&cursor={Uri.EscapeDataString(page.Json.At("nextCursor")!)}")
        )
        {
            Assert.True(page.Items.Count <= 3);
            listed.AddRange(page.Items.Select(item => item.Id()));
            if (page.Json["nextCursor"] is null)
                break;
        }

        Assert.Equal(asked, listed);
    }

    [Fact]
    public async Task The_beginning_of_an_id_finds_what_the_caller_may_see_and_nothing_else()
    {
        var id = await _scene.AskAsync();
        await _scene.AskAsync();

        Assert.Equal([id], await IdsAsync(_scene.Alice, $"id={id[..8]}"));
        Assert.Equal([id], await IdsAsync(_scene.Bob, $"id={id.ToUpperInvariant()}"));
        Assert.Empty(await IdsAsync(_scene.Stranger, $"id={id[..8]}"));
        foreach (var wrong in (string[])["%25", "a_", $"{id}0", "u", ""])
            (await _scene.As(_scene.Alice).GetAsync($"/api/requests?id={wrong}")).ExpectProblem(400, "invalid-query");
    }

    [Fact]
    public async Task Filters_by_status_cluster_requester_and_whose_it_is()
    {
        var (pending, withdrawn, denied) = (await _scene.AskAsync(), await _scene.AskAsync(), await _scene.AskAsync());
        await _scene.As(_scene.Alice).DoAsync(withdrawn, "withdraw");
        await _scene.As(_scene.Bob).DenyAsync(denied);
        var erins = (await _scene.As(_scene.Erin).AskAsync(_scene.Terms())).Id();
        var byAlice = $"requester={Uri.EscapeDataString(_scene.Alice.UserName)}";

        Assert.Equal([pending], await IdsAsync(_scene.Bob, $"{byAlice}&status=pending"));
        Assert.Equal([denied, withdrawn], await IdsAsync(_scene.Bob, $"{byAlice}&status=withdrawn,denied"));
        Assert.Equal([denied, withdrawn, pending], await IdsAsync(_scene.Bob, $"{byAlice}&cluster=demo"));
        Assert.Empty(await IdsAsync(_scene.Bob, $"{byAlice}&cluster=other"));
        Assert.Empty(await IdsAsync(_scene.Bob, "mine=true"));
        Assert.Equal([erins], await IdsAsync(_scene.Erin, "mine=true"));
        Assert.Equal([pending], await IdsAsync(_scene.Bob, $"{byAlice}&reviewable=true"));
    }

    [Fact]
    public async Task Reviewable_leaves_out_what_one_may_not_review()
    {
        var erins = (await _scene.As(_scene.Erin).AskAsync(_scene.Terms())).Id();
        var byErin = $"reviewable=true&requester={Uri.EscapeDataString(_scene.Erin.UserName)}";

        Assert.Equal([erins], await IdsAsync(_scene.Bob, byErin));
        Assert.Empty(await IdsAsync(_scene.Erin, byErin));
        Assert.Empty(await IdsAsync(_scene.Administrator, byErin));
        Assert.Empty(await IdsAsync(_scene.Auditor, byErin));
    }

    [Fact]
    public async Task A_list_shows_only_what_the_caller_may_see()
    {
        var id = await _scene.AskAsync();
        var byAlice = $"requester={Uri.EscapeDataString(_scene.Alice.UserName)}";

        foreach (var person in new[] { _scene.Alice, _scene.Bob, _scene.Administrator, _scene.Auditor })
            Assert.Equal([id], await IdsAsync(person, byAlice));
        foreach (var person in new[] { _scene.Stranger, _scene.New("another-developer", "payments-devs") })
            Assert.Empty(await IdsAsync(person, ""));
    }

    [Fact]
    public async Task For_strangers_a_request_does_not_exist()
    {
        var id = await _scene.AskAsync();
        foreach (var person in new[] { _scene.Stranger, _scene.New("another-developer", "payments-devs") })
        {
            var stranger = _scene.As(person);
            var hidden = (await stranger.GetAsync($"/api/requests/{id}")).ExpectProblem(404, "not-found");
            var absent = (await stranger.GetAsync("/api/requests/000000000000")).ExpectProblem(404, "not-found");
            Assert.Equal(
                absent.Json.At("detail"),
                hidden.Json.At("detail")!.Replace(id, "000000000000", StringComparison.Ordinal)
            );

            (await stranger.GetAsync($"/api/requests/{id}?wait=30")).ExpectProblem(404, "not-found");
            (await stranger.GetAsync($"/api/requests/{id}/events")).ExpectProblem(404, "not-found");
            (await stranger.ReviewAsync(id, "approve")).ExpectProblem(404, "not-found");
            foreach (var command in new[] { "withdraw", "relinquish", "revoke" })
                (await stranger.PostAsync($"/api/requests/{id}/{command}")).ExpectProblem(404, "not-found");
        }

        Assert.Equal("1", (await _scene.As(_scene.Alice).ReadAsync(id)).At("version"));
    }

    private Task<Answer> GetAsync(string path) => _scene.As(_scene.Alice).GetAsync(path);

    private async Task<IEnumerable<string>> IdsAsync(Person person, string query) =>
        (await _scene.As(person).GetAsync($"/api/requests?{query}"))
            .Expect(HttpStatusCode.OK)
            .Items.Select(item => item.Id());
}
