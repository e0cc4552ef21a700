using System.Reflection;
using System.Text.Json.Nodes;
using JitFunctions.KubectlJit.Terminal;

namespace JitFunctions.KubectlJit.Tests;

public sealed class VersionTests : ServerTests
{
    private const string Commit = "31d46ae9a0f0c3d2b1a4958677869504a3b2c1d0";

    private static string Own =>
        typeof(CommandLine).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    private static string OwnVersion => Own.Split('+')[0];

    private static string? OwnCommit => Own.Split('+') is [_, var commit] ? commit : null;

    private static string OwnLine =>
        OwnCommit is { } commit ? $"Client:       {OwnVersion}, commit {commit}" : $"Client:       {OwnVersion}";

    [Theory]
    [InlineData($"0.11.0+{Commit}", $"Server:       0.11.0, commit {Commit}", Commit)]
    [InlineData("0.11.0", "Server:       0.11.0", null)]
    public async Task It_says_which_plugin_this_is_and_which_server_answers(string answer, string line, string? commit)
    {
        Server.Policies["/api/whoami"] = WhoAmI(answer);
        using var plugin = new Plugin(Server);

        var table = await plugin.RunAsync("version");
        var json = await plugin.RunAsync("version", "-o", "json");

        Assert.Equal((ExitCode.Ok, ""), (table.Code, table.Error));
        Assert.Equal([OwnLine, line], table.OutLines);
        var (client, server) = (JsonNode.Parse(json.Out)!["client"]!, JsonNode.Parse(json.Out)!["server"]!);
        Assert.Equal((OwnVersion, OwnCommit), ((string?)client["version"], (string?)client["commit"]));
        Assert.Equal(("0.11.0", commit), ((string?)server["version"], (string?)server["commit"]));
    }

    [Fact]
    public async Task Where_no_server_is_set_the_plugin_speaks_of_itself_alone()
    {
        using var plugin = new Plugin();

        var table = await plugin.RunAsync("version");
        var yaml = await plugin.RunAsync("version", "-o", "yaml");

        Assert.Equal((ExitCode.Ok, ""), (table.Code, table.Error));
        Assert.Equal([OwnLine], table.OutLines);
        Assert.Equal("client:", yaml.OutLines[0]);
        Assert.DoesNotContain("server", yaml.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_asks_for_the_plugin_alone_needs_no_server()
    {
        using var plugin = new Plugin(Server);

        var run = await plugin.RunAsync("version", "--client");

        Assert.Equal((ExitCode.Ok, OwnLine), (run.Code, Assert.Single(run.OutLines)));
        Assert.Empty(Server.Calls);
    }

    [Theory]
    [InlineData("table")]
    [InlineData("json")]
    public async Task A_server_that_does_not_answer_is_told_of_and_fails_nothing(string format)
    {
        for (var i = 0; i < 50; i++)
            Server.AnswerNext(503, ProblemAnswers.Body(503, "store-unavailable", "The store is away", "Try later."));
        using var plugin = new Plugin(Server) { Clock = new HastyClock() };

        var run = await plugin.RunAsync("version", "-o", format);

        Assert.Equal(ExitCode.Ok, run.Code);
        Assert.Equal(
            "error: the server's version is not known: The store is away (store-unavailable): Try later.",
            run.ErrorLines[0]
        );
        Assert.Contains(OwnVersion, run.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("server", run.Out, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("{ \"username\": \"a\" }", "The server does not tell its version: it is older than 0.10.0.")]
    [InlineData("[]", "error: the server's version is not known: the server's answer is not what its API promises")]
    public async Task A_server_that_does_not_tell_is_told_of_and_fails_nothing(string answer, string because)
    {
        Server.Policies["/api/whoami"] = answer;
        using var plugin = new Plugin(Server);

        var run = await plugin.RunAsync("version");

        Assert.Equal((ExitCode.Ok, OwnLine), (run.Code, Assert.Single(run.OutLines)));
        Assert.StartsWith(because, run.ErrorLines[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_token_only_the_plugin_is_known()
    {
        using var plugin = new Plugin(Server).Without("JIT_TOKEN");

        var run = await plugin.RunAsync("version");

        Assert.Equal((ExitCode.Ok, OwnLine), (run.Code, Assert.Single(run.OutLines)));
        Assert.Contains("(no-token)", run.ErrorLines[0], StringComparison.Ordinal);
    }

    private static string WhoAmI(string version) =>
        new JsonObject { ["username"] = "alice@example.com", ["serverVersion"] = version }.ToJsonString();
}
