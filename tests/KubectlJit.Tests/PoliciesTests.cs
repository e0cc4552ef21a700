using JitFunctions.KubectlJit.Terminal;

namespace JitFunctions.KubectlJit.Tests;

public sealed class PoliciesTests : ServerTests
{
    [Fact]
    public async Task Versions_are_a_table_the_rejected_among_them()
    {
        Server.Policies["/api/policies/versions"] = """
            { "items": [
              { "version": "sha256:bb", "rejectedAt": "2026-11-23T08:00:00Z", "publisher": "carol", "source": "git main", "errors": ["payments.yaml:3:1: unknown field"] },
              { "version": "sha256:aa", "publishedAt": "2026-11-22T08:00:00Z", "publisher": "carol", "source": "git main", "changes": ["a", "b"] } ] }
            """;
        using var plugin = new Plugin(Server);

        var run = await plugin.RunAsync("policies", "-o", "wide");

        Assert.Equal(
            [
                "VERSION     OUTCOME     AT                     PUBLISHER   SOURCE     CHANGES   ERRORS",
                "sha256:bb   rejected    2026-11-23T08:00:00Z   carol       git main   0         1",
                "sha256:aa   published   2026-11-22T08:00:00Z   carol       git main   2         0",
            ],
            run.OutLines
        );
    }

    [Fact]
    public async Task The_usual_table_fits_80_columns_and_what_it_shows_of_a_version_leads_to_it()
    {
        var (first, second) = ($"sha256:{new string('a', 64)}", $"sha256:{new string('b', 64)}");
        Server.Policies["/api/policies/versions"] = $$"""
            { "items": [
              { "version": "{{first}}", "publishedAt": "2026-11-22T08:00:00Z", "publisher": "carol@example.com", "source": "https://git.example.com/policies main", "changes": [] },
              { "version": "{{second}}", "publishedAt": "2026-11-22T08:00:00Z", "publisher": "carol@example.com", "source": "git main", "changes": [] } ] }
            """;
        Server.Policies[$"/api/policies/versions/{first}"] = $$"""{ "version": "{{first}}" }""";
        using var plugin = new Plugin(Server);

        var listed = await plugin.RunAsync("policies");
        var shown = await plugin.RunAsync("policies", listed.OutLines[1].Split(' ')[0], "-o", "json");

        Assert.Each(listed.OutLines, line => Assert.InRange(line.Length, 1, 80));
        JsonAssert.Equal($$"""{ "version": "{{first}}" }""", shown.Out);
        Assert.Equal(ExitCode.NotFound, (await plugin.RunAsync("policies", "sha256:cccccccccccc")).Code);
    }

    [Fact]
    public async Task One_version_is_shown_with_its_files_line_by_line()
    {
        Server.Policies["/api/policies/versions/sha256:aa"] = """
            { "version": "sha256:aa", "publishedAt": "2026-11-22T08:05:00Z", "publisher": "carol", "source": "git main",
              "changes": ["payments.yaml:2: + maxDuration: 1h"],
              "warnings": ["payments.yaml:7: ClusterRole/veiw does not exist in prod-eu."],
              "files": [{ "name": "payments.yaml", "content": "policies:\r\n\n- name: p\u001b[2K\u2028File: other.yaml\n" }, { "name": "b.yaml", "content": "x" }] }
            """;
        using var plugin = new Plugin(Server);

        var run = await plugin.RunAsync("policies", "sha256:aa");

        Assert.Equal(
            """
            Version:      sha256:aa
            Published:    2026-11-22T08:05:00Z (24h ago)
            Publisher:    carol
            Source:       git main
            Warning:      payments.yaml:7: ClusterRole/veiw does not exist in prod-eu.
            Change:       payments.yaml:2: + maxDuration: 1h

            File:         payments.yaml
                1  policies:
                2
                3  - name: p [2K
                4  File: other.yaml

            File:         b.yaml
                1  x

            """,
            run.Out
        );
        Assert.Equal("/api/policies/versions/sha256:aa", Uri.UnescapeDataString(Assert.Single(Server.Calls).Target));
    }

    [Theory]
    [InlineData("/api/policies/versions/in-force", "in-force")]
    [InlineData("/api/policies/versions/in-force?at=2026-11-01T10:00:00Z", "--at", "2026-11-01T10:00:00Z")]
    [InlineData(
        "/api/policies/versions/in-force?at=2026-11-01T08:00:00Z",
        "in-force",
        "--at",
        "2026-11-01T10:00:00+02:00"
    )]
    public async Task The_one_in_force_is_found_by_time(string target, params string[] arguments)
    {
        Server.Policies["/api/policies/versions/in-force"] = """{ "version": "sha256:aa" }""";
        using var plugin = new Plugin(Server);

        var run = await plugin.RunAsync(["policies", .. arguments, "-o", "json"]);

        JsonAssert.Equal("""{ "version": "sha256:aa" }""", run.Out);
        Assert.Equal(target, Uri.UnescapeDataString(Assert.Single(Server.Calls).Target));
    }

    [Theory]
    [InlineData("policies", "sha256:aa", "--at", "2026-11-01T10:00:00Z")]
    [InlineData("policies", "--at", "2h")]
    [InlineData("policies", "--at", "then")]
    public async Task Neither_two_versions_nor_half_a_time_is_one_version(params string[] command)
    {
        using var plugin = new Plugin(Server);

        Assert.Equal(ExitCode.Usage, (await plugin.RunAsync(command)).Code);
        Assert.Empty(Server.Calls);
    }

    [Fact]
    public async Task A_version_never_leaves_its_place_in_the_path()
    {
        using var plugin = new Plugin(Server);

        await plugin.RunAsync("policies", "../../requests?mine=true");

        Assert.StartsWith("/api/policies/versions/", Assert.Single(Server.Calls).Target, StringComparison.Ordinal);
    }
}
