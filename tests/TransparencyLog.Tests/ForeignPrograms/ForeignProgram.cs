using System.Diagnostics;

namespace JitFunctions.TransparencyLog.Tests.ForeignPrograms;

/// <summary>A program of tools/log-verifiers. Where it is not installed, the tests fail.</summary>
internal sealed class ForeignProgram
{
    private readonly string _program;
    private readonly string[] _first;

    private ForeignProgram(string program, params string[] first) => (_program, _first) = (program, first);

    /// <summary>golang.org/x/mod.</summary>
    public static ForeignProgram Go => new(Installed("log-verify"));

    /// <summary>npm's @sigstore/verify.</summary>
    public static ForeignProgram Sigstore => new("node", Installed("sigstore-verify.mjs"));

    /// <summary>npm's canonicalize.</summary>
    public static ForeignProgram Canonicalize => new("node", Installed("canonicalize.mjs"));

    /// <summary>Its lines of output, whatever its exit code.</summary>
    public async Task<string[]> RunAsync(IEnumerable<string> arguments, string input = "")
    {
        var cancel = TestContext.Current.CancellationToken;
        var start = new ProcessStartInfo(_program, [.. _first, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new System.Text.UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
            StandardOutputEncoding = System.Text.Encoding.UTF8,
        };
        using var process = Process.Start(start)!;
        var (output, error) = (
            process.StandardOutput.ReadToEndAsync(cancel),
            process.StandardError.ReadToEndAsync(cancel)
        );
        await process.StandardInput.WriteAsync(input.AsMemory(), cancel);
        process.StandardInput.Close();
        await process.WaitForExitAsync(cancel);
        Assert.True(process.ExitCode is 0 or 1, $"{_program} ended with {process.ExitCode}: {await error}");
        Assert.Equal("", await error);
        return [.. (await output).Split('\n')[..^1]];
    }

    private static string Installed(string program)
    {
        var cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } set
            ? set
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        var path = Path.Combine(cache, "jit-functions", "log-verifiers", program);
        Assert.True(
            File.Exists(path),
            $"{path} is missing: ./dev setup installs it, where apt-get has golang-go and npm has its registry."
        );
        return path;
    }
}
