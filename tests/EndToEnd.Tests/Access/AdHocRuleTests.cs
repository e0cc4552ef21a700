using System.Text.Json.Nodes;

namespace JitFunctions.EndToEnd.Tests.Access;

/// <summary>Rights without a role that has them: rules down to the names of objects.</summary>
public sealed class AdHocRuleTests(PlatformFixture fixture)
{
    private const string Prefix = "rules";
    private const string Restart =
        """[{ "resources": ["pods"], "verbs": ["get", "delete"], "resourceNames": ["consumer-1"] }]""";
    private const string Written =
        """[{"apiGroups":[""],"resourceNames":["consumer-1"],"resources":["pods"],"verbs":["get","delete"]}]""";

    [Fact]
    public async Task One_pod_may_be_deleted_and_another_may_not_and_nothing_of_it_stays()
    {
        var team = await Team.SetAsync(fixture.Platform, Prefix);
        var ns = team.NamespaceOf(Prefix);
        foreach (var pod in new[] { "consumer-1", "consumer-2" })
            await team.Cluster.CreatePodAsync(ns, pod);

        var grant = await team.GrantAsync(Terms(team, Restart));
        var name = $"jit-{grant.Id()}";
        Assert.Equal(Written, await team.Cluster.RoleAsync(ns, name, "{.rules}"));
        await Eventually.Async(
            () => team.Cluster.MayAsync(team.Alice, "delete", "pod", "consumer-1", "-n", ns),
            "alice deletes her pod"
        );
        Assert.False(await team.Cluster.MayAsync(team.Alice, "delete", "pod", "consumer-2", "-n", ns));
        Assert.False(await team.Cluster.MayAsync(team.Alice, "delete", "pods", "--all", "-n", ns));
        Assert.False(await team.Cluster.MayReadAsync(team.Alice, ns, "pods"));

        await team.As(team.Alice).DoAsync(grant.Id(), "relinquish");
        var ended = await team.As(team.Alice).WaitForAsync(grant.Id(), "ended");
        Assert.Equal("denied", ended.At("denialProof.verdict"));
        Assert.Equal("", await team.Cluster.RoleAsync(ns, name, "{.metadata.name}"));
        Assert.False(await team.Cluster.HasBindingAsync(ns, name));
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
        var team = Team.WithoutNamespace(fixture.Platform);

        var refused = (await team.As(team.Alice).PostAsync("/api/requests", Terms(team, rules))).ExpectProblem(
            403,
            "not-covered"
        );

        Assert.Matches(@"not .* \[rights\.yaml:\d+\]", refused.Json.At("detail"));
        await team.NothingIsWrittenAsync();
    }

    [Fact]
    public async Task What_the_controller_may_not_hand_out_fails_and_leaves_nothing_whatever_the_policy_says()
    {
        var team = await Team.SetAsync(fixture.Platform, Prefix);
        var (ns, second) = (team.NamespaceOf(Prefix), $"{team.NamespaceOf(Prefix)}-b");
        await team.Cluster.CreateNamespaceAsync(second);
        var id = await team.AskAsync(Terms(team, """[{ "resources": ["services"], "verbs": ["get"] }]""", ns, second));

        await team.As(team.Bob).ApproveAsync(id);

        Assert.Contains(
            "forbidden",
            (await team.As(team.Alice).WaitForAsync(id, "failed")).At("ending.comment"),
            StringComparison.Ordinal
        );
        foreach (var place in new[] { ns, second })
        {
            Assert.Equal("", await team.Cluster.RoleAsync(place, $"jit-{id}", "{.metadata.name}"));
            Assert.False(await team.Cluster.HasBindingAsync(place, $"jit-{id}"));
        }
    }

    [Fact]
    public async Task Rules_that_somebody_adds_during_the_grant_are_taken_out_again_and_reported()
    {
        var (team, ns, id) = await GrantAsync();
        await WidenAsync(team, ns, id);
        await IsRestoredAsync(team, ns, id);
    }

    [Fact]
    public async Task Rules_that_are_added_under_a_role_without_our_labels_are_taken_out_too()
    {
        var (team, ns, id) = await GrantAsync();
        await team.Cluster.AdminAsync(
            "label",
            "role",
            $"jit-{id}",
            "-n",
            ns,
            "app.kubernetes.io/managed-by-",
            "jit-access/request-"
        );
        await WidenAsync(team, ns, id);
        await IsRestoredAsync(team, ns, id);
    }

