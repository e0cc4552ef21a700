using System.Text.Json.Nodes;

namespace JitFunctions.EndToEnd.Tests.Reconciliation;

/// <summary>
/// Admission in the cluster makes something else of what the app applies. What is not as it was approved is taken away.
/// </summary>
public sealed class AdmissionTests(PlatformFixture fixture)
{
    private const string StripLabel = """[{"op":"remove","path":"/metadata/labels/app.kubernetes.io~1managed-by"}]""";
    private const string OtherEnd =
        """[{"op":"replace","path":"/metadata/annotations/jit-access~1expires-at","value":"2099-01-01T00:00:00Z"}]""";
    private const string AnyPod = """[{"op":"replace","path":"/automountServiceAccountToken","value":true}]""";
    private const string WithData = """[{"op":"add","path":"/data","value":{"more":"eA=="}}]""";
    private const string AllPods =
        """[{"op":"add","path":"/rules/-","value":{"apiGroups":[""],"resources":["pods"],"verbs":["list"]}}]""";

    [Fact]
    public async Task A_binding_whose_subject_is_changed_by_a_webhook_is_removed_and_the_request_fails()
    {
        var team = await Team.SetAsync(fixture.Platform);
        var id = await team.AskAsync();
        await using var webhook = await MutatingWebhook.InstallAsync(
            team,
            id,
            "RoleBinding",
            AddSubject(team.Stranger.UserName)
        );

        await team.As(team.Bob).ApproveAsync(id);
        var failed = await team.As(team.Alice).WaitForAsync(id, "failed");

        Assert.Equal("activationFailed", failed.At("ending.cause"));
        Assert.Equal(
            $"The RoleBinding jit-{id} in {team.Namespace} is not what was approved: it gives ClusterRole/edit "
                + $"for User/{team.Alice.UserName}, "
                + $"User/{team.Stranger.UserName}. Admission in the cluster changes it.",
            failed.At("ending.comment")
        );
        Assert.DoesNotContain("access_activated", (await team.As(team.Auditor).EventsAsync(id)).Types());
        Assert.False(await team.Cluster.HasBindingAsync(team.Namespace, $"jit-{id}"));
        await team.Cluster.MayNotReadSoonAsync(team.Stranger, team.Namespace);
        await team.Cluster.MayNotReadSoonAsync(team.Alice, team.Namespace);
    }

    [Theory]
    [InlineData("team", "RoleBinding", StripLabel, "it lacks the labels of the grant")]
    [InlineData("team", "RoleBinding", OtherEnd, "its annotation jit-access/expires-at is not the end of the grant")]
    [InlineData("rules", "Role", AllPods, "it allows get pods (consumer-1); list pods")]
    [InlineData("lent", "ServiceAccount", AnyPod, "automountServiceAccountToken is not false")]
    [InlineData("lent", "Secret", WithData, "it holds data")]
    public async Task Any_object_of_a_grant_that_is_not_kept_as_it_was_applied_fails_the_activation(
        string prefix,
        string kind,
        string patch,
        string difference
    )
    {
        var team = await Team.SetAsync(fixture.Platform, prefix);
        var ns = team.NamespaceOf(prefix);
        var id = await team.AskAsync(Terms(team, prefix));
        await using var webhook = await MutatingWebhook.InstallAsync(team, id, kind, patch, ns);

        await team.As(team.Bob).ApproveAsync(id);
        var failed = await team.As(team.Alice).WaitForAsync(id, "failed");

        Assert.EndsWith(
            $" is not what was approved: {difference}. Admission in the cluster changes it.",
            failed.At("ending.comment"),
            StringComparison.Ordinal
        );
        Assert.StartsWith($"The {kind} jit-{id} in ", failed.At("ending.comment"), StringComparison.Ordinal);
        Assert.False(await team.Cluster.HasBindingAsync(ns, $"jit-{id}"));
        Assert.Equal("", await team.Cluster.RoleAsync(ns, $"jit-{id}", "{.metadata.name}"));
        Assert.Empty(await new CredentialNamespace(team.Cluster).HoldsAsync($"jit-{id}"));
    }

    [Fact]
    public async Task What_others_add_beside_it_keeps_no_grant_from_being_active()
    {
        var team = await Team.SetAsync(fixture.Platform);
        var id = await team.AskAsync();
        await using var webhook = await MutatingWebhook.InstallAsync(
            team,
            id,
            "RoleBinding",
            """[{"op":"add","path":"/metadata/labels/owner","value":"platform"},{"op":"add","path":"/metadata/annotations/note","value":"x"}]"""
        );

        await team.As(team.Bob).ApproveAsync(id);
        await team.As(team.Alice).WaitForAsync(id, "active");

        Assert.Equal(
            "platform",
            await team.Cluster.BindingAsync(team.Namespace, $"jit-{id}", "{.metadata.labels.owner}")
        );
        await team.ReconcilerRunsAsync();
        Assert.Empty(await team.DriftAsync(id));
    }

