using System.Text;

namespace JitFunctions.EndToEnd.Tests.Input;

/// <summary>Headers, queries and paths that make no sense.</summary>
public sealed class BadCallTests(PlatformFixture fixture)
{
    private readonly Team _scene = Team.WithoutNamespace(fixture.Platform);

    [Theory]
    [InlineData("unknown=1")]
    [InlineData("Status=pending")]
    [InlineData("status=pending&status=active")]
    [InlineData("status=bogus")]
    [InlineData("status=pending,")]
    [InlineData("status=0")]
    [InlineData("mine=yes")]
    [InlineData("reviewable=1")]
    [InlineData("limit=0")]
    [InlineData("limit=201")]
    [InlineData("limit=-1")]
    [InlineData("limit=ten")]
    [InlineData("limit=99999999999999999999")]
    [InlineData("cursor=!")]
    [InlineData("cursor=AAAA")]
    [InlineData("requester=%00")]
    [InlineData("cluster=%00")]
    public async Task A_query_for_requests_that_is_not_understood(string query) =>
        await RefuseAsync($"/api/requests?{query}", "invalid-query");

    [Theory]
    [InlineData("events?unknown=1")]
    [InlineData("events?after=-1")]
    [InlineData("events?after=abc")]
    [InlineData("events?after=99999999999999999999")]
    [InlineData("events?limit=0")]
    [InlineData("events?limit=10001")]
    [InlineData("trail?unknown=1")]
    [InlineData("trail?since=yesterday")]
    [InlineData("trail?until=2026-13-01")]
    [InlineData("trail?limit=0")]
    [InlineData("trail?cursor=AAAA")]
    [InlineData("trail?actor=%00")]
    [InlineData("trail?request=%00")]
    [InlineData("trail?since=2026-01-01T00:00:00Z&since=2026-01-02T00:00:00Z")]
    public async Task A_query_of_the_audit_that_is_not_understood(string query) =>
        await RefuseAsync($"/api/audit/{query}", "invalid-query");

    [Theory]
    [InlineData("\0")]
    [InlineData("' or 1=1 --")]
    public async Task A_cursor_that_was_made_up_finds_nothing_it_should_not(string id)
    {
        var cursor = Uri.EscapeDataString(
            Convert.ToBase64String(Encoding.UTF8.GetBytes($"2026-01-01T00:00:00.0000000+00:00 {id}"))
        );
        foreach (var path in new[] { "/api/requests", "/api/audit/trail" })
        {
            var answer = await _scene.As(_scene.Auditor).GetAsync($"{path}?cursor={cursor}");
            Assert.True((int)answer.Status is 200 or 400, $"{path}: {answer}");
        }
    }

    [Theory]
    [InlineData("wait=-1")]
    [InlineData("wait=61")]
    [InlineData("wait=1.5")]
    [InlineData("wait=")]
    [InlineData("wait=soon")]
    [InlineData("wait=1&wait=2")]
    public async Task A_wait_that_is_none(string query)
    {
        var id = await _scene.AskAsync();
        (await _scene.As(_scene.Alice).GetAsync($"/api/requests/{id}?{query}")).ExpectProblem(400, "invalid-query");
    }

    [Theory]
    [InlineData("*")]
    [InlineData("abc")]
    [InlineData("\"abc\"")]
    [InlineData("\"-1\"")]
    [InlineData("\"1\", \"2\"")]
    [InlineData("\"99999999999999999999\"")]
    public async Task A_version_that_is_none(string version)
    {
        var id = await _scene.AskAsync();
        (await _scene.As(_scene.Alice).GetAsync($"/api/requests/{id}", ("If-None-Match", version))).ExpectProblem(
            400,
            "invalid-header"
        );
        (await _scene.As(_scene.Bob).ReviewAsync(id, "approve", headers: ("If-Match", version))).ExpectProblem(
            400,
            "invalid-header"
        );
        Assert.Equal("1", (await _scene.As(_scene.Alice).ReadAsync(id)).At("version"));
    }

