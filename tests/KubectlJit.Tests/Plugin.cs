using JitFunctions.KubectlJit.Terminal;
using Microsoft.Extensions.Time.Testing;

namespace JitFunctions.KubectlJit.Tests;

/// <summary>Runs the whole plugin in this process, with a home folder and variables of its own.</summary>
internal sealed class Plugin : IDisposable
{
    public const string Token = "eyJhbGciOiJub25lIn0.secret-of-the-test.x";

    public static readonly DateTimeOffset Now = new(2026, 11, 23, 8, 5, 0, TimeSpan.Zero);

    private readonly Dictionary<string, string> _variables = [];

    public Plugin(JitServer? server = null)
    {
        Home = Directory.CreateTempSubdirectory("kubectl-jit-").FullName;
        _variables["HOME"] = Home;
        if (server is null)
            return;
        _variables["JIT_SERVER"] = server.Address;
        _variables["JIT_TOKEN"] = Token;
    }

    public string Home { get; }

    public IReadOnlyDictionary<string, string> Variables => _variables;

    public bool Colours { get; init; }

    public int Columns { get; init; } = Shell.UsualColumns;

    /// <summary>Where a person types, if one is there to be asked.</summary>
    public TextReader? Keyboard { get; init; }

    /// <summary>What calls to other machines go through.</summary>
    public System.Net.IWebProxy? Proxy { get; init; }

    public TimeProvider Clock { get; init; } = new FakeTimeProvider(Now);

    public Plugin With(string variable, string value)
    {
        _variables[variable] = value;
        return this;
    }

    public Plugin Without(string variable)
    {
        _variables.Remove(variable);
        return this;
    }

    public string Write(string path, string content)
    {
        var file = Path.Combine(Home, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, content);
        return file;
    }

    public string Configure(string yaml) => Write(".config/kubectl-jit/config.yaml", yaml);

    public Task<Run> RunAsync(params string[] args) => RunUntilAsync(TestContext.Current.CancellationToken, args);

    public async Task<Run> RunUntilAsync(CancellationToken cancel, params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var shell = new Shell(output, error, _variables.GetValueOrDefault, Clock)
        {
            Colours = Colours,
            Columns = Columns,
            Keyboard = Keyboard,
            Proxy = Proxy,
        };
        var code = await CommandLine.RunAsync(args, shell, cancel);
        var run = new Run((ExitCode)code, output.ToString(), error.ToString());

        // Whatever a test is about: the token never shows.
        Assert.DoesNotContain("secret-of-the-test", run.Out + run.Error, StringComparison.Ordinal);
        return run;
    }

    public void Dispose() => Directory.Delete(Home, recursive: true);
}

internal sealed record Run(ExitCode Code, string Out, string Error)
{
    public string[] OutLines => Lines(Out);

    public string[] ErrorLines => Lines(Error);

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
