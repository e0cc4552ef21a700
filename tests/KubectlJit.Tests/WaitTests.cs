using System.Text.Json.Nodes;
using JitFunctions.KubectlJit.Terminal;

namespace JitFunctions.KubectlJit.Tests;

public sealed class WaitTests : ServerTests
{
    private static readonly string[] AskAndWait =
    [
        "request",
        "--cluster",
        "prod-eu",
        "-n",
        "payments",
        "--role",
        "edit",
        "--duration",
        "30m",
        "--reason",
        "r",
        "--wait",
    ];

    [Fact]
    public async Task It_tells_each_step_until_the_rights_are_active_and_then_how_to_use_them()
    {
        using var plugin = new Plugin(Server);

        var running = plugin.RunAsync(AskAndWait);
        await Server.WaitForPollAsync(1);
        Server.Requests.Change(Sample.Approve);
        await Server.WaitForPollAsync(2);
        Server.Requests.Change(request =>
            request["trouble"] = JsonNode.Parse(
                """{ "what": "activation-delayed", "detail": "no route to host", "attempts": 3, "since": "2026-11-23T08:04:10Z" }"""
            )
        );
        await Server.WaitForPollAsync(3);
        Server.Requests.Change(request =>
        {
            request.Remove("trouble");
            Sample.Activate(request);
        });
        var run = await running;

        Assert.Equal(ExitCode.Ok, run.Code);
        Assert.Equal(
            [
                "3f9k2m7xq0ab  pending: approval needed: 1 of payments-leads, lapses at 2026-11-23T12:00:00Z (in "
                    + "3h55m)",
                "3f9k2m7xq0ab  approved by bob@example.com: go",
                "3f9k2m7xq0ab  approved",
                "3f9k2m7xq0ab  trouble: activation-delayed after 3 attempts: no route to host",
                "3f9k2m7xq0ab  active, expires at 2026-11-23T08:34:30Z (in 29m)",
                "  use it, as alice@example.com in your context for prod-eu:  kubectl -n payments auth can-i --list",
                "  give it back early:  kubectl jit relinquish 3f9k2m7xq0ab",
            ],
            run.ErrorLines
        );
        Assert.Contains("active", Assert.Single(run.OutLines[1..]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Machine_output_is_the_last_state_alone()
    {
        Server.Requests.OnAsk = Sample.Activate;
        using var plugin = new Plugin(Server);

        var run = await plugin.RunAsync([.. AskAndWait, "-o", "json"]);

        Assert.Equal(ExitCode.Ok, run.Code);
        Assert.Equal("active", JsonNode.Parse(run.Out)!["status"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("denied", "denied by bob@example.com: use the runbook")]
    [InlineData("lapsed", "nobody decided in time")]
    [InlineData("withdrawn", "withdrawn by alice@example.com")]
    [InlineData("failed", "activationFailed")]
    [InlineData("ended", "revoked by carol@example.com")]
    public async Task An_end_without_rights_has_an_exit_code_of_its_own(string status, string why)
    {
        using var plugin = new Plugin(Server);

        var running = plugin.RunAsync(AskAndWait);
        await Server.WaitForPollAsync(1);
        Server.Requests.Change(request =>
        {
            if (status is "denied")
                Sample.Deny(request);
            else if (why.Split(" by ") is [var cause, var by])
                Sample.End(request, status, cause, by);
            else if (status is "failed")
                Sample.End(request, status, why, "system");
            else
                request["status"] = status;
        });
        var run = await running;

        Assert.Equal(ExitCode.NotGranted, run.Code);
        Assert.StartsWith("error: request 3f9k2m7xq0ab: ", run.ErrorLines[^1], StringComparison.Ordinal);
        Assert.Contains(
            why.Replace("activationFailed", "activation failed", StringComparison.Ordinal),
            run.ErrorLines[^1],
            StringComparison.Ordinal
        );
        Assert.Contains($"({status})", run.ErrorLines[^1], StringComparison.Ordinal);
        Assert.Contains(status, run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_approved_request_is_waited_for_until_it_starts()
    {
        using var plugin = new Plugin(Server);

        var running = plugin.RunAsync([.. AskAndWait, "--start", "2h"]);
        await Server.WaitForPollAsync(1);
        Server.Requests.Change(Sample.Approve);
        await Server.WaitForPollAsync(2);
        Assert.False(running.IsCompleted);
        Server.Requests.Change(Sample.Activate);
        var run = await running;

        Assert.Equal(ExitCode.Ok, run.Code);
        Assert.Equal(
            [
                "3f9k2m7xq0ab  approved by bob@example.com: go",
                "3f9k2m7xq0ab  approved; starts at 2026-11-23T10:05:00Z (in 120m)",
                "3f9k2m7xq0ab  active, expires at 2026-11-23T08:34:30Z (in 29m)",
            ],
            run.ErrorLines[1..4]
        );
    }

    [Fact]
    public async Task A_timeout_before_the_start_says_when_that_is()
    {
        Server.Requests.Add(change: request =>
        {
            Sample.Approve(request);
            request["start"] = "2026-11-23T10:05:00Z";
        });
        using var plugin = new Plugin(Server) { Clock = new HastyClock() };

        var run = await plugin.RunAsync("show", Sample.Id, "--wait", "--timeout", "10s");

        Assert.Equal(ExitCode.TimedOut, run.Code);
        Assert.Contains(
            "error: request 3f9k2m7xq0ab is still approved after 10s (timeout): it stays as it is",
            run.ErrorLines
        );
        Assert.Contains("  its start:      2026-11-23T10:05:00Z", run.ErrorLines);
    }

    [Fact]
    public async Task It_tells_dangers_each_approval_and_which_no_longer_count()
    {
        Server.Requests.OnAsk = request =>
        {
            Sample.NeedTwo(request);
            Sample.ReadSecrets(request);
        };
        using var plugin = new Plugin(Server);

        var running = plugin.RunAsync(AskAndWait);
        await Server.WaitForPollAsync(1);
        Server.Requests.Change(request =>
        {
            Sample.Approve(request);
            request["status"] = "pending";
        });
        await Server.WaitForPollAsync(2);
        Server.Requests.Change(request =>
            Sample.Narrow(request, JsonNode.Parse("""{ "duration": "15m" }""")!.AsObject())
        );
        await Server.WaitForPollAsync(3);
        Server.Requests.Change(Sample.Activate);
        var run = await running;

        Assert.Equal(
            [
                "3f9k2m7xq0ab  danger: Reads every secret, and so can become its service accounts (read-secrets, "
                    + "within its namespaces)",
                "3f9k2m7xq0ab  pending: approval needed: 1 of payments-leads and 1 of security, lapses at "
                    + "2026-11-23T12:00:00Z (in 3h55m)",
                "3f9k2m7xq0ab  approved by bob@example.com: go",
                "3f9k2m7xq0ab  pending: approval needed: 1 of payments-leads and 1 of security; 1 given, at "
                    + "least 1 more, lapses at 2026-11-23T12:00:00Z (in 3h55m)",
                "3f9k2m7xq0ab  approved by bob@example.com, which no longer counts: go",
                "3f9k2m7xq0ab  approved by dora@example.com",
                "3f9k2m7xq0ab  narrowed to ClusterRole/edit in payments for 15m",
                "3f9k2m7xq0ab  pending: approval needed: 1 of payments-leads and 1 of security; 1 given, at "
                    + "least 1 more, lapses at 2026-11-23T12:00:00Z (in 3h55m)",
            ],
            run.ErrorLines[..8]
        );
    }

    [Fact]
    public async Task An_approval_that_was_voided_is_waited_for_again()
    {
        using var plugin = new Plugin(Server);

        var running = plugin.RunAsync(AskAndWait);
        await Server.WaitForPollAsync(1);
        Server.Requests.Change(Sample.Approve);
        await Server.WaitForPollAsync(2);
        Server.Requests.Change(request =>
        {
            request["status"] = "pending";
            request["reviews"]![0]!["counts"] = false;
        });
        await Server.WaitForPollAsync(3);
        Server.Requests.Change(Sample.Activate);
        var run = await running;

        Assert.Equal(ExitCode.Ok, run.Code);
        Assert.Equal(
            [
                "3f9k2m7xq0ab  approved by bob@example.com, which no longer counts: go",
                "3f9k2m7xq0ab  pending: approval needed: 1 of payments-leads, lapses at 2026-11-23T12:00:00Z (in "
                    + "3h55m)",
            ],
            run.ErrorLines[3..5]
        );
    }

    [Fact]
    public async Task Watching_shows_an_extension_while_it_waits()
    {
        Server.Requests.Add(change: Sample.Activate);
        using var plugin = new Plugin(Server);

        var running = plugin.RunAsync("show", Sample.Id, "--watch", "-o", "wide");
        await Server.WaitForPollAsync(1);
        Server.Requests.Change(request => Sample.AskLonger(request));
        await Server.WaitForPollAsync(2);
        Server.Requests.Change(request => Sample.End(request, "ended", "expired", "system"));
        var run = await running;

        Assert.Contains("20m more asked", run.OutLines[2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_watches_is_told_who_ended_it_and_why()
    {
        Server.Requests.Add(change: Sample.Activate);
        using var plugin = new Plugin(Server);

        var running = plugin.RunAsync("show", Sample.Id, "--watch");
        await Server.WaitForPollAsync(1);
        Server.Requests.Change(request =>
        {
            Sample.End(request, "ended", "revoked", "carol@example.com");
            request["ending"]!["comment"] = "wrong cluster";
        });
        var run = await running;

        Assert.Equal("3f9k2m7xq0ab  ended (revoked by carol@example.com: wrong cluster)", run.ErrorLines[^1]);
    }

    [Fact]
    public async Task A_timeout_leaves_the_request_and_says_how_to_go_on()
    {
        using var plugin = new Plugin(Server) { Clock = new HastyClock() };

        var run = await plugin.RunAsync([.. AskAndWait, "--timeout", "10s"]);

        Assert.Equal(ExitCode.TimedOut, run.Code);
        Assert.Contains(
            "error: request 3f9k2m7xq0ab is still pending after 10s (timeout): it stays as it is",
            run.ErrorLines
        );
        Assert.Contains("  go on waiting:  kubectl jit show 3f9k2m7xq0ab --wait", run.ErrorLines);
        Assert.Contains("pending", run.Out, StringComparison.Ordinal);
        Assert.DoesNotContain(Server.Calls, call => call.Target.EndsWith("/withdraw", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_interruption_leaves_the_request_and_says_how_to_withdraw_it()
    {
        using var plugin = new Plugin(Server);
        using var interruption = new CancellationTokenSource();

        var running = plugin.RunUntilAsync(interruption.Token, AskAndWait);
        await Server.WaitForPollAsync(1);
        await interruption.CancelAsync();
        var run = await running;

        Assert.Equal(ExitCode.Interrupted, run.Code);
        Assert.Contains("error: stopped waiting; request 3f9k2m7xq0ab stays pending (interrupted)", run.ErrorLines);
        Assert.Contains("  withdraw it:    kubectl jit withdraw 3f9k2m7xq0ab", run.ErrorLines);
        Assert.DoesNotContain(Server.Calls, call => call.Target.EndsWith("/withdraw", StringComparison.Ordinal));
    }

    [Fact]
    public async Task It_goes_on_waiting_when_nothing_changed_in_time()
    {
        using var plugin = new Plugin(Server) { Clock = new HastyClock() };
        Server.Requests.Add();
        Server.AnswerNext(http => Server.Requests.GetAsync(http, Sample.Id));
        Server.AnswerNext(NotModified);
        Server.AnswerNext(NotModified);

        var running = plugin.RunAsync("show", Sample.Id, "--wait");
        await JitServer.WaitUntilAsync(() => Server.Calls.Count >= 4);
        Server.Requests.Change(Sample.Activate);

        Assert.Equal(ExitCode.Ok, (await running).Code);
        Assert.Each(
            Server.Calls.Skip(1),
            call => Assert.Equal(("/api/requests/3f9k2m7xq0ab?wait=30", "\"1\""), (call.Target, call.IfNoneMatch))
        );

        static Task NotModified(Microsoft.AspNetCore.Http.HttpContext http)
        {
            http.Response.StatusCode = 304;
            return Task.CompletedTask;
        }
    }

    [Fact]
    public async Task Watching_prints_each_version_until_the_request_is_over()
    {
        using var plugin = new Plugin(Server);
        Server.Requests.Add();

        var running = plugin.RunAsync("show", Sample.Id, "--watch", "-o", "json");
        await Server.WaitForPollAsync(1);
        Server.Requests.Change(Sample.Activate);
        await Server.WaitForPollAsync(2);
        Server.Requests.Change(request => Sample.End(request, "ended", "expired", "system"));
        var run = await running;

        Assert.Equal(ExitCode.Ok, run.Code);
        Assert.Equal(
            ["pending", "active", "ended"],
            run.OutLines.Select(line => JsonNode.Parse(line)!["status"]!.GetValue<string>())
        );
    }
}
