using System.Text.Json.Nodes;

namespace JitFunctions.KubectlJit.Tests;

public sealed class EventTests : ServerTests
{
    [Fact]
    public async Task Events_of_a_request_are_a_table()
    {
        Record(1, 2);
        using var plugin = new Plugin(Server);

        var run = await plugin.RunAsync("events", Sample.Id);

        Assert.Equal(
            [
                "SEQUENCE   TIME                   REQUEST        VERSION   TYPE               ACTOR             CHANNEL",
                "1          2026-11-23T08:00:00Z   3f9k2m7xq0ab   1         access_requested   bob@example.com   api",
                "2          2026-11-23T08:00:00Z   3f9k2m7xq0ab   1         access_requested   bob@example.com   api",
            ],
            run.OutLines);
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
            ["/api/audit/events?after=0&limit=1000", "/api/audit/events?after=3000&limit=1000", "/api/audit/events?after=4500&limit=1000"],
            Server.Calls.Select(call => call.Target));
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

        var running = plugin.RunUntilAsync(interruption.Token, "audit", "--follow");
        await JitServer.WaitUntilAsync(() => Server.Calls.Count >= 2);
        Record(7);
        await JitServer.WaitUntilAsync(() => Server.Calls.Any(call => call.Target.Contains("after=7", StringComparison.Ordinal)));
        await interruption.CancelAsync();
        var run = await running;

        Assert.Equal(ExitCode.Interrupted, run.Code);
        Assert.Equal(["SEQUENCE", "1", "7"], run.OutLines.Select(line => line.Split(' ')[0]));
        Assert.Contains("read up to sequence 7; go on with: kubectl jit audit --after 7", run.ErrorLines);
    }

    [Fact]
    public async Task Who_may_not_audit_is_told_only_that()
    {
        Server.AnswerNext(403, Problems.Body(403, "not-allowed", "Only auditors may replay", "Ask to be one."));
        using var plugin = new Plugin(Server);

        Assert.Equal(["error: Only auditors may replay (not-allowed): Ask to be one."], (await plugin.RunAsync("audit")).ErrorLines);
    }

    [Fact]
    public async Task Events_as_yaml_are_documents()
    {
        Record(1, 2);
        using var plugin = new Plugin(Server);

        var run = await plugin.RunAsync("events", Sample.Id, "-o", "yaml");

        Assert.Equal(2, run.OutLines.Count(line => line is "---"));
    }

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
