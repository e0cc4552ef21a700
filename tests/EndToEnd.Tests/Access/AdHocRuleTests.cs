using System.Text.Json.Nodes;

namespace JitFunctions.EndToEnd.Tests.Access;

/// <summary>Rights without a role that has them: rules down to the names of objects.</summary>
public sealed class AdHocRuleTests(Stage stage)
{
    private const string Prefix = "rules";
    private const string Restart =
        """[{ "resources": ["pods"], "verbs": ["get", "delete"], "resourceNames": ["consumer-1"] }]""";
    private const string Written =
        """[{"apiGroups":[""],"resourceNames":["consumer-1"],"resources":["pods"],"verbs":["get","delete"]}]""";

    [Fact]
    public async Task One_pod_may_be_deleted_and_another_may_not_and_nothing_of_it_stays()
    {
        var scene = await Scene.SetAsync(stage.Platform, Prefix);
        var ns = scene.NamespaceOf(Prefix);
        foreach (var pod in new[] { "consumer-1", "consumer-2" })
            await scene.Cluster.CreatePodAsync(ns, pod);

        var grant = await scene.GrantAsync(Terms(scene, Restart));
        var name = $"jit-{grant.Id()}";
        Assert.Equal(Written, await scene.Cluster.RoleAsync(ns, name, "{.rules}"));
        await Eventually.Async(
            () => scene.Cluster.MayAsync(scene.Alice, "delete", "pod", "consumer-1", "-n", ns),
            "alice deletes her pod"
        );
        Assert.False(await scene.Cluster.MayAsync(scene.Alice, "delete", "pod", "consumer-2", "-n", ns));
        Assert.False(await scene.Cluster.MayAsync(scene.Alice, "delete", "pods", "--all", "-n", ns));
        Assert.False(await scene.Cluster.MayReadAsync(scene.Alice, ns, "pods"));

        await scene.As(scene.Alice).DoAsync(grant.Id(), "relinquish");
        var ended = await scene.As(scene.Alice).WaitForAsync(grant.Id(), "ended");
        Assert.Equal("denied", ended.At("denialProof.verdict"));
        Assert.Equal("", await scene.Cluster.RoleAsync(ns, name, "{.metadata.name}"));
        Assert.False(await scene.Cluster.HasBindingAsync(ns, name));
    }

    [Theory]
    [InlineData("""[{ "resources": ["pods"], "verbs": ["delete"], "resourceNames": ["database-1"] }]""")]
    [InlineData("""[{ "resources": ["pods"], "verbs": ["delete"], "resourceNames": ["consumer-1", "database-1"] }]""")]
    [InlineData("""[{ "resources": ["pods"], "verbs": ["delete"], "resourceNames": [] }]""")]
    [InlineData("""[{ "resources": ["pods"], "verbs": ["delete"] }]""")]
    [InlineData("""[{ "resources": ["pods"], "verbs": ["*"], "resourceNames": ["consumer-1"] }]""")]
    [InlineData("""[{ "resources": ["*"], "verbs": ["get"], "resourceNames": ["consumer-1"] }]""")]
    [InlineData("""[{ "resources": ["pods/exec"], "verbs": ["get"], "resourceNames": ["consumer-1"] }]""")]
    [InlineData(
        """[{ "apiGroups": ["*"], "resources": ["pods"], "verbs": ["get"], "resourceNames": ["consumer-1"] }]"""
    )]
    [InlineData(
        """[{ "resources": ["pods"], "verbs": ["get"], "resourceNames": ["consumer-1"] }, { "resources": ["secrets"], "verbs": ["get"] }]"""
    )]
    [InlineData("""[{ "apiGroups": ["*"], "resources": ["*"], "verbs": ["*"] }]""")]
    public async Task What_goes_beyond_the_policys_rules_is_refused(string rules)
    {
        var scene = Scene.WithoutNamespace(stage.Platform);

        var refused = (await scene.As(scene.Alice).PostAsync("/api/requests", Terms(scene, rules))).ExpectProblem(
            403,
            "not-covered"
        );

        Assert.Matches(@"not .* \[rights\.yaml:\d+\]", refused.Json.At("detail"));
        await scene.NothingIsWrittenAsync();
    }

    [Fact]
    public async Task What_the_controller_may_not_hand_out_fails_and_leaves_nothing_whatever_the_policy_says()
    {
        var scene = await Scene.SetAsync(stage.Platform, Prefix);
        var (ns, second) = (scene.NamespaceOf(Prefix), $"{scene.NamespaceOf(Prefix)}-b");
        await scene.Cluster.CreateNamespaceAsync(second);
        var id = await scene.AskAsync(
            Terms(scene, """[{ "resources": ["services"], "verbs": ["get"] }]""", ns, second)
        );

        await scene.As(scene.Bob).ApproveAsync(id);

        Assert.Contains(
            "forbidden",
            (await scene.As(scene.Alice).WaitForAsync(id, "failed")).At("ending.comment"),
            StringComparison.Ordinal
        );
        foreach (var place in new[] { ns, second })
        {
            Assert.Equal("", await scene.Cluster.RoleAsync(place, $"jit-{id}", "{.metadata.name}"));
            Assert.False(await scene.Cluster.HasBindingAsync(place, $"jit-{id}"));
        }
    }

    [Fact]
    public async Task Rules_that_somebody_adds_during_the_grant_are_taken_out_again_and_reported()
    {
        var (scene, ns, id) = await GrantAsync();
        await WidenAsync(scene, ns, id);
        await IsRestoredAsync(scene, ns, id);
    }