    [Theory]
    [InlineData(" ")]
    [InlineData("two words")]
    [InlineData(
        "012345678901234567890123456789012345678901234567890123456789"
            + "0123456789012345678901234567890123456789012345678901234567890123456789"
    )]
    public async Task An_idempotency_key_that_is_none(string key)
    {
        (
            await _scene.As(_scene.Alice).PostAsync("/api/requests", _scene.Terms(), ("Idempotency-Key", key))
        ).ExpectProblem(400, "invalid-header");
        await _scene.NothingIsWrittenAsync();
    }

    [Theory]
    [InlineData("reviews", "")]
    [InlineData("reviews", "{}")]
    [InlineData("reviews", """{"verdict":"approve"}""")]
    [InlineData("reviews", """{"verdict":"approve","scope":""}""")]
    [InlineData("reviews", """{"scope":"s"}""")]
    [InlineData("reviews", """{"scope":"s","verdict":"maybe"}""")]
    [InlineData("reviews", """{"scope":"s","verdict":"Approve"}""")]
    [InlineData("reviews", """{"scope":"s","verdict":0}""")]
    [InlineData("reviews", """{"scope":"s","verdict":"approve","by":"bob"}""")]
    [InlineData("reviews", """{"scope":"s","verdict":"approve","verdict":"deny"}""")]
    [InlineData("reviews", """{"scope":"s","verdict":"approve","comment":"nul\u0000"}""")]
    [InlineData("reviews", """{"scope":"s","verdict":"deny","narrow":{"duration":"1m"}}""")]
    [InlineData("reviews", """{"scope":"s","verdict":"approve","narrow":{"duration":"soon"}}""")]
    [InlineData("reviews", """{"scope":"s","verdict":"approve","narrow":{"rules":[]}}""")]
    [InlineData(
        "reviews",
        """{"scope":"s","verdict":"approve","narrow":{"rules":[{"apiGroups":[],"resources":["pods"],"verbs":["get"]}]}}"""
    )]
    [InlineData("reviews", """{"scope":"s","verdict":"approve","narrow":{"role":"admin"}}""")]
    [InlineData("extend", "{}")]
    [InlineData("extend", """{"duration":"1m"}""")]
    [InlineData("extend", """{"duration":"1m","reason":" "}""")]
    [InlineData("extend", """{"duration":"-1m","reason":"r"}""")]
    [InlineData("revoke", """{"verdict":"approve"}""")]
    [InlineData("revoke", """{"comment":5}""")]
    [InlineData("revoke", """{"comment":"red\u001b[31m"}""")]
    public async Task A_command_with_a_body_that_does_not_fit(string command, string body)
    {
        var id = await _scene.AskAsync();
        (await _scene.As(_scene.Bob).PostTextAsync($"/api/requests/{id}/{command}", body)).ExpectProblem(
            400,
            "invalid-request"
        );
        Assert.Equal("1", (await _scene.As(_scene.Alice).ReadAsync(id)).At("version"));
    }

    [Theory]
    [InlineData("..%2f..%2fhealth")]
    [InlineData("%2e%2e")]
    [InlineData("%2e%2e%2f%2e%2e%2faudit%2fevents")]
    [InlineData("cluster-demo")]
    [InlineData("CLUSTER-DEMO")]
    [InlineData("'%20or%201=1%20--")]
    [InlineData("%ff%fe")]
    [InlineData("%00")]
    [InlineData("%f0%9f%9b%91")]
    [InlineData("a%0d%0ab")]
    [InlineData("*")]
    [InlineData("{id}")]
    public async Task An_id_that_is_a_trick_finds_nothing(string id)
    {
        foreach (var path in new[] { $"/api/requests/{id}", $"/api/requests/{id}/events" })
        {
            var answer = await _scene.As(_scene.Auditor).GetAsync(path);
            Assert.True((int)answer.Status is 400 or 404, $"{path}: {answer}");
        }

        var command = await _scene.As(_scene.Administrator).PostAsync($"/api/requests/{id}/revoke");
        Assert.True((int)command.Status is 400 or 404, command.ToString());
    }

    private async Task RefuseAsync(string path, string code) =>
        (await _scene.As(_scene.Auditor).GetAsync(path)).ExpectProblem(400, code);
}
