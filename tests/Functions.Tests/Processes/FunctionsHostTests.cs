using JitFunctions.LocalStack;

namespace JitFunctions.Functions.Tests.Processes;

/// <summary>
/// Which Functions host <c>./dev azure</c> starts, on a machine that has only what a test puts there.
/// </summary>
public sealed class FunctionsHostTests : IDisposable
{
    private const string Arguments = "start --no-build --script-root APPDIR --port PORT";

    private readonly ScratchFolder _folder = new();

    public FunctionsHostTests()
    {
        Directory.CreateDirectory(_folder.Combine("bin"));
        foreach (var tool in new[] { "cat", "chmod", "flock", "mkdir" })
            File.CreateSymbolicLink(_folder.Combine("bin", tool), $"/usr/bin/{tool}");
    }

    [Fact]
    public async Task A_given_host_command_comes_before_an_installed_one()
    {
        Put("func", "");
        Assert.Equal("my-host APPDIR PORT", (await PrepareAsync("my-host APPDIR PORT")).StdOut.Trim());
    }

    [Fact]
    public async Task Core_Tools_on_the_path_are_taken_as_they_are()
    {
        Put("func", "");
        Assert.Equal($"func {Arguments}", (await PrepareAsync(" ")).StdOut.Trim());
    }

    [Fact]
    public async Task Npm_installs_them_into_the_cache_once()
    {
        var func = _folder.Combine(
            "cache",
            "jit-functions",
            "core-tools",
            "node_modules",
            "azure-functions-core-tools",
            "bin",
            "func"
        );
        Put("npm", $"mkdir -p {Path.GetDirectoryName(func)} && : >{func} && chmod +x {func}");
        Assert.Equal($"{func} {Arguments}", (await PrepareAsync()).StdOut.Trim());
        Put("npm", "exit 1");
        Assert.Equal($"{func} {Arguments}", (await PrepareAsync()).StdOut.Trim());
    }

    [Theory]
    [InlineData("exit 1")]
    [InlineData("exit 0")]
    [InlineData(null)]
    public async Task Without_any_it_says_what_to_do(string? npm)
    {
        if (npm is not null)
            Put("npm", npm);
        var answer = await PrepareAsync();
        Assert.Equal((1, ""), (answer.ExitCode, answer.StdOut));
        Assert.StartsWith("There is no Azure Functions host here", answer.StdErr, StringComparison.Ordinal);
        Assert.Contains("JIT_FUNCTIONS_HOST", answer.StdErr, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private void Put(string program, string script)
    {
        var path = _folder.Combine("bin", program);
        File.WriteAllText(path, $"#!/bin/bash\n{script}\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private Task<Command> PrepareAsync(string? host = null) =>
        Command.RunAsync(
            Repository.Combine("tools", "functions-host", "prepare"),
            [],
            new Dictionary<string, string?>
            {
                ["PATH"] = _folder.Combine("bin"),
                ["XDG_CACHE_HOME"] = _folder.Combine("cache"),
                ["JIT_FUNCTIONS_HOST"] = host,
            },
            cancellation: TestContext.Current.CancellationToken
        );
}
