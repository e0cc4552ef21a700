using System.Text.Json.Nodes;

namespace JitFunctions.EndToEnd.Tests.Reconciliation;

/// <summary>Bindings of live grants that somebody laid hands on.</summary>
public sealed class TamperingTests(Stage stage)
{
    private const string Subjects = "{.subjects[*].name}";
    private const string Role = "{.roleRef.kind}/{.roleRef.name}";
    private const string ManagedBy = @"{.metadata.labels.app\.kubernetes\.io/managed-by}";
    private const string RequestLabel = "{.metadata.labels.jit-access/request}";
    private const string ExpiresAt = @"{.metadata.annotations.jit-access/expires-at}";

    [Fact]
    public async Task A_second_subject_is_taken_out_again()
    {
        var (scene, id) = await GrantAsync();
        await scene.Cluster.PatchBindingAsync(scene.Namespace, $"jit-{id}", AddSubject(scene.Stranger.UserName));

        await IsRestoredAsync(scene, id, Subjects, scene.Alice.UserName, scene.Stranger.UserName);
        await scene.Cluster.MayNotReadSoonAsync(scene.Stranger, scene.Namespace);
    }

    [Fact]
    public async Task However_long_the_names_that_somebody_writes_into_a_binding_the_event_is_short_and_tells_the_first_ones()
    {
        var (scene, id) = await GrantAsync();
        await scene.Cluster.ApplyAsync(
            $$"""
            apiVersion: rbac.authorization.k8s.io/v1
            kind: RoleBinding
            metadata: { name: jit-{{id}}, namespace: {{scene.Namespace}} }
            roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: edit }
            subjects:
            - { apiGroup: rbac.authorization.k8s.io, kind: User, name: {{scene.Stranger.UserName}} }
            - { apiGroup: rbac.authorization.k8s.io, kind: User, name: "nul-\u0000" }
            - { apiGroup: rbac.authorization.k8s.io, kind: User, name: long-{{new string('x', 120_000)}} }
            """
        );

        await IsRestoredAsync(scene, id, Subjects, scene.Alice.UserName, scene.Stranger.UserName);
        var detail = (await scene.DriftAsync(id)).First(drift => drift.At("remedy") == "restored").At("detail")!;
        Assert.InRange(detail.Length, 1, 2500);
        Assert.Contains("User/nul-\uFFFD", detail, StringComparison.Ordinal);
        Assert.Contains("(120010 characters, sha256:", detail, StringComparison.Ordinal);
        await EndsCleanlyAsync(scene, id);
    }

    [Fact]
    public async Task Another_role_under_the_same_name_is_replaced_by_the_granted_one()
    {
        var (scene, id) = await GrantAsync();
        await scene.Cluster.DeleteBindingAsync(scene.Namespace, $"jit-{id}");
        await scene.Cluster.CreateBindingAsync(scene.Namespace, $"jit-{id}", "admin", scene.Alice.UserName);
        await scene.Cluster.LabelBindingAsync(
            scene.Namespace,
            $"jit-{id}",
            "app.kubernetes.io/managed-by=jit-access",
            $"jit-access/request={id}"
        );

        await IsRestoredAsync(scene, id, Role, "ClusterRole/edit", "ClusterRole/admin");
        await EndsCleanlyAsync(scene, id);
    }

    [Fact]
    public async Task Another_role_under_the_same_name_without_labels_is_replaced_too()
    {
        var (scene, id) = await GrantAsync();
        await scene.Cluster.DeleteBindingAsync(scene.Namespace, $"jit-{id}");
        await scene.Cluster.CreateBindingAsync(scene.Namespace, $"jit-{id}", "admin", scene.Alice.UserName);

        await IsRestoredAsync(scene, id, Role, "ClusterRole/edit", "");
        await EndsCleanlyAsync(scene, id);
    }

    [Fact]
    public async Task A_second_subject_is_taken_out_of_a_cluster_wide_grant_too()
    {
        var scene = await Scene.SetAsync(stage.Platform);
        var id = (
            await scene.GrantAsync(
                scene.Terms(role: "ClusterRole/view").With("namespaces", null).With("clusterWide", true)
            )
        ).Id();
        await scene.Cluster.PatchBindingAsync(null, $"jit-{id}", AddSubject(scene.Stranger.UserName));

        await Eventually.Async(
            () => scene.Cluster.BindingAsync(null, $"jit-{id}", Subjects),
            found => found == scene.Alice.UserName,
            "the subject is gone"
        );
        var drift = Assert.Single(
            await Eventually.Async(() => scene.DriftAsync(id), found => found.Count > 0, "the edit is reported")
        );
        Assert.Equal(("edited", "restored", null), (drift.At("kind"), drift.At("remedy"), drift.At("namespace")));
    }

    [Fact]
    public async Task Labels_that_were_taken_off_are_put_back()
    {
        var (scene, id) = await GrantAsync();
        await scene.Cluster.LabelBindingAsync(
            scene.Namespace,
            $"jit-{id}",
            "app.kubernetes.io/managed-by-",
            "jit-access/request-"
        );

        await IsRestoredAsync(scene, id, ManagedBy, "jit-access", "labels");
    }

