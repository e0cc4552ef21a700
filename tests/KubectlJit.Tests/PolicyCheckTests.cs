using System.Text.Json.Nodes;
using JitFunctions.Domain.Policies;
using JitFunctions.KubectlJit.Terminal;
using JitFunctions.PolicyReading;

namespace JitFunctions.KubectlJit.Tests;

/// <summary><c>policies check</c>: no server, and not even the address of one.</summary>
public sealed class PolicyCheckTests
{
    private const string Valid = """
        policies:
          - name: payments
            groups: [devs]
            clusters: [prod]
            namespaces: [payments]
            roles: [ClusterRole/view]
            maxDuration: 1h
            approval: { groups: [leads] }
        """;

    [Fact]
    public async Task Valid_files_are_told_with_the_version_that_they_will_have()
    {
        using var plugin = new Plugin();
        plugin.Write("policies/a.yaml", Valid);
        plugin.Write("policies/b.yml", "auditors: [auditors]\n");
        plugin.Write("policies/README.md", "not: [a, policy");

        var run = await plugin.RunAsync("policies", "check", Path.Combine(plugin.Home, "policies"));

        var version = PolicyFiles.VersionOf([
            new PolicyFileText("a.yaml", Valid),
            new PolicyFileText("b.yml", "auditors: [auditors]\n"),
        ]);
        Assert.Equal(
            (ExitCode.Ok, $"valid: 1 policy in 2 files, version {version}\n", ""),
            (run.Code, run.Out, run.Error)
        );
    }

    [Fact]
    public async Task Each_error_is_a_line_with_its_place_and_the_exit_code_is_1()
    {
        using var plugin = new Plugin();
        plugin.Write(
            "policies/a.yaml",
            Valid.Replace("maxDuration: 1h", "maxDuration: 400h", StringComparison.Ordinal)
        );
        plugin.Write("policies/b.yaml", "auditors: [auditors]\ndenails: []\n");
        plugin.Write("policies/below/c.yaml", Valid);

        var run = await plugin.RunAsync("policies", "check", Path.Combine(plugin.Home, "policies"));

        Assert.Equal(1, (int)run.Code);
        Assert.StartsWith(
            "below/c.yaml: lies in a folder below",
            Assert.Single(run.OutLines),
            StringComparison.Ordinal
        );

        Directory.Delete(Path.Combine(plugin.Home, "policies/below"), recursive: true);
        run = await plugin.RunAsync("policies", "check", Path.Combine(plugin.Home, "policies"));

        Assert.Equal(1, (int)run.Code);
        Assert.Equal(2, run.OutLines.Length);
        Assert.Equal("a.yaml:7:18: 'maxDuration' is at most 168h.", run.OutLines[0]);
        Assert.StartsWith(
            "b.yaml:2:1: unknown field 'denails' in the file;",
            run.OutLines[1],
            StringComparison.Ordinal
        );
        Assert.StartsWith("error: the policy files of ", run.Error, StringComparison.Ordinal);
        Assert.Contains("not valid: 2 errors (invalid-policies)", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_file_is_checked_by_itself()
    {
        using var plugin = new Plugin();

        var run = await plugin.RunAsync("policies", "check", plugin.Write("one.yaml", "policies: {}"));

        Assert.Equal(["one.yaml:1:11: 'policies' must be a list."], run.OutLines);
        Assert.Equal(1, (int)run.Code);
    }

    [Theory]
    [InlineData("json")]
    [InlineData("yaml")]
    public async Task A_script_gets_the_same_as_a_document(string format)
    {
        using var plugin = new Plugin();

        var run = await plugin.RunAsync("policies", "check", plugin.Write("one.yaml", "policies: {}"), "-o", format);

        Assert.Equal(1, (int)run.Code);
        Assert.Contains("one.yaml:1:11: 'policies' must be a list.", run.Out, StringComparison.Ordinal);
        if (format == "json")
            Assert.Equal(
                (false, 1),
                ((bool)JsonNode.Parse(run.Out)!["valid"]!, (int)JsonNode.Parse(run.Out)!["files"]!)
            );
    }

    [Fact]
    public async Task A_folder_that_is_not_there_or_has_no_policies_is_not_valid_by_accident()
    {
        using var plugin = new Plugin();
        Directory.CreateDirectory(Path.Combine(plugin.Home, "empty"));

        var missing = await plugin.RunAsync("policies", "check", Path.Combine(plugin.Home, "missing"));
        var empty = await plugin.RunAsync("policies", "check", Path.Combine(plugin.Home, "empty"));
        var nothing = await plugin.RunAsync("policies", "check");

        Assert.Equal(ExitCode.Usage, missing.Code);
        Assert.Contains("cannot be read", missing.Error, StringComparison.Ordinal);
        Assert.Equal(1, (int)empty.Code);
        Assert.StartsWith("There is no policy file", Assert.Single(empty.OutLines), StringComparison.Ordinal);
        Assert.Equal(ExitCode.Usage, nothing.Code);
    }
}
