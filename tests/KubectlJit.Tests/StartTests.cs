using System.Text.Json.Nodes;
using JitFunctions.KubectlJit.Terminal;
using Microsoft.Extensions.Time.Testing;

namespace JitFunctions.KubectlJit.Tests;

public sealed class StartTests : ServerTests
{
    private static readonly string[] Ask =
    [
        "request",
        "--cluster",
        "c",
        "-n",
        "a",
        "--role",
        "edit",
        "--reason",
        "r",
        "--start",
    ];

    [Theory]
    [InlineData("2026-12-01T22:00:00Z", "2026-12-01T22:00:00Z")]
    [InlineData("2026-12-01T22:00:00+02:00", "2026-12-01T20:00:00Z")]
    [InlineData("2026-12-01T22:00:00.25Z", "2026-12-01T22:00:00Z")]
    [InlineData("2026-12-01T22:00-05:30", "2026-12-02T03:30:00Z")]
    [InlineData("2026-12-01T22:00", "2026-12-01T21:00:00Z")]
    [InlineData("2027-07-01T22:00:30", "2027-07-01T20:00:30Z")]
    [InlineData("2h", "2026-11-23T10:05:00Z")]
    [InlineData("1h30m", "2026-11-23T09:35:00Z")]
    public async Task A_time_or_a_while_from_now_is_sent_as_utc(string text, string expected)
    {
        using var plugin = InBerlin();

        var run = await plugin.RunAsync([.. Ask, text]);

        Assert.Equal(ExitCode.Ok, run.Code);
        Assert.Equal(expected, JsonNode.Parse(Assert.Single(Server.Calls).Body)!["start"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("tomorrow", "is no time")]
    [InlineData("22:00", "is no time")]
    [InlineData("2026-12-01", "is no time")]
    [InlineData("01.12.2026 22:00", "is no time")]
    [InlineData("12/01/2026", "is no time")]
    [InlineData("2026-13-01T22:00", "is no time")]
    [InlineData("-2h", "is no time")]
    [InlineData("2026-11-23T08:05:00Z", "is past")]
    [InlineData("2025-12-01T22:00", "is past")]
    [InlineData("2027-03-28T02:30", "does not exist")]
    [InlineData("2027-10-31T02:30", "is twice")]
    public async Task What_is_not_exactly_one_moment_to_come_is_wrong_usage(string text, string why)
    {
        using var plugin = InBerlin();

        var run = await plugin.RunAsync([.. Ask, text]);

        Assert.Equal(ExitCode.Usage, run.Code);
        Assert.Contains(why, run.ErrorLines[0], StringComparison.Ordinal);
        Assert.Empty(Server.Calls);
    }

    [Fact]
    public async Task A_repeat_of_a_start_from_now_names_the_same_moment()
    {
        Server.AnswerNext(500, ProblemAnswers.Body(500, "internal"));
        using var plugin = InBerlin();

        var run = await plugin.RunAsync([.. Ask, "2h", "--idempotency-key", "key-1"]);

        Assert.EndsWith(
            "repeat it safely with: --idempotency-key key-1 --start 2026-11-23T10:05:00Z",
            run.ErrorLines[^1],
            StringComparison.Ordinal
        );
    }

    private Plugin InBerlin()
    {
        var clock = new FakeTimeProvider(Plugin.Now);
        clock.SetLocalTimeZone(TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin"));
        return new Plugin(Server) { Clock = clock };
    }
}
