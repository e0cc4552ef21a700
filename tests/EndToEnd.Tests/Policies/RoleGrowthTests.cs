using System.Text.Json.Nodes;

namespace JitFunctions.EndToEnd.Tests.Policies;

/// <summary>Roles that somebody changes, or that grow by themselves, while grants of them are active.</summary>
public sealed class RoleGrowthTests(PlatformFixture fixture)
{
    [Fact]
    public async Task An_aggregated_role_that_comes_to_read_secrets_ends_the_grant_and_the_record_says_what_was_had()
    {
        var (team, ns, id) = await GrantAsync("grows", "tests-grows-ended");
        await PartAsync(team, "tests-grows-ended", "secrets", "get, list");

        var ended = await team.As(team.Alice).WaitForAsync(id, "ended");

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

        var events = await team.As(team.Auditor).EventsAsync(id);
        Assert.Equal(
            ["access_activated", "role_grown", "ending_started", "access_ended"],
            events.Types().SkipWhile(type => type != "access_activated")
        );
        Assert.Equal("reconciler", events.Single(e => e.At("type") == "role_grown").At("channel"));
        await team.Cluster.MayNotReadSoonAsync(team.Alice, ns);
    }

    [Fact]
    public async Task Where_the_policy_says_report_the_grant_goes_on_and_each_change_is_recorded_once()
    {
        var (team, ns, id) = await GrantAsync("watched", "tests-grows-watched");
        await PartAsync(team, "tests-grows-watched", "secrets", "get");
        await Eventually.Async(() => ChangesAsync(team, id), changes => changes.Count == 1, "the growth is recorded");
        await FindingAsync(team, id, "role-grown-dangerously");
        Assert.Equal("active", (await team.As(team.Alice).ReadAsync(id)).At("status"));
        await Eventually.Async(
            () => team.Cluster.MayAsync(team.Alice, "get", "secret", "x", "--ignore-not-found", "-n", ns),
            "alice reads secrets"
        );

        await team.ReconcilerRunsAsync();
        await team.ReconcilerRunsAsync();
        Assert.Single(await ChangesAsync(team, id));

        await team.Cluster.AdminAsync("delete", "clusterrole", "tests-grows-watched-more");
        var changes = await Eventually.Async(
            () => ChangesAsync(team, id),
            found => found.Count > 1,
            "that it shrank is recorded"
        );
        Assert.Equal(["role_grown", "role_shrunk"], changes.Types());
        var shown = (await team.As(team.Alice).ReadAsync(id))["unapproved"]!;
        Assert.Equal(
            ("[]", "read-secrets"),
            (shown["present"]!.ToJsonString(), Assert.Single(shown["dangers"]!.AsArray())!.At("kind"))
        );
        Assert.Single(shown["rights"]!.AsArray());
    }

    [Fact]
    public async Task A_namespaced_role_that_somebody_widens_harmlessly_is_recorded_and_ends_nothing()
    {
        var team = await Team.SetAsync(fixture.Platform);
        await team.Cluster.AdminAsync(
            "create",
            "role",
            "debugger",
            "--verb=get",
            "--resource=configmaps",
            "-n",
            team.Namespace
        );
        var id = (await team.GrantAsync(team.Terms(role: "Role/debugger"))).Id();
        await team.Cluster.AdminAsync(
            "patch",
            "role",
            "debugger",
            "-n",
            team.Namespace,
            "--type=json",
            """--patch=[{"op":"add","path":"/rules/0/verbs/-","value":"list"}]"""
        );

        var change = Assert.Single(
            await Eventually.Async(() => ChangesAsync(team, id), found => found.Count > 0, "the growth is recorded")
        );
        Assert.Equal("role_grown", change.At("type"));
        await FindingAsync(team, id, "role-grown");
        Assert.Equal("active", (await team.As(team.Alice).ReadAsync(id)).At("status"));
    }

    [Fact]
    public async Task A_role_that_is_padded_until_nobody_can_tell_what_it_allows_ends_the_grant()
    {
        var team = await Team.SetAsync(fixture.Platform);
        await team.Cluster.AdminAsync(
            "create",
            "role",
            "debugger",
            "--verb=get",
            "--resource=configmaps",
            "-n",
            team.Namespace
        );
        var id = (await team.GrantAsync(team.Terms(role: "Role/debugger"))).Id();
        await team.Cluster.ApplyAsync(
            $$"""
            apiVersion: rbac.authorization.k8s.io/v1
            kind: Role
            metadata: { name: debugger, namespace: {{team.Namespace}} }
            rules:
            - { apiGroups: [""], resources: [configmaps], verbs: [get] }
            - { apiGroups: [""], resources: [pods], verbs: [get], resourceNames: [{{string.Join(
                ", ",
                Enumerable.Range(0, 10_000).Select(i => $"p{i}")
            )}}] }
            """
        );

        var ended = await team.As(team.Alice).WaitForAsync(id, "ended");

        Assert.Equal("roleGrown", ended.At("ending.cause"));
        Assert.Contains(
            "what it came to allow cannot be told: what was added is",
            ended.At("ending.comment"),
            StringComparison.Ordinal
        );
        var change = Assert.Single(await ChangesAsync(team, id));
        Assert.InRange(change.ToJsonString().Length, 1, 20_000);
    }

    [Fact]
    public async Task A_role_that_stays_as_it_is_is_no_finding()
    {
        var (team, _, id) = await GrantAsync("watched", "tests-grows-not");
        await team.ReconcilerRunsAsync();
        await team.ReconcilerRunsAsync();

        Assert.Empty(await ChangesAsync(team, id));
        Assert.Null((await team.As(team.Alice).ReadAsync(id))["unapproved"]);
    }

    private async Task<(Team Scene, string Namespace, string Id)> GrantAsync(string prefix, string role)
    {
        var team = await Team.SetAsync(fixture.Platform);
        var ns = team.NamespaceOf(prefix);
        await team.Cluster.CreateNamespaceAsync(ns);
        await team.Cluster.ApplyAsync(DangerTests.Gathering(role));
        await team.Cluster.ApplyAsync(DangerTests.Part(role, "configmaps"));
        return (team, ns, (await team.GrantAsync(team.Terms(role: $"ClusterRole/{role}", namespaces: ns))).Id());
    }

    private static Task PartAsync(Team team, string role, string resources, string verbs) =>
        team.Cluster.ApplyAsync(
            $$"""
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata: { name: {{role}}-more, labels: { tests.example.com/part-of: {{role}} } }
            rules: [{ apiGroups: [""], resources: [{{resources}}], verbs: [{{verbs}}] }]
            """
        );

    private static async Task<IReadOnlyList<JsonObject>> ChangesAsync(Team team, string id) =>
        [.. (await team.As(team.Auditor).EventsAsync(id)).Where(e => e.At("type") is "role_grown" or "role_shrunk")];

    private static Task FindingAsync(Team team, string id, string kind) =>
        Eventually.Async(
            async () =>
                (await team.As(team.Auditor).GetAsync("/api/reconciler"))
                    .Items.SelectMany(run => run["findings"]!.AsArray())
                    .Where(finding => finding!.At("subject") == id)
                    .Select(finding => finding!.At("kind"))
                    .ToList(),
            kinds => kinds.Contains(kind),
            $"{kind} is a finding"
        );
}