    [Fact]
    public async Task Rules_that_are_added_under_a_role_without_our_labels_are_taken_out_too()
    {
        var (scene, ns, id) = await GrantAsync();
        await scene.Cluster.AdminAsync(
            "label",
            "role",
            $"jit-{id}",
            "-n",
            ns,
            "app.kubernetes.io/managed-by-",
            "jit-access/request-"
        );
        await WidenAsync(scene, ns, id);
        await IsRestoredAsync(scene, ns, id);
    }

    [Fact]
    public async Task Another_role_under_the_same_name_gives_nothing_for_long()
    {
        var (scene, ns, id) = await GrantAsync();
        await scene.Cluster.AdminAsync("delete", "role", $"jit-{id}", "-n", ns);
        await scene.Cluster.AdminAsync("create", "role", $"jit-{id}", "--verb=*", "--resource=secrets", "-n", ns);
        await IsRestoredAsync(scene, ns, id);
        Assert.False(await scene.Cluster.MayReadAsync(scene.Alice, ns, "secrets"));
    }

    [Fact]
    public async Task A_role_that_somebody_deleted_is_reported_once_and_does_not_rise_again()
    {
        var (scene, ns, id) = await GrantAsync();
        await scene.Cluster.AdminAsync("delete", "role", $"jit-{id}", "-n", ns);

        var drift = Assert.Single(
            await Eventually.Async(() => scene.DriftAsync(id), found => found.Count > 0, "the loss is reported")
        );
        Assert.Equal(("missing", "reported"), (drift.At("kind"), drift.At("remedy")));
        await scene.ReconcilerRunsAsync();
        Assert.Single(await scene.DriftAsync(id));
        Assert.Equal("", await scene.Cluster.RoleAsync(ns, $"jit-{id}", "{.metadata.name}"));
    }

    [Fact]
    public async Task A_role_that_clings_by_a_finalizer_goes_with_its_grant_and_is_no_event_again_and_again()
    {
        var (scene, ns, id) = await GrantAsync();
        await scene.Cluster.AdminAsync(
            "patch",
            "role",
            $"jit-{id}",
            "-n",
            ns,
            "--type=json",
            """--patch=[{"op":"add","path":"/metadata/finalizers","value":["example.com/forever"]}]"""
        );

        await scene.As(scene.Alice).DoAsync(id, "relinquish");
        await scene.As(scene.Alice).WaitForAsync(id, "ended");

        Assert.Equal("", await scene.Cluster.RoleAsync(ns, $"jit-{id}", "{.metadata.name}"));
        await scene.ReconcilerRunsAsync();
        Assert.Empty(await scene.DriftAsync(id));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_role_that_claims_to_be_ours_and_belongs_to_no_grant_is_removed_and_audited(bool clings)
    {
        var scene = await Scene.SetAsync(stage.Platform, Prefix);
        var (ns, name) = (scene.NamespaceOf(Prefix), clings ? "clinging" : "jit-000000000000");
        await scene.Cluster.AdminAsync("create", "role", name, "--verb=*", "--resource=secrets", "-n", ns);
        if (clings)
            await scene.Cluster.AdminAsync(
                "patch",
                "role",
                name,
                "-n",
                ns,
                "--type=json",
                """--patch=[{"op":"add","path":"/metadata/finalizers","value":["example.com/forever"]}]"""
            );
        await scene.GrantAsync(Terms(scene, Restart));
        await scene.Cluster.AdminAsync(["label", "role", name, "-n", ns, .. await scene.OwnLabelsAsync()]);

        await Eventually.Async(
            async () => await scene.Cluster.RoleAsync(ns, name, "{.metadata.name}") == "",
            "the stray role is gone"
        );
        await scene.ReconcilerRunsAsync();
        Assert.Single(
            await scene.As(scene.Auditor).AuditAsync(),
            e => e.At("data.namespace") == ns && e.At("data.role") == $"Role/{name}"
        );
    }

    private static JsonObject Terms(Scene scene, string rules, params string[] namespaces) =>
        scene
            .Terms(namespaces: namespaces is [] ? [scene.NamespaceOf(Prefix)] : namespaces)
            .With("role", null)
            .With("rules", JsonNode.Parse(rules));

    private async Task<(Scene Scene, string Namespace, string Id)> GrantAsync()
    {
        var scene = await Scene.SetAsync(stage.Platform, Prefix);
        return (scene, scene.NamespaceOf(Prefix), (await scene.GrantAsync(Terms(scene, Restart))).Id());
    }

    private static Task WidenAsync(Scene scene, string ns, string id) =>
        scene.Cluster.AdminAsync(
            "patch",
            "role",
            $"jit-{id}",
            "-n",
            ns,
            "--type=json",
            """--patch=[{"op":"add","path":"/rules/-","value":{"apiGroups":[""],"resources":["secrets"],"verbs":["*"]}}]"""
        );

    private static async Task IsRestoredAsync(Scene scene, string ns, string id)
    {
        await Eventually.Async(
            () => scene.Cluster.RoleAsync(ns, $"jit-{id}", "{.rules}"),
            found => found == Written,
            "the role is as it was approved"
        );
        var drift = Assert.Single(
            await Eventually.Async(() => scene.DriftAsync(id), found => found.Count > 0, "the edit is reported")
        );
        Assert.Equal(
            ("edited", "restored", ns, $"jit-{id}"),
            (drift.At("kind"), drift.At("remedy"), drift.At("namespace"), drift.At("name"))
        );
        Assert.Contains("secrets", drift.At("detail"), StringComparison.Ordinal);
    }
}
