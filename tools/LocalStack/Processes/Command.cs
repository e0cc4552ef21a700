using System.Diagnostics;

namespace JitFunctions.LocalStack;

/// <summary>One finished run of a command-line program.</summary>
public sealed record Command(int ExitCode, string StdOut, string StdErr)
{
    public static async Task<Command> RunAsync(
        string fileName,
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string?>? environment = null,
        string? workingDirectory = null,
        CancellationToken cancellation = default
    )
    {
        var start = new ProcessStartInfo(fileName, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = workingDirectory ?? "",
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>())
            start.Environment[name] = value;

        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(cancellation);
            var errors = process.StandardError.ReadToEndAsync(cancellation);
            await process.WaitForExitAsync(cancellation);
            return new Command(process.ExitCode, await output, await errors);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    /// <exception cref="InvalidOperationException">The program failed; the message contains its output.</exception>
    public Command OrThrow(string what) =>
        ExitCode == 0
            ? this
            : throw new InvalidOperationException($"{what} failed with code {ExitCode}:\n{StdOut}{StdErr}");
}
