namespace JitFunctions.EndToEnd.Tests.Policies;

/// <summary>Policies that go by the labels of namespaces.</summary>
public sealed class LabelTests(PlatformFixture fixture)
{
    private const string Open = "tests.example.com/access=open";
    private const string Tier = "tests.example.com/tier=2";

    [Fact]
    public async Task A_namespace_with_all_the_labels_is_covered_whatever_its_name()
    {
        var (team, ns) = await SetAsync("anything", Open, Tier);
        var id = await AskAsync(team, ns);
        Assert.Equal("by-label", (await team.As(team.Alice).ReadAsync(id)).At("policy.name"));

        await team.As(team.Bob).ApproveAsync(id);
        await team.As(team.Alice).WaitForAsync(id, "active");
    }

    [Theory]
    [InlineData("anything", new[] { Open }, "lacks tests.example.com/tier=2")]
    [InlineData("anything", new[] { Open, "tests.example.com/tier=3" }, "lacks tests.example.com/tier=2")]
    [InlineData("anything", new string[0], "lacks tests.example.com/access=open, tests.example.com/tier=2")]
    [InlineData("label", new string[0], "lacks tests.example.com/access=half")]
    [InlineData("anything", new[] { "tests.example.com/access=half" }, "not namespace anything-")]
    public async Task A_namespace_without_them_is_not(string prefix, string[] labels, string told)
    {
        var (team, ns) = await SetAsync(prefix, labels);

        var refused = (
            await team.As(team.Alice).PostAsync("/api/requests", team.Terms(role: "ClusterRole/view", namespaces: ns))
        ).ExpectProblem(403, "not-covered");

        Assert.Contains(told, refused.Json.At("detail"), StringComparison.Ordinal);
        Assert.Contains("[places.yaml:", refused.Json.At("detail"), StringComparison.Ordinal);
        await team.NothingIsWrittenAsync();
    }

    [Fact]
    public async Task One_namespace_without_the_labels_or_missing_refuses_the_whole_request()
    {
        var (team, ns) = await SetAsync("anything", Open, Tier);
        foreach (var other in new[] { team.NamespaceOf("missing"), $"{ns}-b" })
        {
            if (other == $"{ns}-b")
                await team.Cluster.CreateNamespaceAsync(other);
            var refused = (
                await team.As(team.Alice)
                    .PostAsync("/api/requests", team.Terms(role: "ClusterRole/view", namespaces: [ns, other]))
            ).ExpectProblem(403, "not-covered");
            Assert.Contains($"namespace {other} lacks", refused.Json.At("detail"), StringComparison.Ordinal);
        }

        await team.NothingIsWrittenAsync();
    }

    [Fact]
    public async Task A_name_and_labels_must_both_fit()
    {
        var (team, ns) = await SetAsync("label", "tests.example.com/access=half");
        Assert.Equal(
            "by-label-and-name",
            (await team.As(team.Alice).ReadAsync(await AskAsync(team, ns))).At("policy.name")
        );
    }

    [Fact]
    public async Task Labels_that_are_gone_at_the_activation_fail_it()
    {
        var (team, ns) = await SetAsync("anything", Open, Tier);
        var id = await AskAsync(team, ns);
        await team.Cluster.AdminAsync("label", "namespace", ns, "tests.example.com/tier-");

        await team.As(team.Bob).ApproveAsync(id);

        Assert.Contains(
            "lacks tests.example.com/tier=2",
            (await team.As(team.Alice).WaitForAsync(id, "failed")).At("ending.comment"),
            StringComparison.Ordinal
        );
        Assert.False(await team.Cluster.HasBindingAsync(ns, $"jit-{id}"));
    }

    private async Task<(Team Scene, string Namespace)> SetAsync(string prefix, params string[] labels)
    {
        var team = await Team.SetAsync(fixture.Platform, prefix);
        if (labels is not [])
            await team.Cluster.AdminAsync(["label", "namespace", team.NamespaceOf(prefix), .. labels]);
        return (team, team.NamespaceOf(prefix));
    }

    private static Task<string> AskAsync(Team team, string ns) =>
        team.AskAsync(team.Terms(role: "ClusterRole/view", namespaces: ns));
}
