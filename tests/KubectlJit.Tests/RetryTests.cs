using System.Net;
using System.Net.Sockets;
using JitFunctions.KubectlJit.Terminal;
using Microsoft.AspNetCore.Http;

namespace JitFunctions.KubectlJit.Tests;

public sealed class RetryTests : ServerTests
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
        "--duration",
        "5m",
        "--reason",
        "r",
    ];

    [Fact]
    public async Task A_short_outage_goes_unnoticed_and_a_request_is_made_once()
    {
        Server.AnswerNext(503, ProblemAnswers.Body(503, "store-unavailable"));
        Server.AnswerNext(503, ProblemAnswers.Body(503, "store-unavailable"), retryAfter: "2");
        using var plugin = new Plugin(Server) { Clock = new HastyClock() };

        var run = await plugin.RunAsync(Ask);

        Assert.Equal(ExitCode.Ok, run.Code);
        Assert.Equal(3, Server.Calls.Count);
        Assert.Single(Server.Calls.Select(call => (call.Headers["Idempotency-Key"].ToString(), call.Body)).Distinct());
    }

    [Fact]
    public async Task A_long_outage_ends_the_run_with_the_servers_own_words()
    {
        for (var i = 0; i < 50; i++)
            Server.AnswerNext(503, ProblemAnswers.Body(503, "store-unavailable", "The store is away", "Try later."));
        using var plugin = new Plugin(Server) { Clock = new HastyClock() };

        var run = await plugin.RunAsync(Ask);

        Assert.Equal(ExitCode.Unreachable, run.Code);
        Assert.Equal("error: The store is away (store-unavailable): Try later.", run.ErrorLines[0]);
        Assert.StartsWith(
            "  it may have been made all the same; repeat it safely with: --idempotency-key ",
            run.ErrorLines[^1],
            StringComparison.Ordinal
        );
        Assert.Equal(6, Server.Calls.Count); // 15 s, by pauses of 0.25, 0.5, 1, 2 and 4 s
    }

    [Theory]
    [InlineData("show")]
    [InlineData("revoke")]
    public async Task A_refused_connection_is_tried_again_for_a_while_since_nothing_was_sent(string command)
    {
        var clock = new HastyClock();
        using var plugin = new Plugin(Server) { Clock = clock };
        using var unused = Unused();
        plugin.With("JIT_SERVER", $"http://{unused.LocalEndPoint}");

        var run = await plugin.RunAsync(command, Sample.Id);

        Assert.Equal(ExitCode.Unreachable, run.Code);
        Assert.StartsWith(
            "error: cannot reach http://127.0.0.1:",
            Assert.Single(run.ErrorLines),
            StringComparison.Ordinal
        );
        Assert.Equal(5, clock.Timers);
    }

    [Theory]
    [InlineData("show", ExitCode.Ok, 2)]
    [InlineData("revoke", ExitCode.Unreachable, 1)]
    internal async Task A_broken_connection_is_tried_again_only_where_that_is_harmless(
        string command,
        ExitCode exitCode,
        int calls
    )
    {
        Server.Requests.Add();
        Server.AnswerNext(Abort);
        using var plugin = new Plugin(Server) { Clock = new HastyClock() };

        var run = await plugin.RunAsync(command, Sample.Id);

        Assert.Equal((exitCode, calls), (run.Code, Server.Calls.Count));
    }

    [Fact]
    public async Task A_wait_that_an_outage_ends_says_how_to_go_on()
    {
        Server.Requests.Add();
        Server.AnswerNext(http => Server.Requests.GetAsync(http, Sample.Id));
        for (var i = 0; i < 50; i++)
            Server.AnswerNext(503, ProblemAnswers.Body(503, "store-unavailable"));
        using var plugin = new Plugin(Server) { Clock = new HastyClock() };

        var run = await plugin.RunAsync("show", Sample.Id, "--wait");

        Assert.Equal(ExitCode.Unreachable, run.Code);
        Assert.Equal(
            "  the request stays as it is; go on waiting with: kubectl jit show 3f9k2m7xq0ab --wait",
            run.ErrorLines[^1]
        );
    }

    [Theory]
    [InlineData("--wait")]
    [InlineData("--watch")]
    public async Task Too_many_who_wait_make_a_wait_slower_and_do_not_end_it(string how)
    {
        Server.Requests.Add();
        Server.AnswerNext(http => Server.Requests.GetAsync(http, Sample.Id));
        for (var i = 0; i < 3; i++)
            Server.AnswerNext(429, ProblemAnswers.Body(429, "too-many-waits"), retryAfter: "5");
        Server.AnswerNext(http =>
        {
            Server.Requests.Change(request => Sample.End(request, "denied", "denied", "bob@example.com"));
            return Server.Requests.GetAsync(http, Sample.Id);
        });
        var clock = new HastyClock();
        using var plugin = new Plugin(Server) { Clock = clock };

        var run = await plugin.RunAsync("show", Sample.Id, how);

        Assert.DoesNotContain("too-many-waits", run.Error, StringComparison.Ordinal);
        Assert.Contains("denied", run.Out, StringComparison.Ordinal);
        Assert.Equal(5, Server.Calls.Count);
        // Three times what Retry-After says.
        Assert.InRange(clock.GetUtcNow() - Plugin.Now, TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(16));
    }

    [Fact]
    public async Task Too_many_who_wait_for_a_minute_are_a_server_that_is_not_available()
    {
        Server.Requests.Add();
        Server.AnswerNext(http => Server.Requests.GetAsync(http, Sample.Id));
        for (var i = 0; i < 50; i++)
            Server.AnswerNext(
                429,
                ProblemAnswers.Body(429, "too-many-waits", "Too many wait", "Wait less."),
                retryAfter: "5"
            );
        using var plugin = new Plugin(Server) { Clock = new HastyClock() };

        var run = await plugin.RunAsync("show", Sample.Id, "--wait");

        Assert.Equal(ExitCode.Unreachable, run.Code);
        Assert.Contains("error: Too many wait (too-many-waits): Wait less.", run.ErrorLines);
        Assert.Equal(
            "  the request stays as it is; go on waiting with: kubectl jit show 3f9k2m7xq0ab --wait",
            run.ErrorLines[^1]
        );
    }

    [Fact]
    public async Task Too_many_open_requests_are_a_refusal_that_is_told_at_once()
    {
        Server.AnswerNext(429, ProblemAnswers.Body(429, "too-many-open", "You have 20 open requests", "Withdraw one."));
        using var plugin = new Plugin(Server) { Clock = new HastyClock() };

        var run = await plugin.RunAsync(Ask);

        Assert.Equal(ExitCode.Refused, run.Code);
        Assert.Equal("error: You have 20 open requests (too-many-open): Withdraw one.", Assert.Single(run.ErrorLines));
        Assert.Single(Server.Calls);
    }

    private static Task Abort(HttpContext http)
    {
        http.Abort();
        return Task.CompletedTask;
    }

    // While it has the port and does not listen, nobody else does either.
    private static Socket Unused()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket;
    }
}