    [Fact]
    public async Task A_subject_that_is_hidden_by_taking_the_labels_off_is_named_in_the_report()
    {
        var (scene, id) = await GrantAsync();
        await scene.Cluster.PatchBindingAsync(scene.Namespace, $"jit-{id}", AddSubject(scene.Stranger.UserName));
        await scene.Cluster.LabelBindingAsync(scene.Namespace, $"jit-{id}", "app.kubernetes.io/managed-by-");

        await IsRestoredAsync(scene, id, Subjects, scene.Alice.UserName, scene.Stranger.UserName);
    }

    [Fact]
    public async Task A_label_that_points_to_another_request_moves_nothing_there_and_ends_nothing()
    {
        var (scene, id) = await GrantAsync();
        var other = await scene.AskAsync();
        await scene.As(scene.Alice).DoAsync(other, "withdraw");
        await scene.Cluster.AdminAsync(
            "label",
            "rolebinding",
            $"jit-{id}",
            "-n",
            scene.Namespace,
            "--overwrite",
            $"jit-access/request={other}"
        );

        await IsRestoredAsync(scene, id, RequestLabel, id, "labels");
        Assert.Empty(await scene.DriftAsync(other));
        await scene.Cluster.MayReadSoonAsync(scene.Alice, scene.Namespace);
    }

    [Fact]
    public async Task A_label_of_another_installation_hides_nothing_and_is_put_right()
    {
        var (scene, id) = await GrantAsync();
        await scene.Cluster.PatchBindingAsync(scene.Namespace, $"jit-{id}", AddSubject(scene.Stranger.UserName));
        await scene.Cluster.AdminAsync(
            "label",
            "rolebinding",
            $"jit-{id}",
            "-n",
            scene.Namespace,
            "--overwrite",
            "jit-access/installation=elsewhere"
        );

        var own = (await scene.OwnLabelsAsync())[1].Split('=')[1];
        await IsRestoredAsync(scene, id, "{.metadata.labels.jit-access/installation}", own, "labels");
        await IsRestoredAsync(scene, id, Subjects, scene.Alice.UserName, scene.Stranger.UserName);
    }

    [Fact]
    public async Task A_later_expiry_written_on_the_binding_is_put_right_and_buys_no_time()
    {
        var (scene, id) = await GrantAsync("40s");
        var expiry = await scene.Cluster.BindingAsync(scene.Namespace, $"jit-{id}", ExpiresAt);
        await scene.Cluster.AdminAsync(
            "annotate",
            "rolebinding",
            $"jit-{id}",
            "-n",
            scene.Namespace,
            "--overwrite",
            "jit-access/expires-at=2099-01-01T00:00:00Z"
        );

        await IsRestoredAsync(scene, id, ExpiresAt, expiry, "expiry");
        await scene.As(scene.Alice).WaitForAsync(id, "ended");
        Assert.False(await scene.Cluster.HasBindingAsync(scene.Namespace, $"jit-{id}"));
    }

    [Fact]
    public async Task A_deleted_binding_is_reported_once_and_does_not_rise_again()
    {
        var (scene, id) = await GrantAsync();
        await scene.Cluster.DeleteBindingAsync(scene.Namespace, $"jit-{id}");

        var drift = Assert.Single(
            await Eventually.Async(() => scene.DriftAsync(id), found => found.Count > 0, "the loss is reported")
        );
        Assert.Equal(("missing", "reported"), (drift.At("kind"), drift.At("remedy")));
        await scene.ReconcilerRunsAsync();
        await scene.ReconcilerRunsAsync();

        Assert.Single(await scene.DriftAsync(id));
        Assert.False(await scene.Cluster.HasBindingAsync(scene.Namespace, $"jit-{id}"));
        await EndsCleanlyAsync(scene, id);
    }

    private static string AddSubject(string userName) =>
        $$$"""[{"op":"add","path":"/subjects/-","value":{"apiGroup":"rbac.authorization.k8s.io","kind":"User","name":"{{{userName}}}"}}]""";

    private async Task<(Scene Scene, string Id)> GrantAsync(string duration = "10m")
    {
        var scene = await Scene.SetAsync(stage.Platform);
        return (scene, (await scene.GrantAsync(scene.Terms(duration))).Id());
    }

    private static async Task IsRestoredAsync(Scene scene, string id, string jsonPath, string value, string detail)
    {
        await Eventually.Async(
            () => scene.Cluster.BindingAsync(scene.Namespace, $"jit-{id}", jsonPath),
            found => found == value,
            $"{jsonPath} is {value}"
        );
        var drift = (
            await Eventually.Async(() => scene.DriftAsync(id), found => found.Any(IsRestored), "the edit is reported")
        ).First(IsRestored);
        Assert.Equal(($"jit-{id}", scene.Namespace), (drift.At("name"), drift.At("namespace")));
        Assert.Contains(detail, drift.At("detail"), StringComparison.Ordinal);

        static bool IsRestored(JsonNode drift) => (drift.At("kind"), drift.At("remedy")) == ("edited", "restored");
    }

    private static async Task EndsCleanlyAsync(Scene scene, string id)
    {
        await scene.As(scene.Alice).DoAsync(id, "relinquish");
        var ended = await scene.As(scene.Alice).WaitForAsync(id, "ended");
        Assert.Equal("denied", ended.At("denialProof.verdict"));
        Assert.False(await scene.Cluster.HasBindingAsync(scene.Namespace, $"jit-{id}"));
    }
}
