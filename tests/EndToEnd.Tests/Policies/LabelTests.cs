namespace JitFunctions.EndToEnd.Tests.Policies;

/// <summary>Policies that go by the labels of namespaces.</summary>
public sealed class LabelTests(Stage stage)
{
    private const string Open = "tests.example.com/access=open";
    private const string Tier = "tests.example.com/tier=2";

    [Fact]
    public async Task A_namespace_with_all_the_labels_is_covered_whatever_its_name()
    {
        var (scene, ns) = await SetAsync("anything", Open, Tier);
        var id = await AskAsync(scene, ns);
        Assert.Equal("by-label", (await scene.As(scene.Alice).ReadAsync(id)).At("policy.name"));

        await scene.As(scene.Bob).ApproveAsync(id);
        await scene.As(scene.Alice).WaitForAsync(id, "active");
    }

    [Theory]
    [InlineData("anything", new[] { Open }, "lacks tests.example.com/tier=2")]
    [InlineData("anything", new[] { Open, "tests.example.com/tier=3" }, "lacks tests.example.com/tier=2")]
    [InlineData("anything", new string[0], "lacks tests.example.com/access=open, tests.example.com/tier=2")]
    [InlineData("label", new string[0], "lacks tests.example.com/access=half")]
    [InlineData("anything", new[] { "tests.example.com/access=half" }, "not namespace anything-")]
    public async Task A_namespace_without_them_is_not(string prefix, string[] labels, string told)
    {
        var (scene, ns) = await SetAsync(prefix, labels);

        var refused = (
            await scene
                .As(scene.Alice)
                .PostAsync("/api/requests", scene.Terms(role: "ClusterRole/view", namespaces: ns))
        ).ExpectProblem(403, "not-covered");

        Assert.Contains(told, refused.Json.At("detail"), StringComparison.Ordinal);
        Assert.Contains("[places.yaml:", refused.Json.At("detail"), StringComparison.Ordinal);
        await scene.NothingIsWrittenAsync();
    }

    [Fact]
    public async Task One_namespace_without_them_or_that_is_not_there_spoils_the_others()
    {
        var (scene, ns) = await SetAsync("anything", Open, Tier);
        foreach (var other in new[] { scene.NamespaceOf("missing"), $"{ns}-b" })
        {
            if (other == $"{ns}-b")
                await scene.Cluster.CreateNamespaceAsync(other);
            var refused = (
                await scene
                    .As(scene.Alice)
                    .PostAsync("/api/requests", scene.Terms(role: "ClusterRole/view", namespaces: [ns, other]))
            ).ExpectProblem(403, "not-covered");
            Assert.Contains($"namespace {other} lacks", refused.Json.At("detail"), StringComparison.Ordinal);
        }

        await scene.NothingIsWrittenAsync();
    }

    [Fact]
    public async Task A_name_and_labels_must_both_fit()
    {
        var (scene, ns) = await SetAsync("label", "tests.example.com/access=half");
        Assert.Equal(
            "by-label-and-name",
            (await scene.As(scene.Alice).ReadAsync(await AskAsync(scene, ns))).At("policy.name")
        );
    }

    [Fact]
    public async Task Labels_that_are_gone_at_the_activation_fail_it()
    {
        var (scene, ns) = await SetAsync("anything", Open, Tier);
        var id = await AskAsync(scene, ns);
        await scene.Cluster.AdminAsync("label", "namespace", ns, "tests.example.com/tier-");

        await scene.As(scene.Bob).ApproveAsync(id);

        Assert.Contains(
            "lacks tests.example.com/tier=2",
            (await scene.As(scene.Alice).WaitForAsync(id, "failed")).At("ending.comment"),
            StringComparison.Ordinal
        );
        Assert.False(await scene.Cluster.HasBindingAsync(ns, $"jit-{id}"));
    }

    private async Task<(Scene Scene, string Namespace)> SetAsync(string prefix, params string[] labels)
    {
        var scene = await Scene.SetAsync(stage.Platform, prefix);
        if (labels is not [])
            await scene.Cluster.AdminAsync(["label", "namespace", scene.NamespaceOf(prefix), .. labels]);
        return (scene, scene.NamespaceOf(prefix));
    }

    private static Task<string> AskAsync(Scene scene, string ns) =>
        scene.AskAsync(scene.Terms(role: "ClusterRole/view", namespaces: ns));
}
