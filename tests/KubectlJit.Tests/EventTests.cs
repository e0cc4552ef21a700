using System.Text.Json.Nodes;
using JitFunctions.KubectlJit.Terminal;

namespace JitFunctions.KubectlJit.Tests;

public sealed class EventTests : ServerTests
{
    [Fact]
    public async Task Events_of_a_request_are_a_table()
    {
        Record(1, 2);
        using var plugin = new Plugin(Server);

        var wide = await plugin.RunAsync("events", Sample.Id, "-o", "wide");
        var usual = await plugin.RunAsync("events", Sample.Id);

        Assert.Equal(
            [
                "SEQUENCE   TIME                   REQUEST        VERSION   TYPE               ACTOR             "
                    + "CHANNEL   DURATION   REASON",
                "1          2026-11-23T08:00:00Z   3f9k2m7xq0ab   1         access_requested   bob@example.com   "
                    + "api       <none>     für <b>",
                "2          2026-11-23T08:00:00Z   3f9k2m7xq0ab   1         access_requested   bob@example.com   "
                    + "api       <none>     für <b>",
            ],
            wide.OutLines
        );
        Assert.Equal(
            [
                "TIME                  TYPE              ACTOR            DURATION  REASON",
                "2026-11-23T08:00:00Z  access_requested  bob@example.com  <none>    für <b>",
            ],
            usual.OutLines[..2]
        );
    }

    [Fact]
    public async Task An_audit_tells_for_how_long_and_why_and_fits_80_columns()
    {
        Record(
            "access_requested",
            """{ "terms": { "duration": "1h30m", "reason": "restart the stuck consumer of the payments" } }"""
        );
        Record(
            "request_reviewed",
            """{ "verdict": "approve", "comment": "go", "by": { "username": "bob@example.com" } }"""
        );
        Record(
            "access_activated",
            """{ "expiresAt": "2026-11-23T09:30:00Z", "at": "2026-11-23T08:00:00Z", "bindings": [] }"""
        );
        Record("extension_requested", """{ "duration": "20m", "reason": "not done yet" }""");
        Record("drift_found", """{ "drift": { "kind": "missing", "detail": "somebody removed it" } }""");
        Record("ending_started", """{ "cause": "revoked", "comment": "wrong cluster" }""");
        Record("access_ended", """{ "cause": "revoked", "proof": { "verdict": "denied", "detail": "" } }""");
        Record("policy_published", """{ "version": "sha256:04" }""");
        Record("from_the_future", """[1]""");
        using var plugin = new Plugin(Server);

        var wide = await plugin.RunAsync("audit", "-o", "wide");
        var usual = await plugin.RunAsync("audit");

        Assert.Equal(
            [
                "DURATION   REASON",
                "1h30m      restart the stuck consumer of the payments",
                "<none>     go",
                "1h30m      <none>",
                "20m        not done yet",
                "<none>     somebody removed it",
                "<none>     revoked: wrong cluster",
                "<none>     revoked",
                "<none>     <none>",
                "<none>     <none>",
            ],
            wide.OutLines.Select(line => line[wide.OutLines[0].IndexOf("DURATION", StringComparison.Ordinal)..])
        );
        Assert.Equal("TIME                  REQUEST       TYPE        ACTOR       DURATION  REASON", usual.OutLines[0]);
        Assert.Equal(
            "2026-11-23T08:00:00Z  3f9k2m7xq0ab  access_re…  bob@examp…  1h30m     restart t…",
            usual.OutLines[1]
        );
        Assert.Each(usual.OutLines, line => Assert.InRange(line.Length, 1, 80));
    }