    [Fact]
    public async Task Another_role_under_the_same_name_gives_nothing_for_long()
    {
        var (team, ns, id) = await GrantAsync();
        await team.Cluster.AdminAsync("delete", "role", $"jit-{id}", "-n", ns);
        await team.Cluster.AdminAsync("create", "role", $"jit-{id}", "--verb=*", "--resource=secrets", "-n", ns);
        await IsRestoredAsync(team, ns, id);
        Assert.False(await team.Cluster.MayReadAsync(team.Alice, ns, "secrets"));
    }

    [Fact]
    public async Task A_role_that_somebody_deleted_is_reported_once_and_does_not_rise_again()
    {
        var (team, ns, id) = await GrantAsync();
        await team.Cluster.AdminAsync("delete", "role", $"jit-{id}", "-n", ns);

        var drift = Assert.Single(
            await Eventually.Async(() => team.DriftAsync(id), found => found.Count > 0, "the loss is reported")
        );
        Assert.Equal(("missing", "reported"), (drift.At("kind"), drift.At("remedy")));
        await team.ReconcilerRunsAsync();
        Assert.Single(await team.DriftAsync(id));
        Assert.Equal("", await team.Cluster.RoleAsync(ns, $"jit-{id}", "{.metadata.name}"));
    }

    [Fact]
    public async Task A_role_that_clings_by_a_finalizer_goes_with_its_grant_and_is_no_event_again_and_again()
    {
        var (team, ns, id) = await GrantAsync();
        await team.Cluster.AdminAsync(
            "patch",
            "role",
            $"jit-{id}",
            "-n",
            ns,
            "--type=json",
            """--patch=[{"op":"add","path":"/metadata/finalizers","value":["example.com/forever"]}]"""
        );

        await team.As(team.Alice).DoAsync(id, "relinquish");
        await team.As(team.Alice).WaitForAsync(id, "ended");

        Assert.Equal("", await team.Cluster.RoleAsync(ns, $"jit-{id}", "{.metadata.name}"));
        await team.ReconcilerRunsAsync();
        Assert.Empty(await team.DriftAsync(id));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_role_that_claims_to_be_ours_and_belongs_to_no_grant_is_removed_and_audited(bool clings)
    {
        var team = await Team.SetAsync(fixture.Platform, Prefix);
        var (ns, name) = (team.NamespaceOf(Prefix), clings ? "clinging" : "jit-000000000000");
        await team.Cluster.AdminAsync("create", "role", name, "--verb=*", "--resource=secrets", "-n", ns);
        if (clings)
            await team.Cluster.AdminAsync(
                "patch",
                "role",
                name,
                "-n",
                ns,
                "--type=json",
                """--patch=[{"op":"add","path":"/metadata/finalizers","value":["example.com/forever"]}]"""
            );
        await team.GrantAsync(Terms(team, Restart));
        await team.Cluster.AdminAsync(["label", "role", name, "-n", ns, .. await team.OwnLabelsAsync()]);

        await Eventually.Async(
            async () => await team.Cluster.RoleAsync(ns, name, "{.metadata.name}") == "",
            "the stray role is gone"
        );
        await team.ReconcilerRunsAsync();
        Assert.Single(
            await team.As(team.Auditor).AuditAsync(),
            e => e.At("data.namespace") == ns && e.At("data.role") == $"Role/{name}"
        );
    }

    private static JsonObject Terms(Team team, string rules, params string[] namespaces) =>
        team.Terms(namespaces: namespaces is [] ? [team.NamespaceOf(Prefix)] : namespaces)
            .With("role", null)
            .With("rules", JsonNode.Parse(rules));

    private async Task<(Team Scene, string Namespace, string Id)> GrantAsync()
    {
        var team = await Team.SetAsync(fixture.Platform, Prefix);
        return (team, team.NamespaceOf(Prefix), (await team.GrantAsync(Terms(team, Restart))).Id());
    }

    private static Task WidenAsync(Team team, string ns, string id) =>
        team.Cluster.AdminAsync(
            "patch",
            "role",
            $"jit-{id}",
            "-n",
            ns,
            "--type=json",
            """--patch=[{"op":"add","path":"/rules/-","value":{"apiGroups":[""],"resources":["secrets"],"verbs":["*"]}}]"""
        );

    private static async Task IsRestoredAsync(Team team, string ns, string id)
    {
        await Eventually.Async(
            () => team.Cluster.RoleAsync(ns, $"jit-{id}", "{.rules}"),
            found => found == Written,
            "the role is as it was approved"
        );
        var drift = Assert.Single(
            await Eventually.Async(() => team.DriftAsync(id), found => found.Count > 0, "the edit is reported")
        );
        Assert.Equal(
            ("edited", "restored", ns, $"jit-{id}"),
            (drift.At("kind"), drift.At("remedy"), drift.At("namespace"), drift.At("name"))
        );
        Assert.Contains("secrets", drift.At("detail"), StringComparison.Ordinal);
    }
}
