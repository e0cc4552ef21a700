using System.ComponentModel;
using System.Diagnostics;
using JitFunctions.KubectlJit.Terminal;

namespace JitFunctions.KubectlJit.Settings;

internal static class TokenCommand
{
    /// <summary>
    /// Runs the command on the user's terminal, so that it can ask them to sign in, and returns what it printed.
    /// </summary>
    public static async Task<string> RunAsync(TokenSource.Command command, CancellationToken cancel)
    {
        using var process = Start(command);
        try
        {
            var output = await process.StandardOutput.ReadToEndAsync(cancel);
            await process.WaitForExitAsync(cancel);
            return process.ExitCode == 0
                ? output
                : throw Failure.NotSignedIn(
                    $"{command.Origin} ended with exit code {process.ExitCode}",
                    "no-token",
                    "sign in again"
                );
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }

    private static Process Start(TokenSource.Command command)
    {
        try
        {
            return Process.Start(
                new ProcessStartInfo(command.Arguments[0], command.Arguments.Skip(1)) { RedirectStandardOutput = true }
            )!;
        }
        catch (Win32Exception missing)
        {
            throw Failure.NotSignedIn(
                $"cannot run {command.Origin}: {missing.Message}",
                "no-token",
                "install it, or correct tokenCommand",
                missing
            );
        }
    }
}
