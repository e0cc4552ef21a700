using System.Text.Json.Nodes;

namespace JitFunctions.EndToEnd.Tests.Reconciliation;

/// <summary>Bindings of live grants that somebody laid hands on.</summary>
public sealed class TamperingTests(PlatformFixture fixture)
{
    private const string Subjects = "{.subjects[*].name}";
    private const string Role = "{.roleRef.kind}/{.roleRef.name}";
    private const string ManagedBy = @"{.metadata.labels.app\.kubernetes\.io/managed-by}";
    private const string RequestLabel = "{.metadata.labels.jit-access/request}";
    private const string ExpiresAt = @"{.metadata.annotations.jit-access/expires-at}";

    [Fact]
    public async Task A_second_subject_is_taken_out_again()
    {
        var (team, id) = await GrantAsync();
        await team.Cluster.PatchBindingAsync(team.Namespace, $"jit-{id}", AddSubject(team.Stranger.UserName));

        await IsRestoredAsync(team, id, Subjects, team.Alice.UserName, team.Stranger.UserName);
        await team.Cluster.MayNotReadSoonAsync(team.Stranger, team.Namespace);
    }

    [Fact]
    public async Task The_event_about_a_changed_binding_stays_short_and_names_the_first_subjects()
    {
        var (team, id) = await GrantAsync();
        await team.Cluster.ApplyAsync(
            $$"""
            apiVersion: rbac.authorization.k8s.io/v1
            kind: RoleBinding
            metadata: { name: jit-{{id}}, namespace: {{team.Namespace}} }
            roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: edit }
            subjects:
            - { apiGroup: rbac.authorization.k8s.io, kind: User, name: {{team.Stranger.UserName}} }
            - { apiGroup: rbac.authorization.k8s.io, kind: User, name: "nul-\u0000" }
            - { apiGroup: rbac.authorization.k8s.io, kind: User, name: long-{{new string('x', 120_000)}} }
            """
        );

        await IsRestoredAsync(team, id, Subjects, team.Alice.UserName, team.Stranger.UserName);
        var detail = (await team.DriftAsync(id)).First(drift => drift.At("remedy") == "restored").At("detail")!;
        Assert.InRange(detail.Length, 1, 2500);
        Assert.Contains("User/nul-\uFFFD", detail, StringComparison.Ordinal);
        Assert.Contains("(120010 characters, sha256:", detail, StringComparison.Ordinal);
        await EndsCleanlyAsync(team, id);
    }

    [Fact]
    public async Task Another_role_under_the_same_name_is_replaced_by_the_granted_one()
    {
        var (team, id) = await GrantAsync();
        await team.Cluster.DeleteBindingAsync(team.Namespace, $"jit-{id}");
        await team.Cluster.CreateBindingAsync(team.Namespace, $"jit-{id}", "admin", team.Alice.UserName);
        await team.Cluster.LabelBindingAsync(
            team.Namespace,
            $"jit-{id}",
            "app.kubernetes.io/managed-by=jit-access",
            $"jit-access/request={id}"
        );

        await IsRestoredAsync(team, id, Role, "ClusterRole/edit", "ClusterRole/admin");
        await EndsCleanlyAsync(team, id);
    }

    [Fact]
    public async Task Another_role_under_the_same_name_without_labels_is_replaced_too()
    {
        var (team, id) = await GrantAsync();
        await team.Cluster.DeleteBindingAsync(team.Namespace, $"jit-{id}");
        await team.Cluster.CreateBindingAsync(team.Namespace, $"jit-{id}", "admin", team.Alice.UserName);

        await IsRestoredAsync(team, id, Role, "ClusterRole/edit", "");
        await EndsCleanlyAsync(team, id);
    }

    [Fact]
    public async Task A_second_subject_is_taken_out_of_a_cluster_wide_grant_too()
    {
        var team = await Team.SetAsync(fixture.Platform);
        var id = (
            await team.GrantAsync(
                team.Terms(role: "ClusterRole/view").With("namespaces", null).With("clusterWide", true)
            )
        ).Id();
        await team.Cluster.PatchBindingAsync(null, $"jit-{id}", AddSubject(team.Stranger.UserName));

        await Eventually.Async(
            () => team.Cluster.BindingAsync(null, $"jit-{id}", Subjects),
            found => found == team.Alice.UserName,
            "the subject is gone"
        );
        var drift = Assert.Single(
            await Eventually.Async(() => team.DriftAsync(id), found => found.Count > 0, "the edit is reported")
        );
        Assert.Equal(("edited", "restored", null), (drift.At("kind"), drift.At("remedy"), drift.At("namespace")));
    }

    [Fact]
    public async Task Labels_that_were_taken_off_are_put_back()
    {
        var (team, id) = await GrantAsync();
        await team.Cluster.LabelBindingAsync(
            team.Namespace,
            $"jit-{id}",
            "app.kubernetes.io/managed-by-",
            "jit-access/request-"
        );

        await IsRestoredAsync(team, id, ManagedBy, "jit-access", "labels");
    }

