using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;

namespace JitFunctions.EndToEnd.Tests.Http;

public sealed class AuditTests(PlatformFixture fixture)
{
    private readonly Team _scene = Team.WithoutNamespace(fixture.Platform);

    [Fact]
    public async Task A_requests_stream_is_NDJSON_in_order_with_who_and_how()
    {
        var id = await _scene.AskAsync();
        await _scene.As(_scene.Bob).DenyAsync(id, "no");

        var answer = (await _scene.As(_scene.Alice).GetAsync($"/api/requests/{id}/events")).Expect(HttpStatusCode.OK);

        Assert.Equal("application/x-ndjson", answer.MediaType);
        Assert.EndsWith("\n", answer.Text, StringComparison.Ordinal);
        Assert.Equal(["access_requested", "request_reviewed", "request_denied"], answer.Lines.Types());
        Assert.Equal(["1", "2", "3"], answer.Lines.Select(e => e.At("version")));
        Assert.Equal(
            [_scene.Alice.UserName, _scene.Bob.UserName, _scene.Bob.UserName],
            answer.Lines.Select(e => e.At("actor"))
        );
        Assert.Each(answer.Lines, e => Assert.Equal((id, "api"), (e.At("stream"), e.At("channel"))));
        Assert.Each(answer.Lines, e => Assert.Matches("^[0-9a-f]{32}$", e.At("correlationId")));
        Assert.Equal("no", answer.Lines[1].At("data.comment"));
    }

    [Fact]
    public async Task Nobody_chooses_the_correlation_id_of_their_events()
    {
        var team = await Team.SetAsync(fixture.Platform);
        var trace = Convert.ToHexStringLower(Guid.NewGuid().ToByteArray());
        var header = ("traceparent", $"00-{trace}-00f067aa0ba902b7-01");
        // Without a place to send traces to, the Functions host gives an activity none.
        string[] types = TestHost.IsEmbedded ? ["access_requested", "access_activated"] : ["access_requested"];
        List<string> found = [trace];
        for (var i = 0; i < 2; i++)
        {
            var id = (await team.As(team.Alice).PostAsync("/api/requests", team.Terms(), header))
                .Expect(HttpStatusCode.Created)
                .Json.Id();
            await team.As(team.Bob).ApproveAsync(id);
            await team.As(team.Alice).WaitForAsync(id, "active");
            var events = await team.As(team.Alice).EventsAsync(id);
            found.Add(
                Assert.Single(
                    events.Where(e => types.Contains(e.At("type"))).Select(e => e.At("correlationId")!).Distinct()
                )
            );
            await team.As(team.Alice).DoAsync(id, "relinquish");
        }

        found.Add(
            (await team.As(team.Alice).GetAsync("/api/requests/000000000000", header))
                .ExpectProblem(404, "not-found")
                .Json.At("traceId")!
        );
        Assert.Distinct(found);
    }

    [Fact]
    public async Task The_log_is_complete_and_in_order_for_a_reader_who_follows_while_others_write()
    {
        var auditor = _scene.As(_scene.Auditor);
        var start = (await auditor.AuditAsync()).Select(Sequence).LastOrDefault();
        var writing = Task.WhenAll(
            Enumerable
                .Range(0, 6)
                .Select(async i =>
                {
                    var writer = _scene.As(_scene.New($"writer{i}", "payments-devs"));
                    for (var n = 0; n < 6; n++)
                        await writer.DoAsync((await writer.AskAsync(_scene.Terms())).Id(), "withdraw");
                })
        );

        List<JsonObject> followed = [];
        bool wasOver;
        do
        {
            wasOver = writing.IsCompleted;
            followed.AddRange(await auditor.AuditAsync(followed.Select(Sequence).LastOrDefault(start), limit: 3));
        } while (!wasOver);
        await writing;

        var last = followed.Select(Sequence).Last();
        var reread = (await auditor.AuditAsync(start)).Where(e => Sequence(e) <= last);
        Assert.Equal(reread.Select(e => e.ToJsonString()), followed.Select(e => e.ToJsonString()));
        Assert.Equal(followed.Select(Sequence).Order().Distinct(), followed.Select(Sequence));
        Assert.Equal(
            36,
            followed.Count(e =>
                e.At("type") == "request_withdrawn"
                && e.At("actor")!.StartsWith("writer", StringComparison.Ordinal)
                && IsOurs(e)
            )
        );
    }

