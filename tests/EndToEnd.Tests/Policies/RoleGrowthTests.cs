using System.Text.Json.Nodes;

namespace JitFunctions.EndToEnd.Tests.Policies;

/// <summary>Roles that somebody changes, or that grow by themselves, while grants of them are active.</summary>
public sealed class RoleGrowthTests(Stage stage)
{
    [Fact]
    public async Task An_aggregated_role_that_comes_to_read_secrets_ends_the_grant_and_the_record_says_what_was_had()
    {
        var (scene, ns, id) = await GrantAsync("grows", "tests-grows-ended");
        await PartAsync(scene, "tests-grows-ended", "secrets", "get, list");

        var ended = await scene.As(scene.Alice).WaitForAsync(id, "ended");

        Assert.Equal("roleGrown", ended.At("ending.cause"));
        Assert.StartsWith(
            $"ClusterRole/tests-grows-ended came to allow what nobody approved: can read secrets in {ns}",
            ended.At("ending.comment"),
            StringComparison.Ordinal
        );
        Assert.Equal("denied", ended.At("denialProof.verdict"));
        var had = ended["unapproved"]!;
        Assert.Equal("read-secrets", Assert.Single(had["dangers"]!.AsArray())!.At("kind"));
        var rule = Assert.Single(Assert.Single(had["rights"]!.AsArray())!["rules"]!.AsArray())!;
        Assert.Equal(
            ("""["secrets"]""", """["get","list"]"""),
            (rule["resources"]!.ToJsonString(), rule["verbs"]!.ToJsonString())
        );

        var events = await scene.As(scene.Auditor).EventsAsync(id);
        Assert.Equal(
            ["access_activated", "role_grown", "ending_started", "access_ended"],
            events.Types().SkipWhile(type => type != "access_activated")
        );
        Assert.Equal("reconciler", events.Single(e => e.At("type") == "role_grown").At("channel"));
        await scene.Cluster.MayNotReadSoonAsync(scene.Alice, ns);
    }

    [Fact]
    public async Task Where_the_policy_says_report_the_grant_goes_on_and_each_change_is_recorded_once()
    {
        var (scene, ns, id) = await GrantAsync("watched", "tests-grows-watched");
        await PartAsync(scene, "tests-grows-watched", "secrets", "get");
        await Eventually.Async(() => ChangesAsync(scene, id), changes => changes.Count == 1, "the growth is recorded");
        await FindingAsync(scene, id, "role-grown-dangerously");
        Assert.Equal("active", (await scene.As(scene.Alice).ReadAsync(id)).At("status"));
        await Eventually.Async(
            () => scene.Cluster.MayAsync(scene.Alice, "get", "secret", "x", "--ignore-not-found", "-n", ns),
            "alice reads secrets"
        );

        await scene.ReconcilerRunsAsync();
        await scene.ReconcilerRunsAsync();
        Assert.Single(await ChangesAsync(scene, id));

        await scene.Cluster.AdminAsync("delete", "clusterrole", "tests-grows-watched-more");
        var changes = await Eventually.Async(
            () => ChangesAsync(scene, id),
            found => found.Count > 1,
            "that it shrank is recorded"
        );
        Assert.Equal(["role_grown", "role_shrunk"], changes.Types());
        var shown = (await scene.As(scene.Alice).ReadAsync(id))["unapproved"]!;
        Assert.Equal(
            ("[]", "read-secrets"),
            (shown["present"]!.ToJsonString(), Assert.Single(shown["dangers"]!.AsArray())!.At("kind"))
        );
        Assert.Single(shown["rights"]!.AsArray());
    }

    [Fact]
    public async Task A_namespaced_role_that_somebody_widens_harmlessly_is_recorded_and_ends_nothing()
    {
        var scene = await Scene.SetAsync(stage.Platform);
        await scene.Cluster.AdminAsync(
            "create",
            "role",
            "debugger",
            "--verb=get",
            "--resource=configmaps",
            "-n",
            scene.Namespace
        );
        var id = (await scene.GrantAsync(scene.Terms(role: "Role/debugger"))).Id();
        await scene.Cluster.AdminAsync(
            "patch",
            "role",
            "debugger",
            "-n",
            scene.Namespace,
            "--type=json",
            """--patch=[{"op":"add","path":"/rules/0/verbs/-","value":"list"}]"""
        );

        var change = Assert.Single(
            await Eventually.Async(() => ChangesAsync(scene, id), found => found.Count > 0, "the growth is recorded")
        );
        Assert.Equal("role_grown", change.At("type"));
        await FindingAsync(scene, id, "role-grown");
        Assert.Equal("active", (await scene.As(scene.Alice).ReadAsync(id)).At("status"));
    }

