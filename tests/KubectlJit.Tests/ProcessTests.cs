using System.Diagnostics;
using JitFunctions.KubectlJit.Terminal;

namespace JitFunctions.KubectlJit.Tests;

/// <summary>
/// The built program as the shell starts it. The variable KUBECTL_JIT names another build of it to test, such as the
/// native one.
/// </summary>
public sealed class ProcessTests : ServerTests
{
    private static readonly string Program =
        Environment.GetEnvironmentVariable("KUBECTL_JIT") ?? Path.Combine(AppContext.BaseDirectory, "kubectl-jit");

    [Fact]
    public async Task Control_C_ends_the_wait_but_not_the_request()
    {
        Server.Requests.Add();
        using var plugin = new Plugin(Server);
        using var process = Start(plugin, "show", Sample.Id, "--wait");

        await Server.WaitForPollAsync(1);
        using (var kill = Process.Start("sh", ["-c", $"kill -s INT {process.Id}"]))
        {
            await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        var run = await EndAsync(process);
        Assert.Equal(ExitCode.Interrupted, run.Code);
        Assert.Contains("  withdraw it:    kubectl jit withdraw 3f9k2m7xq0ab", run.ErrorLines);
    }

    [Fact]
    public async Task A_request_from_configuration_to_active_keeps_its_streams_apart()
    {
        Server.Requests.OnAsk = Sample.Activate;
        using var plugin = new Plugin();
        plugin.Configure(
            $"""
            server: {Server.Address}
            defaultCluster: prod-eu
            tokenCommand: [echo, {Plugin.Token}]
            """
        );
        string[] ask =
        [
            "request",
            "-n",
            "payments",
            "--role",
            "edit",
            "--duration",
            "30m",
            "--reason",
            "größer",
            "--wait",
            "-o",
            "yaml",
        ];
        using var process = Start(plugin, ask);

        var run = await EndAsync(process);

        Assert.Equal(ExitCode.Ok, run.Code);
        Assert.Contains("status: active", run.OutLines);
        Assert.Contains("reason: \"größer\"", run.OutLines);
        Assert.Contains("active, expires at 2026-11-23T08:34:30Z", run.ErrorLines[0], StringComparison.Ordinal);
        Assert.Equal($"Bearer {Plugin.Token}", Assert.Single(Server.Calls).Headers.Authorization);
    }

    [Fact]
    public async Task A_problem_becomes_the_exit_code_of_the_process()
    {
        using var plugin = new Plugin(Server);
        using var process = Start(plugin, "show", "000000000000");

        var run = await EndAsync(process);

        Assert.Equal((ExitCode.NotFound, ""), (run.Code, run.Out));
        Assert.StartsWith("error: There is no such request (not-found)", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("n", ExitCode.Interrupted, 0)]
    [InlineData("y", ExitCode.Ok, 1)]
    internal async Task A_person_at_a_terminal_is_asked_before_an_approval(
        string answer,
        ExitCode exitCode,
        int reviews
    )
    {
        Server.Requests.Add();
        using var plugin = new Plugin(Server);
        using var process = AtTerminal(plugin, $"{Program} approve {Sample.Id}");

        await JitServer.WaitUntilAsync(() => !Server.Calls.IsEmpty);
        await process.StandardInput.WriteLineAsync(answer);
        var run = await EndAsync(process);

        Assert.Equal(exitCode, run.Code);
        Assert.Contains("Approve? [y/N]", run.Out, StringComparison.Ordinal);
        Assert.Equal(reviews, Server.Calls.Count(call => call.Method is "POST"));
    }

    [Theory]
    [InlineData("list", true)]
    [InlineData("list -o json", true)]
    [InlineData("--help", true)]
    [InlineData("show 000000000000", false)]
    public async Task A_terminal_is_left_in_the_mode_that_it_was_in(string command, bool succeeds)
    {
        Server.Requests.Add();
        using var plugin = new Plugin(Server).With("TERM", "xterm");
        using var process = AtTerminal(plugin, $"{Program} {command}");

        var run = await EndAsync(process);

        Assert.True(succeeds == (run.Code is ExitCode.Ok), run.Out);
        Assert.NotEmpty(run.Out);
        Assert.DoesNotContain("\e[?", run.Out, StringComparison.Ordinal); // 1h: the keys of an application
        Assert.DoesNotContain("\e=", run.Out, StringComparison.Ordinal); // its keypad
    }

    [Fact]
    public async Task What_prints_the_token_has_the_terminal_that_the_plugin_has()
    {
        using var plugin = new Plugin(Server).Without("JIT_TOKEN").With("TERM", "xterm");
        plugin.Configure("tokenCommand: [sh, -c, 'echo token-of-$TERM']");
        using var process = AtTerminal(plugin, $"{Program} list");

        Assert.Equal(ExitCode.Ok, (await EndAsync(process)).Code);
        Assert.Equal("Bearer token-of-xterm", Assert.Single(Server.Calls).Headers.Authorization);
    }

    [Fact]
    public async Task A_script_is_not_asked()
    {
        Server.Requests.Add();
        using var plugin = new Plugin(Server);
        using var process = Start(plugin, "approve", Sample.Id);
        process.StandardInput.Close();

        var run = await EndAsync(process);

        Assert.Equal(ExitCode.Ok, run.Code);
        Assert.DoesNotContain("[y/N]", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_proxy_never_gets_a_token_that_is_meant_for_this_machine()
    {
        await using var proxy = await JitServer.StartAsync();
        using var plugin = new Plugin(Server)
            .With("HTTP_PROXY", proxy.Address)
            .With("http_proxy", proxy.Address)
            .With("ALL_PROXY", proxy.Address);
        using var process = Start(plugin, "list");

        Assert.Equal(ExitCode.Ok, (await EndAsync(process)).Code);
        Assert.Empty(proxy.Calls);
    }

    // A test runner in the background ignores SIGINT, and its children would inherit that.
    private static Process Start(Plugin plugin, params string[] args) =>
        Run(plugin, "env", ["--default-signal=INT", Program, .. args]);

    /// <summary>With a terminal of its own, which shows standard output and error as one.</summary>
    private static Process AtTerminal(Plugin plugin, string command) =>
        Run(plugin, "script", ["-qefc", command, "/dev/null"]);

    private static Process Run(Plugin plugin, string program, string[] args)
    {
        var start = new ProcessStartInfo(program, args)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // Those of whoever runs the tests are not for the plugin.
        foreach (
            var name in start
                .Environment.Keys.Where(name =>
                    name.StartsWith("JIT_", StringComparison.Ordinal)
                    || name is "XDG_CONFIG_HOME" or "NO_PROXY" or "no_proxy"
                )
                .ToList()
        )
            start.Environment.Remove(name);
        foreach (var (name, value) in plugin.Variables)
            start.Environment[name] = value;
        return Process.Start(start)!;
    }

    private static async Task<Run> EndAsync(Process process)
    {
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return new Run((ExitCode)process.ExitCode, await output, await error);
    }
}
