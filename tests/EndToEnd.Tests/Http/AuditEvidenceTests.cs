using System.Globalization;
using System.Text.Json.Nodes;
using JitFunctions.LocalStack;

namespace JitFunctions.EndToEnd.Tests.Http;

/// <summary>The evidence of a period, as an auditor gets and verifies it.</summary>
public sealed class AuditEvidenceTests(PlatformFixture fixture)
{
    private readonly Team _team = Team.WithoutNamespace(fixture.Platform);

    [Fact]
    public async Task An_auditor_gets_all_requests_of_a_period_and_draws_one()
    {
        var id = await _team.AskAsync();
        var folder = Directory.CreateTempSubdirectory("jit-evidence-");
        try
        {
            var file = Path.Combine(folder.FullName, "evidence.zip");
            // The end of the period is a whole second after the request.
            await Task.Delay(TimeSpan.FromSeconds(1.1), TestContext.Current.CancellationToken);
            var to = TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
            (await PluginAsync("evidence", "--from", "2020-01-01T00:00:00Z", "--to", to, "-f", file)).OrThrow(
                "evidence"
            );

            var verified = await PluginAsync("verify", file, "--policy", _team.Platform.Log.Policy, "-o", "json");
            var sample = await PluginAsync("sample", "--seed", "1", "--n", "100000", file, "-o", "csv");

            Assert.Equal((0, ""), (verified.ExitCode, verified.StdErr));
            var evidence = JsonNode.Parse(verified.StdOut)!["evidence"]!;
            Assert.Equal(
                (int)evidence["requests"]!,
                sample.StdOut.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length - 1
            );
            Assert.Contains($"\n{id},", sample.StdOut, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Only_auditors_get_evidence() =>
        (await _team.As(_team.Alice).GetAsync("/api/audit/evidence?from=2026-01-01&to=2026-02-01")).ExpectProblem(
            403,
            "not-allowed"
        );

    [Theory]
    [InlineData("")]
    [InlineData("?from=2026-01-01")]
    [InlineData("?from=2026-02-01&to=2026-01-01")]
    [InlineData("?from=2026-01-01&to=2999-01-01")]
    [InlineData("?from=2026-01-01&to=2026-02-01&cluster=demo")]
    public async Task A_period_that_is_not_one_is_refused(string query) =>
        (await _team.As(_team.Auditor).GetAsync($"/api/audit/evidence{query}")).ExpectProblem(400, "invalid-query");

    private Task<Command> PluginAsync(params IEnumerable<string> arguments) =>
        Command.RunAsync(
            Path.Combine(LocalPlatform.PluginFolder, "kubectl-jit"),
            arguments,
            new Dictionary<string, string?>
            {
                ["JIT_SERVER"] = _team.Platform.Host.Address.OriginalString,
                ["JIT_TOKEN"] = _team.Platform.Issuer.IssueToken(_team.Auditor),
            }
        );
}
