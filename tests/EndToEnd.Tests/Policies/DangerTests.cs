using System.Text.Json.Nodes;

namespace JitFunctions.EndToEnd.Tests.Policies;

/// <summary>Rights that lead to more rights, as the cluster's own roles have them.</summary>
public sealed class DangerTests(PlatformFixture fixture)
{
    private const string Prefix = "danger";

    [Fact]
    public async Task Impersonation_rights_are_refused_cluster_wide_and_shown_with_their_reach_in_a_namespace()
    {
        var team = await Team.SetAsync(fixture.Platform, Prefix);
        await team.Cluster.ApplyAsync(
            Role(
                "tests-impersonator",
                """[{ apiGroups: [""], resources: [serviceaccounts], verbs: [impersonate] }, { apiGroups: [""], resources: [serviceaccounts/token], verbs: [create] }]"""
            )
        );
        var terms = Terms(team, "tests-impersonator");

        var refused = (
            await team.As(team.Alice)
                .PostAsync("/api/requests", terms.With("namespaces", null).With("clusterWide", true))
        ).ExpectProblem(403, "not-covered");
        foreach (var word in new[] { "impersonate", "request-tokens", "rights.yaml:" })
            Assert.Contains(word, refused.Json.At("detail"), StringComparison.Ordinal);
        await team.NothingIsWrittenAsync();

        var shown = await team.As(team.Bob).ReadAsync(await team.AskAsync(terms));
        var danger = Assert.Single(shown["dangers"]!.AsArray(), danger => danger!.At("kind") == "impersonate")!;
        Assert.Equal("namespace", danger.At("reach"));
        Assert.Contains(
            $"can act as others in {team.NamespaceOf(Prefix)}",
            danger.At("blastRadius"),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task What_the_policy_refuses_is_refused_and_the_harmless_goes_by_itself()
    {
        var team = await Team.SetAsync(fixture.Platform, "harmless");
        var terms = team.Terms(namespaces: team.NamespaceOf("harmless"));

        var refused = (await team.As(team.Alice).PostAsync("/api/requests", terms)).ExpectProblem(403, "not-covered");
        Assert.Matches(@"not read-secrets: .* \[rights\.yaml:\d+\]", refused.Json.At("detail"));
        await team.NothingIsWrittenAsync();

        var id = await team.AskAsync(team.Terms(role: "ClusterRole/view", namespaces: team.NamespaceOf("harmless")));
        Assert.Equal("true", (await team.As(team.Alice).WaitForAsync(id, "active")).At("policy.automatic"));
    }

    [Fact]
    public async Task Dangerous_rights_need_security_as_well_where_the_policy_says_so()
    {
        var team = await Team.SetAsync(fixture.Platform, "guarded");
        var id = await team.AskAsync(team.Terms(namespaces: team.NamespaceOf("guarded")));
        var asked = await team.As(team.Bob).ApproveAsync(id);
        Assert.Equal(("pending", "2"), (asked.At("status"), asked.At("policy.requiredApprovals")));

        await team.As(team.Simon).ApproveAsync(id);
        await team.As(team.Alice).WaitForAsync(id, "active");
        await team.As(team.Alice).DoAsync(id, "relinquish");

        await team.GrantAsync(team.Terms(role: "ClusterRole/view", namespaces: team.NamespaceOf("guarded")));
    }

    [Fact]
    public async Task What_an_aggregated_role_gathers_is_part_of_it()
    {
        var team = await Team.SetAsync(fixture.Platform, Prefix);
        await team.Cluster.ApplyAsync(Gathering("tests-gathered"));
        await team.Cluster.ApplyAsync(Part("tests-gathered", "secrets"));

        // The whole cluster has the namespaces in which nobody reads secrets.
        (
            await team.As(team.Alice)
                .PostAsync(
                    "/api/requests",
                    Terms(team, "tests-gathered").With("namespaces", null).With("clusterWide", true)
                )
        ).ExpectProblem(403, "denied-by-policy");

        var asked = await team.As(team.Bob).ReadAsync(await team.AskAsync(Terms(team, "tests-gathered")));
        Assert.Equal("read-secrets", Assert.Single(asked["dangers"]!.AsArray())!.At("kind"));
        var rule = Assert.Single(Assert.Single(asked["rights"]!.AsArray())!["rules"]!.AsArray())!;
        Assert.Equal(
            ("secrets", "get"),
            (rule["resources"]!.AsArray().Single()!.ToString(), rule["verbs"]!.AsArray().Single()!.ToString())
        );

        await team.As(team.Bob).ApproveAsync(asked.Id());
        await team.As(team.Alice).WaitForAsync(asked.Id(), "active");
        await Eventually.Async(
            () =>
                team.Cluster.MayAsync(
                    team.Alice,
                    "get",
                    "secret",
                    "x",
                    "--ignore-not-found",
                    "-n",
                    team.NamespaceOf(Prefix)
                ),
            "alice reads secrets"
        );
    }

    [Fact]
    public async Task An_aggregated_role_that_has_grown_since_it_was_asked_for_is_not_given()
    {
        var team = await Team.SetAsync(fixture.Platform, Prefix);
        await team.Cluster.ApplyAsync(Gathering("tests-growing"));
        await team.Cluster.ApplyAsync(Part("tests-growing", "configmaps"));
        var id = await team.AskAsync(Terms(team, "tests-growing"));
        await team.Cluster.ApplyAsync(Part("tests-growing", "configmaps, secrets"));

        await team.As(team.Bob).ApproveAsync(id);

        Assert.Contains(
            "no longer allows what it did",
            (await team.As(team.Alice).WaitForAsync(id, "failed")).At("ending.comment"),
            StringComparison.Ordinal
        );
        Assert.False(await team.Cluster.HasBindingAsync(team.NamespaceOf(Prefix), $"jit-{id}"));
    }

    /// <summary>
    /// Kubernetes answers a write with the object, and a name does not stop server-side apply: SecretAnswerTests.
    /// </summary>
    [Theory]
    [InlineData(
        """{ "resources": ["secrets"], "verbs": ["patch"] }""",
        "read-secrets",
        "it may patch secrets; patch answers with the object"
    )]
    [InlineData(
        """{ "resources": ["secrets"], "verbs": ["delete"] }""",
        "read-secrets",
        "it may delete secrets; delete answers with the object"
    )]
    [InlineData(
        """{ "resources": ["secrets"], "verbs": ["deletecollection"] }""",
        "read-secrets",
        "deletecollection answers with the object"
    )]
    [InlineData(
        """{ "resources": ["secrets"], "verbs": ["create", "patch"], "resourceNames": ["mine"] }""",
        "create-token-secrets read-secrets",
        "it may create secrets (only \"mine\")"
    )]
    [InlineData("""{ "resources": ["secrets"], "verbs": ["update"] }""", "change-secrets", "it may update secrets")]
    [InlineData(
        """{ "resources": ["endpoints"], "verbs": ["create"], "resourceNames": ["mine"] }""",
        "change-traffic",
        "it may create endpoints (only \"mine\")"
    )]
    [InlineData("""{ "resources": ["services/proxy"], "verbs": ["get"] }""", "reach-pods", "it may get services/proxy")]
    [InlineData(
        """{ "apiGroups": ["example.com"], "resources": ["widgets"], "verbs": ["create"] }""",
        "unknown-rights",
        "it may create widgets of example.com"
    )]
    public async Task Rules_that_write_what_others_read_or_trust_are_refused_and_named(
        string rule,
        string kinds,
        string words
    )
    {
        var team = await Team.SetAsync(fixture.Platform, "answers");
        await team.Cluster.CreateNamespaceAsync(team.NamespaceOf("sealed"));

        var refused = (
            await team.As(team.Alice).PostAsync("/api/requests", Ruled(team, "answers", rule))
        ).ExpectProblem(403, "not-covered");
        foreach (var kind in kinds.Split(' '))
            Assert.Contains($"not {kind}: ", refused.Json.At("detail"), StringComparison.Ordinal);
        Assert.Contains(words, refused.Json.At("detail"), StringComparison.Ordinal);

        var denied = await team.As(team.Alice).PostAsync("/api/requests", Ruled(team, "sealed", rule));
        denied.ExpectProblem(
            403,
            kinds.Contains("read-secrets", StringComparison.Ordinal) ? "denied-by-policy" : "not-covered"
        );
        await team.NothingIsWrittenAsync();
    }

    [Fact]
    public async Task Rules_without_a_danger_go_by_themselves_and_show_none()
    {
        var team = await Team.SetAsync(fixture.Platform, "answers");
        var id = await team.AskAsync(
            Ruled(team, "answers", """{ "resources": ["configmaps", "pods"], "verbs": ["get", "list", "delete"] }""")
        );
        Assert.Empty((await team.As(team.Alice).WaitForAsync(id, "active"))["dangers"]!.AsArray());
    }

    private static JsonObject Ruled(Team team, string prefix, string rule) =>
        team.Terms(namespaces: team.NamespaceOf(prefix)).With("role", null).With("rules", JsonNode.Parse($"[{rule}]"));

    private static JsonObject Terms(Team team, string role) =>
        team.Terms(role: $"ClusterRole/{role}", namespaces: team.NamespaceOf(Prefix));

    private static string Role(string name, string rules) =>
        $$"""
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata: { name: {{name}} }
            rules: {{rules}}
            """;

    // With leave for the controller to bind it, so that nothing else stands in the way.
    internal static string Gathering(string name) =>
        $$"""
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata: { name: {{name}} }
            aggregationRule: { clusterRoleSelectors: [{ matchLabels: { tests.example.com/part-of: {{name}} } }] }
            ---
            {{Role(
                $"{name}-binder",
                $$"""[{ apiGroups: [rbac.authorization.k8s.io], resources: [clusterroles], resourceNames: [{{name}}], verbs: [bind] }]"""
            )}}
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRoleBinding
            metadata: { name: {{name}}-binder }
            roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: {{name}}-binder }
            subjects: [{ apiGroup: rbac.authorization.k8s.io, kind: User, name: jit-controller }]
            """;

    internal static string Part(string name, string resources) =>
        $$"""
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata: { name: {{name}}-part, labels: { tests.example.com/part-of: {{name}} } }
            rules: [{ apiGroups: [""], resources: [{{resources}}], verbs: [get] }]
            """;
}