    [Fact]
    public async Task The_log_of_some_time_holds_what_was_recorded_then()
    {
        var auditor = _scene.As(_scene.Auditor);
        var id = await _scene.AskAsync();
        await Task.Delay(20, TestContext.Current.CancellationToken);
        await _scene.As(_scene.Alice).DoAsync(id, "withdraw");
        var times = (await auditor.EventsAsync(id)).Select(e => e.At("timestamp")!).ToList();

        async Task<IEnumerable<string?>> TypesAsync(string query) =>
            (await auditor.GetAsync($"/api/audit/events?limit=10000&{query}"))
                .Expect(HttpStatusCode.OK)
                .Lines.Where(e => e.At("stream") == id)
                .Types();

        var (first, second) = (Uri.EscapeDataString(times[0]), Uri.EscapeDataString(times[1]));
        Assert.Equal(["access_requested", "request_withdrawn"], await TypesAsync($"since={first}"));
        Assert.Equal(["request_withdrawn"], await TypesAsync($"since={second}"));
        Assert.Equal(["access_requested"], await TypesAsync($"since={first}&until={second}"));
        Assert.Empty(await TypesAsync($"until={first}"));
        (await auditor.GetAsync("/api/audit/events?since=yesterday")).ExpectProblem(400, "invalid-query");
    }

    [Fact]
    public async Task An_empty_page_of_the_log_says_where_to_go_on()
    {
        var answer = (await _scene.As(_scene.Auditor).GetAsync("/api/audit/events?after=999999999")).Expect(
            HttpStatusCode.OK
        );
        Assert.Equal(("", "999999999"), (answer.Text, answer.Header("Jit-Last-Sequence")));
    }

    [Fact]
    public async Task The_trail_is_flat_newest_first_and_paged()
    {
        var id = await _scene.AskAsync();
        await _scene.As(_scene.Bob).DenyAsync(id);

        var all = await TrailAsync($"request={id}");
        Assert.Equal("access_requested", all.Items[^1].At("action"));
        Assert.Equal(
            ["request_denied", "request_reviewed"],
            all.Items.SkipLast(1).Select(item => item.At("action")).Order(StringComparer.Ordinal)
        );
        Assert.Each(
            all.Items,
            item => Assert.Equal((id, "demo", "api"), (item.At("stream"), item.At("cluster"), item.At("channel")))
        );
        Assert.Each(all.Items, item => Assert.False(string.IsNullOrEmpty(item.At("summary"))));
        Assert.True(all.Items[0].TimeAt("at") >= all.Items[^1].TimeAt("at"));

        var first = await TrailAsync($"request={id}&limit=2");
        var second = await TrailAsync(
            $"request={id}&limit=2&cursor={Uri.EscapeDataString(first.Json.At("nextCursor")!)}"
        );
        Assert.Null(second.Json["nextCursor"]);
        Assert.Equal(
            all.Items.Select(item => item.ToJsonString()),
            first.Items.Concat(second.Items).Select(item => item.ToJsonString())
        );
    }

    [Fact]
    public async Task The_trail_is_filtered_by_person_cluster_and_time()
    {
        var id = await _scene.AskAsync();
        await _scene.As(_scene.Alice).DoAsync(id, "withdraw");
        var at = Uri.EscapeDataString((await TrailAsync($"request={id}")).Items[0].At("at")!);
        var byAlice = $"actor={Uri.EscapeDataString(_scene.Alice.UserName)}";

        Assert.Equal(2, (await TrailAsync(byAlice)).Items.Count);
        Assert.Equal(2, (await TrailAsync($"{byAlice}&cluster=demo")).Items.Count);
        Assert.Empty((await TrailAsync($"{byAlice}&cluster=other")).Items);
        Assert.Equal(
            "request_withdrawn",
            Assert.Single((await TrailAsync($"{byAlice}&since={at}")).Items).At("action")
        );
        Assert.Equal("access_requested", Assert.Single((await TrailAsync($"{byAlice}&until={at}")).Items).At("action"));
    }

    [Theory]
    [InlineData("/api/audit/events")]
    [InlineData("/api/audit/trail")]
    public async Task Only_auditors_read_the_whole_log(string path)
    {
        foreach (var person in new[] { _scene.Alice, _scene.Bob, _scene.Administrator, _scene.Stranger })
            (await _scene.As(person).GetAsync(path)).ExpectProblem(403, "not-allowed");
        (await _scene.As(_scene.Auditor).GetAsync(path)).Expect(HttpStatusCode.OK);
    }

    private async Task<Answer> TrailAsync(string query) =>
        (await _scene.As(_scene.Auditor).GetAsync($"/api/audit/trail?{query}")).Expect(HttpStatusCode.OK);

    private bool IsOurs(JsonObject e) =>
        e.At("actor")!.Contains(_scene.Alice.UserName.Split('-')[1], StringComparison.Ordinal);

    private static long Sequence(JsonObject e) => long.Parse(e.At("sequence")!, CultureInfo.InvariantCulture);
}