    [Fact]
    public async Task An_audit_can_be_CSV_for_a_spreadsheet_in_which_nothing_is_a_formula()
    {
        Record(
            "access_requested",
            """{ "terms": { "duration": "30m", "reason": "=HYPERLINK(\"http://evil\")" } }""",
            actor: "@bob"
        );
        Record("request_reviewed", """{ "comment": "two\nlines, and \"quotes\"" }""");
        Record("request_reviewed", """{ "comment": "\t+1" }""");
        Record("request_reviewed", """{ "comment": "plain" }""");
        using var plugin = new Plugin(Server) { Colours = true, Columns = 40 };

        var run = await plugin.RunAsync("audit", "-o", "csv");

        Assert.Equal(
            "SEQUENCE,TIME,REQUEST,VERSION,TYPE,ACTOR,CHANNEL,DURATION,REASON\r\n"
                + "1,2026-11-23T08:00:00Z,3f9k2m7xq0ab,1,access_requested,'@bob,api,30m,\"'=HYPERLINK(\"\"http://evil\"\")\"\r\n"
                + "2,2026-11-23T08:00:00Z,3f9k2m7xq0ab,1,request_reviewed,bob@example.com,api,,\"two lines, and "
                + "\"\"quotes\"\"\"\r\n"
                + "3,2026-11-23T08:00:00Z,3f9k2m7xq0ab,1,request_reviewed,bob@example.com,api,,\"' +1\"\r\n"
                + "4,2026-11-23T08:00:00Z,3f9k2m7xq0ab,1,request_reviewed,bob@example.com,api,,plain\r\n",
            run.Out
        );
    }

    [Theory]
    [InlineData("after=0&limit=1000&since=2026-11-01T10:00:00Z", "--since", "2026-11-01T10:00:00Z")]
    [InlineData(
        "after=0&limit=1000&since=2026-11-01T08:00:00Z&until=2026-11-02T00:00:00Z",
        "--since",
        "2026-11-01T10:00+02:00",
        "--until",
        "2026-11-02"
    )]
    [InlineData("after=0&limit=1000&since=2026-11-22T08:05:00Z", "--since", "24h")]
    [InlineData("after=7&limit=1000&until=2026-11-23T07:35:00Z", "--until", "30m", "--after", "7")]
    public async Task An_audit_can_be_of_some_time_only(string query, params string[] flags)
    {
        using var plugin = new Plugin(Server); // whose time zone is UTC

        Assert.Equal(ExitCode.Ok, (await plugin.RunAsync(["audit", .. flags])).Code);
        Assert.Equal($"/api/audit/events?{query}", Uri.UnescapeDataString(Assert.Single(Server.Calls).Target));
    }

    [Theory]
    [InlineData("--since", "yesterday")]
    [InlineData("--since", "2026-11-02", "--until", "2026-11-01")]
    [InlineData("--since", "2026-11-02", "--until", "2026-11-02")]
    [InlineData("--follow", "--until", "2026-11-02")]
    public async Task Half_a_time_or_none_at_all_is_wrong_usage(params string[] flags)
    {
        using var plugin = new Plugin(Server);

        Assert.Equal(ExitCode.Usage, (await plugin.RunAsync(["audit", .. flags])).Code);
        Assert.Empty(Server.Calls);
    }

    [Theory]
    [InlineData("show", Sample.Id)]
    [InlineData("revoke", Sample.Id)]
    [InlineData("can")]
    [InlineData("policies", "in-force")]
    public async Task What_is_no_list_is_no_CSV_and_nothing_is_sent(params string[] command)
    {
        using var plugin = new Plugin(Server);

        var run = await plugin.RunAsync([.. command, "-o", "csv"]);

        Assert.Equal(
            (
                ExitCode.Usage,
                "error: -o csv is for lists, and this command prints no list (usage): use -o json, or -o yaml\n"
            ),
            (run.Code, run.Error)
        );
        Assert.Empty(Server.Calls);
    }

    [Fact]
    public async Task Events_as_json_are_the_lines_of_the_server()
    {
        Record(1, 2);
        using var plugin = new Plugin(Server);

        var run = await plugin.RunAsync("events", Sample.Id, "-o", "json");

        Assert.Equal(Server.Events, run.OutLines);
    }

