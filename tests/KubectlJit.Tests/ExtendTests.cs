using System.Text.Json.Nodes;
using JitFunctions.KubectlJit.Terminal;

namespace JitFunctions.KubectlJit.Tests;

public sealed class ExtendTests : ServerTests
{
    private static readonly string[] Extend =
    [
        "extend",
        Sample.Id,
        "--duration",
        "20m",
        "--reason",
        "the queue is long",
    ];

    [Fact]
    public async Task An_extension_that_needs_a_review_says_whose()
    {
        Server.Requests.Add(change: Sample.Activate);
        using var plugin = new Plugin(Server);

        var run = await plugin.RunAsync([.. Extend, "-o", "json"]);

        Assert.Equal(ExitCode.Ok, run.Code);
        var call = Assert.Single(Server.Calls, call => call.Method is "POST");
        Assert.Equal($"/api/requests/{Sample.Id}/extend", call.Target);
        JsonAssert.Equal("""{"duration":"20m","reason":"the queue is long"}""", call.Body);
        Assert.Equal(
            [
                "3f9k2m7xq0ab  extension: 20m more, waits for its review: the queue is long",
                "3f9k2m7xq0ab  extension: approval needed from 1 of payments-leads",
                "  follow it:  kubectl jit show 3f9k2m7xq0ab --watch",
            ],
            run.ErrorLines
        );
        Assert.Equal("20m", JsonNode.Parse(run.Out)!["extension"]!["duration"]!.GetValue<string>());
    }

    [Fact]
    public async Task An_extension_without_review_prints_the_new_expiry()
    {
        Server.Requests.Add(change: Sample.Activate);
        Server.Requests.OnExtend = request => request["expiresAt"] = "2026-11-23T08:54:30Z";
        using var plugin = new Plugin(Server);

        var run = await plugin.RunAsync(Extend);

        Assert.Equal(["3f9k2m7xq0ab  extended, expires at 2026-11-23T08:54:30Z (in 49m)"], run.ErrorLines);
    }

    [Fact]
    public async Task A_repeat_after_an_outage_never_extends_twice()
    {
        Server.Requests.Add(change: Sample.Activate);
        Server.Requests.OnExtend = request => request["expiresAt"] = "2026-11-23T08:54:30Z";
        Server.AnswerNext(http => Server.Requests.GetAsync(http, Sample.Id));
        Server.AnswerNext(http =>
        {
            // It was stored, though the answer says that this is not known.
            Server.Requests.Change(Server.Requests.OnExtend);
            return ProblemAnswers.Of(503, "store-unavailable", "The store is away").ExecuteAsync(http);
        });
        using var plugin = new Plugin(Server) { Clock = new HastyClock() };

        var run = await plugin.RunAsync(Extend);

        Assert.Equal(ExitCode.WrongState, run.Code);
        Assert.Contains("(version-mismatch)", run.ErrorLines[0], StringComparison.Ordinal);
        Assert.Equal(
            "  see whether it is extended already before you repeat this: kubectl jit show 3f9k2m7xq0ab",
            run.ErrorLines[^1]
        );
        Assert.Equal(
            ["\"1\"", "\"1\""],
            Server.Calls.Where(call => call.Method is "POST").Select(call => call.Headers.IfMatch.ToString())
        );
    }

    [Theory]
    [InlineData(403, "no-extension", ExitCode.Refused)]
    [InlineData(403, "extension-too-long", ExitCode.Refused)]
    [InlineData(409, "wrong-state", ExitCode.WrongState)]
    internal async Task What_is_refused_is_told_without_doubt(int status, string code, ExitCode exitCode)
    {
        Server.Requests.Add(change: Sample.Activate);
        Server.AnswerNext(http => Server.Requests.GetAsync(http, Sample.Id));
        Server.AnswerNext(status, ProblemAnswers.Body(status, code));
        using var plugin = new Plugin(Server);

        var run = await plugin.RunAsync(Extend);

        Assert.Equal(exitCode, run.Code);
        Assert.Contains($"({code})", Assert.Single(run.ErrorLines), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--duration", "20m")]
    [InlineData("--reason", "r")]
    public async Task By_how_much_and_why_are_both_needed(params string[] flags)
    {
        using var plugin = new Plugin(Server);

        Assert.Equal(ExitCode.Usage, (await plugin.RunAsync(["extend", Sample.Id, .. flags])).Code);
        Assert.Empty(Server.Calls);
    }
}