    [Fact]
    public async Task A_subject_that_is_hidden_by_taking_the_labels_off_is_named_in_the_report()
    {
        var (team, id) = await GrantAsync();
        await team.Cluster.PatchBindingAsync(team.Namespace, $"jit-{id}", AddSubject(team.Stranger.UserName));
        await team.Cluster.LabelBindingAsync(team.Namespace, $"jit-{id}", "app.kubernetes.io/managed-by-");

        await IsRestoredAsync(team, id, Subjects, team.Alice.UserName, team.Stranger.UserName);
    }

    [Fact]
    public async Task A_label_that_points_to_another_request_moves_nothing_there_and_ends_nothing()
    {
        var (team, id) = await GrantAsync();
        var other = (await team.As(team.Erin).AskAsync(team.Terms())).Id();
        await team.As(team.Erin).DoAsync(other, "withdraw");
        await team.Cluster.AdminAsync(
            "label",
            "rolebinding",
            $"jit-{id}",
            "-n",
            team.Namespace,
            "--overwrite",
            $"jit-access/request={other}"
        );

        await IsRestoredAsync(team, id, RequestLabel, id, "labels");
        Assert.Empty(await team.DriftAsync(other));
        await team.Cluster.MayReadSoonAsync(team.Alice, team.Namespace);
    }

    [Fact]
    public async Task A_label_of_another_installation_hides_nothing_and_is_put_right()
    {
        var (team, id) = await GrantAsync();
        await team.Cluster.PatchBindingAsync(team.Namespace, $"jit-{id}", AddSubject(team.Stranger.UserName));
        await team.Cluster.AdminAsync(
            "label",
            "rolebinding",
            $"jit-{id}",
            "-n",
            team.Namespace,
            "--overwrite",
            "jit-access/installation=elsewhere"
        );

        var own = (await team.OwnLabelsAsync())[1].Split('=')[1];
        await IsRestoredAsync(team, id, "{.metadata.labels.jit-access/installation}", own, "labels");
        await IsRestoredAsync(team, id, Subjects, team.Alice.UserName, team.Stranger.UserName);
    }

    [Fact]
    public async Task A_later_expiry_written_on_the_binding_is_put_right_and_buys_no_time()
    {
        var (team, id) = await GrantAsync("40s");
        var expiry = await team.Cluster.BindingAsync(team.Namespace, $"jit-{id}", ExpiresAt);
        await team.Cluster.AdminAsync(
            "annotate",
            "rolebinding",
            $"jit-{id}",
            "-n",
            team.Namespace,
            "--overwrite",
            "jit-access/expires-at=2099-01-01T00:00:00Z"
        );

        await IsRestoredAsync(team, id, ExpiresAt, expiry, "expiry");
        await team.As(team.Alice).WaitForAsync(id, "ended");
        Assert.False(await team.Cluster.HasBindingAsync(team.Namespace, $"jit-{id}"));
    }

    [Fact]
    public async Task A_deleted_binding_is_reported_once_and_does_not_rise_again()
    {
        var (team, id) = await GrantAsync();
        await team.Cluster.DeleteBindingAsync(team.Namespace, $"jit-{id}");

        var drift = Assert.Single(
            await Eventually.Async(() => team.DriftAsync(id), found => found.Count > 0, "the loss is reported")
        );
        Assert.Equal(("missing", "reported"), (drift.At("kind"), drift.At("remedy")));
        await team.ReconcilerRunsAsync();
        await team.ReconcilerRunsAsync();

        Assert.Single(await team.DriftAsync(id));
        Assert.False(await team.Cluster.HasBindingAsync(team.Namespace, $"jit-{id}"));
        await EndsCleanlyAsync(team, id);
    }

    private static string AddSubject(string userName) =>
        $$$"""[{"op":"add","path":"/subjects/-","value":{"apiGroup":"rbac.authorization.k8s.io","kind":"User","name":"{{{userName}}}"}}]""";

    private async Task<(Team Scene, string Id)> GrantAsync(string duration = "10m")
    {
        var team = await Team.SetAsync(fixture.Platform);
        return (team, (await team.GrantAsync(team.Terms(duration))).Id());
    }

    private static async Task IsRestoredAsync(Team team, string id, string jsonPath, string value, string detail)
    {
        await Eventually.Async(
            () => team.Cluster.BindingAsync(team.Namespace, $"jit-{id}", jsonPath),
            found => found == value,
            $"{jsonPath} is {value}"
        );
        var drift = (
            await Eventually.Async(() => team.DriftAsync(id), found => found.Any(IsRestored), "the edit is reported")
        ).First(IsRestored);
        Assert.Equal(($"jit-{id}", team.Namespace), (drift.At("name"), drift.At("namespace")));
        Assert.Contains(detail, drift.At("detail"), StringComparison.Ordinal);

        static bool IsRestored(JsonNode drift) => (drift.At("kind"), drift.At("remedy")) == ("edited", "restored");
    }

    private static async Task EndsCleanlyAsync(Team team, string id)
    {
        await team.As(team.Alice).DoAsync(id, "relinquish");
        var ended = await team.As(team.Alice).WaitForAsync(id, "ended");
        Assert.Equal("denied", ended.At("denialProof.verdict"));
        Assert.False(await team.Cluster.HasBindingAsync(team.Namespace, $"jit-{id}"));
    }
}