    [Fact]
    public async Task An_audit_replays_page_after_page_to_the_end()
    {
        Record([.. Enumerable.Range(1, 1500).Select(i => i * 3)]);
        using var plugin = new Plugin(Server);

        var run = await plugin.RunAsync("audit", "-o", "json");

        Assert.Equal(Server.Events, run.OutLines);
        Assert.Equal(
            [
                "/api/audit/events?after=0&limit=1000",
                "/api/audit/events?after=3000&limit=1000",
                "/api/audit/events?after=4500&limit=1000",
            ],
            Server.Calls.Select(call => call.Target)
        );
        Assert.Equal(["read up to sequence 4500; go on with: kubectl jit audit --after 4500"], run.ErrorLines);
    }

    [Fact]
    public async Task An_audit_can_begin_late_and_stop_early()
    {
        Record(1, 2, 3, 4, 5);
        using var plugin = new Plugin(Server);

        var run = await plugin.RunAsync("audit", "--after", "2", "--limit", "2", "-o", "json");

        Assert.Equal([3, 4], run.OutLines.Select(line => JsonNode.Parse(line)!["sequence"]!.GetValue<int>()));
    }

    [Fact]
    public async Task Following_an_audit_prints_what_comes_later_until_interrupted()
    {
        Record(1);
        using var plugin = new Plugin(Server) { Clock = new HastyClock() };
        using var interruption = new CancellationTokenSource();

        var running = plugin.RunUntilAsync(interruption.Token, "audit", "--follow", "-o", "wide");
        await JitServer.WaitUntilAsync(() => Server.Calls.Count >= 2);
        Record(7);
        await JitServer.WaitUntilAsync(() =>
            Server.Calls.Any(call => call.Target.Contains("after=7", StringComparison.Ordinal))
        );
        await interruption.CancelAsync();
        var run = await running;

        Assert.Equal(ExitCode.Interrupted, run.Code);
        Assert.Equal(["SEQUENCE", "1", "7"], run.OutLines.Select(line => line.Split(' ')[0]));
        Assert.Contains("read up to sequence 7; go on with: kubectl jit audit --after 7", run.ErrorLines);
    }

    [Fact]
    public async Task Who_may_not_audit_is_told_only_that()
    {
        Server.AnswerNext(403, ProblemAnswers.Body(403, "not-allowed", "Only auditors may replay", "Ask to be one."));
        using var plugin = new Plugin(Server);

        Assert.Equal(
            ["error: Only auditors may replay (not-allowed): Ask to be one."],
            (await plugin.RunAsync("audit")).ErrorLines
        );
    }

    [Fact]
    public async Task Events_as_yaml_are_documents()
    {
        Record(1, 2);
        using var plugin = new Plugin(Server);

        var run = await plugin.RunAsync("events", Sample.Id, "-o", "yaml");

        Assert.Equal(2, run.OutLines.Count(line => line is "---"));
    }

    private void Record(string type, string data, string actor = "bob@example.com") =>
        Server.Events.Enqueue(
            $$"""{"sequence":{{Server.Events.Count + 1}},"stream":"{{Sample.Id}}","version":1,"type":"{{type}}","timestamp":"2026-11-23T08:00:00Z","actor":"{{actor}}","channel":"api","data":"""
                + data
                + "}"
        );

    private void Record(params int[] sequences)
    {
        foreach (var sequence in sequences)
        {
            var line = $$"""
                {"sequence":{{sequence}},"stream":"{{Sample.Id}}","version":1,"type":"access_requested","timestamp":"2026-11-23T08:00:00Z",
                "actor":"bob@example.com","channel":"api","correlationId":"c","data":{"reason":"für <b>"} }
                """;
            Server.Events.Enqueue(line.ReplaceLineEndings("").Replace("} }", "}}", StringComparison.Ordinal));
        }
    }
}
