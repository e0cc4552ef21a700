using System.Text.Json.Nodes;
using JitFunctions.KubectlJit.Terminal;

namespace JitFunctions.KubectlJit.Tests;

public sealed class DecisionTests : ServerTests
{
    [Theory]
    [InlineData("withdraw", "withdrawn")]
    [InlineData("relinquish", "ending")]
    [InlineData("revoke", "ending")]
    public async Task Each_end_is_one_call_and_prints_what_became_of_the_request(string command, string status)
    {
        Server.Requests.Add();
        using var plugin = new Plugin(Server);

        var run = await plugin.RunAsync(command, Sample.Id, "--comment", "fine", "-o", "json");

        Assert.Equal(ExitCode.Ok, run.Code);
        Assert.Equal(status, JsonNode.Parse(run.Out)!["status"]!.GetValue<string>());
        var call = Assert.Single(Server.Calls);
        Assert.Equal(("POST", $"/api/requests/{Sample.Id}/{command}"), (call.Method, call.Target));
        JsonAssert.Equal("""{"comment":"fine"}""", call.Body);
    }

    [Fact]
    public async Task A_comment_may_be_left_out()
    {
        Server.Requests.Add();
        using var plugin = new Plugin(Server);

        await plugin.RunAsync("revoke", Sample.Id);

        JsonAssert.Equal("{}", Assert.Single(Server.Calls).Body);
    }

    [Theory]
    [InlineData("withdraw", "withdrawn")]
    [InlineData("relinquish", "ending")]
    [InlineData("revoke", "ending")]
    [InlineData("deny", "denied")]
    public async Task Several_are_done_one_after_another(string command, string status)
    {
        string[] ids = ["aaaaaaaaaaaa", "bbbbbbbbbbbb", "cccccccccccc"];
        foreach (var id in ids)
            Server.Requests.Add(id);
        using var plugin = new Plugin(Server);

        var table = await plugin.RunAsync([command, .. ids, "--comment", "all of them"]);
        var json = await plugin.RunAsync([command, .. ids, "-o", "json"]);

        Assert.Equal((ExitCode.Ok, ExitCode.Ok), (table.Code, json.Code));
        Assert.Equal(
            [.. ids.Select(id => $"{id}  {status}")],
            table.OutLines[1..].Select(line => string.Join("  ", line.Split("  ")[..2]))
        );
        Assert.Equal(ids, json.OutLines.Select(line => JsonNode.Parse(line)!["id"]!.GetValue<string>()));
        var posted = Server.Calls.Where(call => call.Method is "POST").Take(3).ToList();
        Assert.Equal(ids, posted.Select(call => call.Target.Split('/')[3]));
        Assert.Each(
            posted,
            call => Assert.Contains("\"comment\":\"all of them\"", call.Body, StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task Each_denial_shows_what_it_denies_and_names_its_own_scope()
    {
        Server.Requests.Add("aaaaaaaaaaaa");
        Server.Requests.Add("bbbbbbbbbbbb", request => request["scope"] = Sample.NarrowScope);
        using var plugin = new Plugin(Server);

        var run = await plugin.RunAsync("deny", "aaaaaaaaaaaa", "bbbbbbbbbbbb");

        Assert.Equal(
            ["To deny: request aaaaaaaaaaaa", "To deny: request bbbbbbbbbbbb"],
            run.ErrorLines.Where(line => line.StartsWith("To deny", StringComparison.Ordinal))
        );
        Assert.Equal(
            [Sample.Scope, Sample.NarrowScope],
            Server
                .Calls.Where(call => call.Method is "POST")
                .Select(call => JsonNode.Parse(call.Body)!["scope"]!.GetValue<string>())
        );
    }

    [Fact]
    public async Task What_fails_for_one_keeps_no_other_from_its_result_and_shows_in_the_exit_code()
    {
        Server.Requests.Add("aaaaaaaaaaaa");
        Server.Requests.Add("dddddddddddd");
        using var plugin = new Plugin(Server);

        var run = await plugin.RunAsync("withdraw", "aaaaaaaaaaaa", "bbbbbbbbbbbb", "dddddddddddd");

        Assert.Equal(ExitCode.NotFound, run.Code);
        Assert.Equal(["aaaaaaaaaaaa", "dddddddddddd"], run.OutLines[1..].Select(line => line[..12]));
        Assert.Equal(
            [
                "error: bbbbbbbbbbbb: There is no such request (not-found)",
                "error: 1 of 3 failed (not-found)",
                "  bbbbbbbbbbbb: not-found",
            ],
            run.ErrorLines.Select(line => line.Split(": Do something")[0])
        );
    }

    [Theory]
    [InlineData(401, ExitCode.NotSignedIn)]
    [InlineData(503, ExitCode.Unreachable)]
    internal async Task What_would_fail_for_all_ends_it_and_names_what_was_not_tried(int status, ExitCode exitCode)
    {
        for (var i = 0; i < 20; i++)
            Server.AnswerNext(status, ProblemAnswers.Body(status, "gone"));
        using var plugin = new Plugin(Server) { Clock = new HastyClock() };

        var run = await plugin.RunAsync("revoke", "aaaaaaaaaaaa", "bbbbbbbbbbbb", "cccccccccccc");

        Assert.Equal((exitCode, ""), (run.Code, run.Out));
        Assert.Contains("error: aaaaaaaaaaaa: No (gone)", run.Error, StringComparison.Ordinal);
        Assert.Equal("  not tried: bbbbbbbbbbbb cccccccccccc", run.ErrorLines[^1]);
        Assert.Each(Server.Calls, call => Assert.Contains("aaaaaaaaaaaa", call.Target, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("approve", "aaaaaaaaaaaa", "bbbbbbbbbbbb")]
    [InlineData("deny", "aaaaaaaaaaaa", "bbbbbbbbbbbb", "--scope", Sample.Scope)]
    [InlineData("deny")]
    public async Task Several_are_not_approved_together_nor_is_one_scope_that_of_two(params string[] command)
    {
        using var plugin = new Plugin(Server);

        Assert.Equal(ExitCode.Usage, (await plugin.RunAsync(command)).Code);
        Assert.Empty(Server.Calls);
    }
}