    [Fact]
    public async Task A_role_that_is_padded_until_nobody_can_tell_what_it_allows_ends_the_grant()
    {
        var scene = await Scene.SetAsync(stage.Platform);
        await scene.Cluster.AdminAsync(
            "create",
            "role",
            "debugger",
            "--verb=get",
            "--resource=configmaps",
            "-n",
            scene.Namespace
        );
        var id = (await scene.GrantAsync(scene.Terms(role: "Role/debugger"))).Id();
        await scene.Cluster.ApplyAsync(
            $$"""
            apiVersion: rbac.authorization.k8s.io/v1
            kind: Role
            metadata: { name: debugger, namespace: {{scene.Namespace}} }
            rules:
            - { apiGroups: [""], resources: [configmaps], verbs: [get] }
            - { apiGroups: [""], resources: [pods], verbs: [get], resourceNames: [{{string.Join(
                ", ",
                Enumerable.Range(0, 10_000).Select(i => $"p{i}")
            )}}] }
            """
        );

        var ended = await scene.As(scene.Alice).WaitForAsync(id, "ended");

        Assert.Equal("roleGrown", ended.At("ending.cause"));
        Assert.Contains(
            "what it came to allow cannot be told: what was added is",
            ended.At("ending.comment"),
            StringComparison.Ordinal
        );
        var change = Assert.Single(await ChangesAsync(scene, id));
        Assert.InRange(change.ToJsonString().Length, 1, 20_000);
    }

    [Fact]
    public async Task A_role_that_stays_as_it_is_is_no_finding()
    {
        var (scene, _, id) = await GrantAsync("watched", "tests-grows-not");
        await scene.ReconcilerRunsAsync();
        await scene.ReconcilerRunsAsync();

        Assert.Empty(await ChangesAsync(scene, id));
        Assert.Null((await scene.As(scene.Alice).ReadAsync(id))["unapproved"]);
    }

    private async Task<(Scene Scene, string Namespace, string Id)> GrantAsync(string prefix, string role)
    {
        var scene = await Scene.SetAsync(stage.Platform);
        var ns = scene.NamespaceOf(prefix);
        await scene.Cluster.CreateNamespaceAsync(ns);
        await scene.Cluster.ApplyAsync(DangerTests.Gathering(role));
        await scene.Cluster.ApplyAsync(DangerTests.Part(role, "configmaps"));
        return (scene, ns, (await scene.GrantAsync(scene.Terms(role: $"ClusterRole/{role}", namespaces: ns))).Id());
    }

    private static Task PartAsync(Scene scene, string role, string resources, string verbs) =>
        scene.Cluster.ApplyAsync(
            $$"""
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata: { name: {{role}}-more, labels: { tests.example.com/part-of: {{role}} } }
            rules: [{ apiGroups: [""], resources: [{{resources}}], verbs: [{{verbs}}] }]
            """
        );

    private static async Task<IReadOnlyList<JsonObject>> ChangesAsync(Scene scene, string id) =>
        [.. (await scene.As(scene.Auditor).EventsAsync(id)).Where(e => e.At("type") is "role_grown" or "role_shrunk")];

    private static Task FindingAsync(Scene scene, string id, string kind) =>
        Eventually.Async(
            async () =>
                (await scene.As(scene.Auditor).GetAsync("/api/reconciler"))
                    .Items.SelectMany(run => run["findings"]!.AsArray())
                    .Where(finding => finding!.At("subject") == id)
                    .Select(finding => finding!.At("kind"))
                    .ToList(),
            kinds => kinds.Contains(kind),
            $"{kind} is a finding"
        );
}
