using JitFunctions.Functions.Policies;

namespace JitFunctions.Functions.Tests.Policies;

/// <summary>The app's own command for pipelines: <c>policies check PATH</c>.</summary>
public sealed class PolicyCheckCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("jit-policies-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task The_banks_policies_are_valid()
    {
        var (code, report, errors) = await RunAsync(
            "policies",
            "check",
            Path.Combine(AppContext.BaseDirectory, "documents", "examples", "bank")
        );

        Assert.Equal((0, ""), (code, errors));
        Assert.Matches("^valid: [0-9]+ policies in 3 files, version sha256:[0-9a-f]{64}\n$", report);
    }

    [Fact]
    public async Task One_policy_in_one_file_is_counted_as_one()
    {
        File.WriteAllText(
            Path.Combine(_folder, "a.yaml"),
            """
            policies:
              - name: payments
                groups: [devs]
                clusters: [prod]
                namespaces: [payments]
                roles: [ClusterRole/view]
                maxDuration: 1h
                approval: { groups: [leads] }
            """
        );

        var (code, report, errors) = await RunAsync("policies", "check", Path.Combine(_folder, "a.yaml"));

        Assert.Equal((0, ""), (code, errors));
        Assert.StartsWith("valid: 1 policy in 1 file, version sha256:", report, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_wrong_is_told_by_file_line_and_column_and_ends_with_1()
    {
        File.WriteAllText(Path.Combine(_folder, "a.yaml"), "auditors: [auditors]\npolicies: {}\n");

        Assert.Equal(
            (1, "a.yaml:2:11: 'policies' must be a list.\n", ""),
            await RunAsync("policies", "check", _folder)
        );
    }

    [Fact]
    public async Task A_folder_that_is_not_there_is_a_mistake_as_in_the_plugin()
    {
        var (code, report, errors) = await RunAsync("policies", "check", Path.Combine(_folder, "missing"));

        Assert.Equal((2, ""), (code, report));
        Assert.Contains("cannot be read", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("policies")]
    [InlineData("policies", "check")]
    [InlineData("policies", "check", "")]
    [InlineData("policies", "check", "a", "b")]
    [InlineData("policies", "publish", "a")]
    public async Task Other_arguments_are_a_mistake(params string[] args)
    {
        Assert.True(PolicyCheckCommand.IsMeant(args));
        Assert.Equal((2, "", "usage: policies check PATH\n"), await RunAsync(args));
    }

    private static async Task<(int Code, string Report, string Errors)> RunAsync(params string[] args)
    {
        using var report = new StringWriter();
        using var errors = new StringWriter();
        var code = await PolicyCheckCommand.RunAsync(args, report, errors, TestContext.Current.CancellationToken);
        return (code, report.ToString(), errors.ToString());
    }
}