    [Fact]
    public async Task A_binding_that_cannot_be_restored_is_removed_and_never_said_to_be_restored()
    {
        var team = await Team.SetAsync(fixture.Platform);
        var id = (await team.GrantAsync()).Id();
        await using var webhook = await MutatingWebhook.InstallAsync(
            team,
            id,
            "RoleBinding",
            AddSubject(team.Stranger.UserName)
        );
        await team.Cluster.AdminAsync(
            "annotate",
            "rolebinding",
            $"jit-{id}",
            "-n",
            team.Namespace,
            "--overwrite",
            "jit-access/expires-at=2099-01-01T00:00:00Z"
        );

        var drift = Assert.Single(
            await Eventually.Async(() => team.DriftAsync(id), found => found.Count > 0, "the edit is recorded")
        );
        Assert.Equal(
            ("edited", "removed", "RoleBinding"),
            (drift.At("kind"), drift.At("remedy"), drift.At("objectKind"))
        );
        Assert.Contains(
            $"not restored: The RoleBinding jit-{id} in {team.Namespace} is not what was approved",
            drift.At("detail"),
            StringComparison.Ordinal
        );
        Assert.False(await team.Cluster.HasBindingAsync(team.Namespace, $"jit-{id}"));
        await team.Cluster.MayNotReadSoonAsync(team.Stranger, team.Namespace);
        await team.ReconcilerRunsAsync();

        Assert.Single(await team.DriftAsync(id));
        var lost = Assert.Single((await team.As(team.Alice).ReadAsync(id))["lost"]!.AsArray())!;
        Assert.Equal(
            ("RoleBinding", team.Namespace, $"jit-{id}"),
            (lost.At("kind"), lost.At("namespace"), lost.At("name"))
        );
    }

    [Theory]
    [InlineData("rules", "role", AllPods, "Role")]
    [InlineData("lent", "serviceaccount", AnyPod, "ServiceAccount")]
    [InlineData("lent", "secret", WithData, "Secret")]
    public async Task Any_other_grant_object_that_cannot_be_restored_is_removed(
        string prefix,
        string resource,
        string patch,
        string kind
    )
    {
        var team = await Team.SetAsync(fixture.Platform, prefix);
        var id = (await team.GrantAsync(Terms(team, prefix))).Id();
        var ns = prefix == "lent" ? CredentialNamespace.Name : team.NamespaceOf(prefix);
        await using var webhook = await MutatingWebhook.InstallAsync(team, id, kind, patch, team.NamespaceOf(prefix));
        await team.Cluster.AdminAsync(
            "annotate",
            resource,
            $"jit-{id}",
            "-n",
            ns,
            "--overwrite",
            "jit-access/expires-at=2099-01-01T00:00:00Z"
        );

        var drift = Assert.Single(
            await Eventually.Async(() => team.DriftAsync(id), found => found.Count > 0, "the edit is recorded")
        );
        Assert.Equal(
            ("edited", "removed", kind, ns),
            (drift.At("kind"), drift.At("remedy"), drift.At("objectKind"), drift.At("namespace"))
        );
        Assert.Equal("", await team.Cluster.AdminAsync("get", resource, $"jit-{id}", "-n", ns, "--ignore-not-found"));
    }

    [Fact]
    public async Task A_binding_that_is_changed_when_its_grant_is_extended_is_removed()
    {
        var team = await Team.SetAsync(fixture.Platform, "longer");
        var ns = team.NamespaceOf("longer");
        var id = (await team.GrantAsync(team.Terms(role: "ClusterRole/view", namespaces: ns))).Id();
        await using var webhook = await MutatingWebhook.InstallAsync(
            team,
            id,
            "RoleBinding",
            AddSubject(team.Stranger.UserName),
            ns
        );

        await team.As(team.Alice).DoAsync(id, "extend", new { duration = "5m", reason = "not done yet" });

        var drift = Assert.Single(
            await Eventually.Async(() => team.DriftAsync(id), found => found.Count > 0, "the change is recorded")
        );
        Assert.Equal(("edited", "removed"), (drift.At("kind"), drift.At("remedy")));
        Assert.Contains(team.Stranger.UserName, drift.At("detail"), StringComparison.Ordinal);
        Assert.False(await team.Cluster.HasBindingAsync(ns, $"jit-{id}"));
    }

    private static JsonObject Terms(Team team, string prefix) =>
        prefix == "rules"
            ? team.Terms(namespaces: team.NamespaceOf(prefix))
                .With("role", null)
                .With(
                    "rules",
                    JsonNode.Parse("""[{ "resources": ["pods"], "verbs": ["get"], "resourceNames": ["consumer-1"] }]""")
                )
            : team.Terms(role: "ClusterRole/view", namespaces: team.NamespaceOf(prefix));

    private static string AddSubject(string userName) =>
        $$$"""[{"op":"add","path":"/subjects/-","value":{"apiGroup":"rbac.authorization.k8s.io","kind":"User","name":"{{{userName}}}"}}]""";
}
