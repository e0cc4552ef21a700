using JitFunctions.KubectlJit.Terminal;

namespace JitFunctions.KubectlJit.Tests;

public sealed class ConfigTests
{
    [Theory]
    [InlineData("server: [a]", "config.yaml:1")]
    [InlineData("# comment\nservr: x", "config.yaml:2: unknown key 'servr'")]
    [InlineData("tokenCommand: kubelogin get-token", "[program, argument]")]
    [InlineData("tokenCommand: []", "[program, argument]")]
    [InlineData("server: \"unclosed", "config.yaml:1")]
    [InlineData("server: a\nserver: b", "config.yaml:2")]
    [InlineData("just text", "is not a list of settings")]
    public async Task A_wrong_configuration_is_named_by_file_and_line(string yaml, string expected)
    {
        using var plugin = new Plugin();
        plugin.Configure(yaml);

        var run = await plugin.RunAsync("list");

        Assert.Equal(ExitCode.Usage, run.Code);
        Assert.Contains(expected, Assert.Single(run.ErrorLines), StringComparison.Ordinal);
        Assert.Contains("(config)", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_empty_configuration_is_none()
    {
        using var plugin = new Plugin();
        plugin.Configure("# nothing yet\n");

        Assert.Contains("(no-server)", (await plugin.RunAsync("list")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_configuration_folder_can_be_moved()
    {
        using var plugin = new Plugin();
        plugin.Write("elsewhere/kubectl-jit/config.yaml", "servr: x");
        plugin.With("XDG_CONFIG_HOME", Path.Combine(plugin.Home, "elsewhere"));

        Assert.Contains(
            "elsewhere/kubectl-jit/config.yaml:1",
            (await plugin.RunAsync("list")).Error,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Help_needs_no_configuration_and_lists_every_exit_code()
    {
        using var plugin = new Plugin();
        plugin.Configure("servr: x");

        var bare = await plugin.RunAsync();
        var run = await plugin.RunAsync("--help");

        Assert.Equal((ExitCode.Ok, ""), (run.Code, run.Error));
        Assert.Equal(run.Out, bare.Out);
        Assert.Contains("kubectl jit [command] [options]", run.Out, StringComparison.Ordinal);
        Assert.Each(
            Enum.GetValues<ExitCode>(),
            code => Assert.Contains(run.OutLines, line => line.StartsWith($"  {(int)code} ", StringComparison.Ordinal))
        );
    }

    [Theory]
    [InlineData("frobnicate")]
    [InlineData("list", "extra")]
    [InlineData("list", "-o", "xml")]
    [InlineData("list", "--limit", "0")]
    [InlineData("list", "--limit", "many")]
    [InlineData("audit", "--after", "-1")]
    [InlineData("show")]
    public async Task Wrong_usage_is_one_line_that_points_to_help(params string[] command)
    {
        using var plugin = new Plugin();

        var run = await plugin.RunAsync(command);

        Assert.Equal((ExitCode.Usage, ""), (run.Code, run.Out));
        Assert.StartsWith("error: ", run.Error, StringComparison.Ordinal);
        Assert.EndsWith("--help", run.ErrorLines[0], StringComparison.Ordinal);
    }
}
