using System.Diagnostics;
using System.Globalization;

namespace JitFunctions.KubectlJit.Tests;

/// <summary>The built program as the shell starts it.</summary>
public sealed class ProcessTests : ServerTests
{
    [Fact]
    public async Task Control_C_ends_the_wait_but_not_the_request()
    {
        Server.Requests.Add();
        using var process = Start("show", Sample.Id, "--wait");

        await Server.WaitForPollAsync(1);
        using (var kill = Process.Start("kill", ["-INT", process.Id.ToString(CultureInfo.InvariantCulture)]))
        {
            await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        var error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal((int)ExitCode.Interrupted, process.ExitCode);
        Assert.Contains("withdraw it:    kubectl jit withdraw 3f9k2m7xq0ab", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Its_variables_streams_and_exit_code_are_those_of_the_process()
    {
        Server.Requests.Add();
        using var process = Start("show", "unknown");

        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(((int)ExitCode.NotFound, ""), (process.ExitCode, output));
        Assert.StartsWith("error: There is no such request (not-found)", error, StringComparison.Ordinal);
    }

    private Process Start(params string[] args)
    {
        // A test runner in the background ignores SIGINT, and its children would inherit that.
        var start = new ProcessStartInfo("env", ["--default-signal=INT", Path.Combine(AppContext.BaseDirectory, "kubectl-jit"), .. args])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["JIT_SERVER"] = Server.Address;
        start.Environment["JIT_TOKEN"] = Plugin.Token;
        return Process.Start(start)!;
    }
}
