using JitFunctions.KubectlJit.Terminal;

namespace JitFunctions.KubectlJit.Tests;

public sealed class TokenTests : ServerTests
{
    private string SentToken => Assert.Single(Server.Calls).Headers.Authorization.ToString();

    [Fact]
    public async Task The_first_source_wins_flag_then_variables_then_configuration()
    {
        using var plugin = new Plugin(Server);
        var flagged = plugin.Write("flag", "flag-secret-of-the-test\n");
        plugin.With("JIT_TOKEN", "variable-secret-of-the-test");
        plugin.With("JIT_TOKEN_FILE", plugin.Write("file", "file-secret-of-the-test"));
        plugin.Write(".config/kubectl-jit/token", "configured-secret-of-the-test");
        plugin.Configure("tokenFile: token\ntokenCommand: [echo, command-secret-of-the-test]");

        Assert.Equal("Bearer flag-secret-of-the-test", await SentAsync(plugin, "--token-file", flagged));
        Assert.Equal("Bearer variable-secret-of-the-test", await SentAsync(plugin));
        Assert.Equal("Bearer file-secret-of-the-test", await SentAsync(plugin.Without("JIT_TOKEN")));
        Assert.Equal("Bearer configured-secret-of-the-test", await SentAsync(plugin.Without("JIT_TOKEN_FILE")));
        plugin.Configure("tokenCommand: [echo, command-secret-of-the-test]");
        Assert.Equal("Bearer command-secret-of-the-test", await SentAsync(plugin));
    }

    [Fact]
    public async Task A_credential_plugin_of_kubectl_works_as_token_command()
    {
        using var plugin = new Plugin(Server).Without("JIT_TOKEN");
        plugin.Configure(
            """{"tokenCommand": ["echo", "{\"kind\":\"ExecCredential\",\"status\":{\"token\":\"exec-secret-of-the-test\"}}"]}"""
        );

        Assert.Equal("Bearer exec-secret-of-the-test", await SentAsync(plugin));
    }

    [Theory]
    [InlineData("tokenCommand: ['false']", "ended with exit code 1")]
    [InlineData("tokenCommand: [no-such-program-here]", "cannot run")]
    [InlineData("tokenCommand: [echo]", "holds no token")]
    [InlineData("tokenCommand: [printf, 'two\nsecret-of-the-test']", "holds no token")]
    [InlineData("tokenCommand: [echo, '{\"status\":{}}']", "holds no token")]
    [InlineData("tokenFile: missing", "cannot read the token")]
    [InlineData("defaultCluster: c", "no token is set")]
    public async Task Without_a_token_nothing_is_sent_and_the_error_says_where_it_was_sought(
        string configuration,
        string why
    )
    {
        using var plugin = new Plugin(Server).Without("JIT_TOKEN");
        plugin.Configure(configuration);

        var run = await plugin.RunAsync("list");

        Assert.Equal(ExitCode.NotSignedIn, run.Code);
        Assert.Contains(why, Assert.Single(run.ErrorLines), StringComparison.Ordinal);
        Assert.Empty(Server.Calls);
    }

    [Fact]
    public async Task A_refused_token_names_its_source_but_never_itself()
    {
        Server.AnswerNext(401, ProblemAnswers.Body(401, "unauthenticated", "Not signed in", "Sign in again."));
        using var plugin = new Plugin(Server);

        var run = await plugin.RunAsync("list");

        Assert.Equal(ExitCode.NotSignedIn, run.Code);
        Assert.Equal(
            ["error: Not signed in (unauthenticated): Sign in again.", "  the token came from the variable JIT_TOKEN"],
            run.ErrorLines
        );
    }

    [Fact]
    public async Task A_token_that_expired_on_the_way_is_read_anew()
    {
        using var plugin = new Plugin(Server).Without("JIT_TOKEN");
        var file = plugin.Write("token", "old-secret-of-the-test");
        Server.AnswerNext(async http =>
        {
            await File.WriteAllTextAsync(file, "new-secret-of-the-test");
            await ProblemAnswers.Of(401, "unauthenticated", "Expired").ExecuteAsync(http);
        });

        var run = await plugin.RunAsync("list", "--token-file", file);

        Assert.Equal(ExitCode.Ok, run.Code);
        Assert.Equal(
            ["Bearer old-secret-of-the-test", "Bearer new-secret-of-the-test"],
            Server.Calls.Select(call => call.Headers.Authorization.ToString())
        );
    }

    [Fact]
    public async Task There_is_no_flag_for_the_token_itself_since_flags_show_in_process_lists()
    {
        using var plugin = new Plugin(Server);

        Assert.Equal(ExitCode.Usage, (await plugin.RunAsync("list", "--token", "x")).Code);
    }

    private async Task<string> SentAsync(Plugin plugin, params string[] flags)
    {
        Server.Calls.Clear();
        Assert.Equal(ExitCode.Ok, (await plugin.RunAsync(["list", .. flags])).Code);
        return SentToken;
    }
}
