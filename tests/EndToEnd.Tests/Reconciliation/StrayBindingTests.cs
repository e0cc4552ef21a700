using System.Text.Json.Nodes;

namespace JitFunctions.EndToEnd.Tests.Reconciliation;

/// <summary>Bindings that claim to be ours and are not.</summary>
public sealed class StrayBindingTests(Stage stage)
{
    private const string Finalizer = """[{"op":"add","path":"/metadata/finalizers","value":["example.com/forever"]}]""";
    private const string Ours = "app.kubernetes.io/managed-by=jit-access";

    [Theory]
    [InlineData("jit-access/request=000000000000", true)]
    [InlineData("jit-access/request=no-such-id", true)]
    [InlineData("jit-access/request=000000000000", false)]
    [InlineData(null, true)]
    public async Task A_binding_for_no_request_that_exists_is_removed_and_audited(string? label, bool namespaced)
    {
        var scene = await Scene.SetAsync(stage.Platform);
        await scene.GrantAsync();
        var (ns, name) = (namespaced ? scene.Namespace : null, $"by-hand-{scene.Namespace}");
        await scene.Cluster.CreateBindingAsync(ns, name, "view", scene.Stranger.UserName);
        Assert.True(await scene.Cluster.HasBindingAsync(ns, name));

        await scene.Cluster.LabelBindingAsync(
            ns,
            name,
            [.. await scene.OwnLabelsAsync(), .. label is null ? (string[])[] : [label]]
        );

        await Eventually.Async(async () => !await scene.Cluster.HasBindingAsync(ns, name), "the stray binding is gone");
        var (e, removed) = Assert.Single(
            await Eventually.Async(
                () => scene.RemovalsOfAsync(name),
                found => found.Count > 0,
                "the removal is audited"
            )
        );
        Assert.Equal(("cluster-demo", "reconciler", ns), (e.At("stream"), e.At("channel"), e.At("data.namespace")));
        Assert.Equal("ClusterRole/view", removed.At("role"));
        Assert.Equal($"User/{scene.Stranger.UserName}", Assert.Single(removed["subjects"]!.AsArray())!.ToString());
    }

    [Fact]
    public async Task A_binding_for_a_request_that_is_over_is_removed_and_reported()
    {
        var scene = await Scene.SetAsync(stage.Platform);
        await scene.GrantAsync();
        var id = await scene.AskAsync();
        await scene.As(scene.Alice).DoAsync(id, "withdraw");

        await ClaimAsync(scene, id, $"jit-{id}");
        await IsRemovedAsync(scene, id, $"jit-{id}");
        Assert.Equal("withdrawn", (await scene.As(scene.Alice).ReadAsync(id)).At("status"));
    }

    [Fact]
    public async Task A_binding_that_borrows_the_id_of_a_live_grant_is_removed_and_the_grant_stays()
    {
        var scene = await Scene.SetAsync(stage.Platform);
        var id = (await scene.GrantAsync()).Id();

        await ClaimAsync(scene, id, "borrowed", await scene.OwnLabelsAsync());
        await Eventually.Async(
            async () => !await scene.Cluster.HasBindingAsync(scene.Namespace, "borrowed"),
            "the stray binding is gone"
        );
        Assert.Empty(await scene.DriftAsync(id));
        Assert.True(await scene.Cluster.HasBindingAsync(scene.Namespace, $"jit-{id}"));
        await scene.Cluster.MayReadSoonAsync(scene.Alice, scene.Namespace);
    }

    [Fact]
    public async Task A_stray_that_clings_by_a_finalizer_is_removed_all_the_same_and_audited_once()
    {
        var scene = await Scene.SetAsync(stage.Platform);
        await scene.GrantAsync();
        await scene.Cluster.CreateBindingAsync(scene.Namespace, "clinging", "edit", scene.Stranger.UserName);
        await scene.Cluster.PatchBindingAsync(scene.Namespace, "clinging", Finalizer);
        await scene.Cluster.LabelBindingAsync(scene.Namespace, "clinging", await scene.OwnLabelsAsync());

        await scene.Cluster.MayNotReadSoonAsync(scene.Stranger, scene.Namespace);
        await scene.ReconcilerRunsAsync();
        Assert.Single(
            await scene.RemovalsOfAsync("clinging"),
            removal => removal.Event.At("data.namespace") == scene.Namespace
        );
    }

    [Fact]
    public async Task Many_strays_of_one_namespace_are_one_event_and_keep_no_grant_waiting()
    {
        const int count = 300;
        var scene = await Scene.SetAsync(stage.Platform);
        var id = (await scene.GrantAsync()).Id();
        var labels = string.Join(
            ", ",
            (await scene.OwnLabelsAsync()).Select(label => label.Replace("=", ": ", StringComparison.Ordinal))
        );
        await scene.Cluster.ApplyAsync(
            string.Join(
                "\n---\n",
                Enumerable
                    .Range(0, count)
                    .Select(i =>
                        $$"""
                            apiVersion: rbac.authorization.k8s.io/v1
                            kind: RoleBinding
                            metadata: { name: chaff-{{i}}, namespace: {{scene.Namespace}}, labels: { {{labels}} } }
                            roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: {{(
                                i == 250 ? "admin" : "view"
                            )}} }
                            subjects: [{ apiGroup: rbac.authorization.k8s.io, kind: User, name: {{scene.Stranger.UserName}} }]
                            """
                    )
            )
        );
        await scene.Cluster.LabelBindingAsync(scene.Namespace, $"jit-{id}", "jit-access/request-");

        await Eventually.Async(
            () => scene.DriftAsync(id),
            found => found.Count > 0,
            "the grant is looked after all the same"
        );
        await Eventually.Async(
            async () => await scene.Cluster.AdminAsync("get", "rolebindings", "-n", scene.Namespace, "-o", "name"),
            names => !names.Contains("chaff", StringComparison.Ordinal),
            "they are gone"
        );
        await scene.ReconcilerRunsAsync();
        var events = (await scene.As(scene.Auditor).AuditAsync())
            .Where(e => e.At("type") == "stray_binding_removed" && e.At("data.namespace") == scene.Namespace)
            .ToList();
        Assert.Equal(
            count,
            events.Sum(e => int.Parse(e.At("data.count") ?? "1", System.Globalization.CultureInfo.InvariantCulture))
        );
        // They are made while runs go on: some runs see a part of them.
        Assert.InRange(events.Count, 1, 10);
        Assert.Contains(
            await scene.RemovalsOfAsync("chaff-250"),
            removal => removal.Removed.At("role") == "ClusterRole/admin"
        );
        Assert.True(await scene.Cluster.HasBindingAsync(scene.Namespace, $"jit-{id}"));
    }

    [Fact]
    public async Task Large_strays_are_removed_and_keep_no_grant_waiting()
    {
        const int count = 40;
        var scene = await Scene.SetAsync(stage.Platform);
        var id = (await scene.GrantAsync()).Id();
        var labels = string.Join(
            ", ",
            (await scene.OwnLabelsAsync()).Select(label => label.Replace("=", ": ", StringComparison.Ordinal))
        );
        var large = string.Concat(
            Enumerable.Repeat(
                $", {{ apiGroup: rbac.authorization.k8s.io, kind: User, name: {new string('x', 10_000)} }}",
                100
            )
        );
        await scene.Cluster.CreateAsync(
            string.Join(
                "\n---\n",
                Enumerable
                    .Range(0, count)
                    .Select(i =>
                        $$"""
                            apiVersion: rbac.authorization.k8s.io/v1
                            kind: RoleBinding
                            metadata: { name: large-{{i}}, namespace: {{scene.Namespace}}, labels: { {{labels}} } }
                            roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view }
                            subjects: [{ apiGroup: rbac.authorization.k8s.io, kind: User, name: {{scene.Stranger.UserName}} }{{large}}]
                            """
                    )
            )
        );
        await scene.Cluster.LabelBindingAsync(scene.Namespace, $"jit-{id}", "jit-access/request-");

        await Eventually.Async(
            () => scene.DriftAsync(id),
            found => found.Count > 0,
            "the grant is looked after all the same"
        );
        await Eventually.Async(
            async () => await scene.Cluster.AdminAsync("get", "rolebindings", "-n", scene.Namespace, "-o", "name"),
            names => !names.Contains("large", StringComparison.Ordinal),
            "they are gone"
        );
        await scene.ReconcilerRunsAsync();
        var events = (await scene.As(scene.Auditor).AuditAsync())
            .Where(e => e.At("type") == "stray_binding_removed" && e.At("data.namespace") == scene.Namespace)
            .ToList();
        Assert.Equal(
            count,
            events.Sum(e => int.Parse(e.At("data.count") ?? "1", System.Globalization.CultureInfo.InvariantCulture))
        );
        Assert.Each(
            events,
            e => Assert.Equal($"User/{scene.Stranger.UserName}", e["data"]!["subjects"]![0]!.ToString())
        );
        Assert.True(await scene.Cluster.HasBindingAsync(scene.Namespace, $"jit-{id}"));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("7h2k9m3xq0ab")]
    public async Task A_binding_of_another_installation_or_of_nobody_is_left_alone_and_reported(string? installation)
    {
        var scene = await Scene.SetAsync(stage.Platform);
        await scene.GrantAsync();
        await scene.Cluster.CreateBindingAsync(scene.Namespace, "jit-000000000000", "view", scene.Stranger.UserName);
        await scene.Cluster.LabelBindingAsync(
            scene.Namespace,
            "jit-000000000000",
            installation is null ? [Ours] : [Ours, $"jit-access/installation={installation}"]
        );

        var report = await scene.ReportAsync(TimeProvider.System.GetUtcNow(), "ReconcileClusters");

        var finding = Assert.Single(
            report["findings"]!.AsArray(),
            found => (found!.At("kind"), found!.At("subject")) == ("object-foreign", "demo")
        )!;
        Assert.Contains(
            $"RoleBinding {scene.Namespace}/jit-000000000000",
            finding.At("detail"),
            StringComparison.Ordinal
        );
        Assert.Contains(
            installation ?? "without the label of an installation",
            finding.At("detail"),
            StringComparison.Ordinal
        );
        Assert.True(await scene.Cluster.HasBindingAsync(scene.Namespace, "jit-000000000000"));
        await scene.Cluster.DeleteBindingAsync(scene.Namespace, "jit-000000000000");
    }

    [Fact]
    public async Task A_binding_that_is_named_after_a_request_of_ours_and_labelled_for_another_installation_is_reported_under_that_request()
    {
        var scene = await Scene.SetAsync(stage.Platform);
        var id = await scene.AskAsync();
        await scene.As(scene.Alice).DoAsync(id, "withdraw");
        await ClaimAsync(scene, id, $"jit-{id}", [Ours, "jit-access/installation=7h2k9m3xq0ab"]);

        var report = await scene.ReportAsync(TimeProvider.System.GetUtcNow(), "ReconcileClusters");

        var finding = Assert.Single(
            report["findings"]!.AsArray(),
            found => (found!.At("kind"), found!.At("subject")) == ("object-foreign", id)
        )!;
        Assert.Contains($"RoleBinding {scene.Namespace}/jit-{id}", finding.At("detail"), StringComparison.Ordinal);
        Assert.True(await scene.Cluster.HasBindingAsync(scene.Namespace, $"jit-{id}"));
    }

    [Fact]
    public async Task Those_whose_names_mean_something_in_an_address_are_removed_all_the_same()
    {
        var scene = await Scene.SetAsync(stage.Platform);
        await scene.Cluster.CreateBindingAsync(scene.Namespace, "stray", "view", scene.Alice.UserName);
        var labels = string.Join(
            ", ",
            (await scene.OwnLabelsAsync()).Select(label => label.Replace("=", ": ", StringComparison.Ordinal))
        );
        foreach (var name in new[] { "stray?x=1", "stray#y", "z\\..\\stray", "stray \"é\"" })
            await scene.Cluster.ApplyAsync(Binding(scene, name, labels));
        await scene.Cluster.ApplyAsync(
            $$"""
            apiVersion: rbac.authorization.k8s.io/v1
            kind: Role
            metadata: { name: "role?x=1", namespace: {{scene.Namespace}}, labels: { {{labels}} } }
            rules: []
            """
        );

        await scene.Cluster.MayNotReadSoonAsync(scene.Stranger, scene.Namespace);
        await Eventually.Async(
            () =>
                scene.Cluster.AdminAsync("get", "roles,rolebindings", "-n", scene.Namespace, "-l", Ours, "-o", "name"),
            left => left == "",
            "all are gone"
        );
        Assert.True(await scene.Cluster.HasBindingAsync(scene.Namespace, "stray"));
    }

    [Fact]
    public async Task A_binding_of_somebody_else_is_left_alone()
    {
        var scene = await Scene.SetAsync(stage.Platform);
        await scene.Cluster.CreateBindingAsync(scene.Namespace, "jit-looks-like-ours", "view", scene.Stranger.UserName);
        await scene.ReconcilerRunsAsync();
        Assert.True(await scene.Cluster.HasBindingAsync(scene.Namespace, "jit-looks-like-ours"));
    }

    private static string Binding(Scene scene, string name, string labels) =>
        $$"""
            apiVersion: rbac.authorization.k8s.io/v1
            kind: RoleBinding
            metadata: { name: {{JsonValue.Create(
                name
            ).ToJsonString()}}, namespace: {{scene.Namespace}}, labels: { {{labels}} } }
            roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: edit }
            subjects: [{ apiGroup: rbac.authorization.k8s.io, kind: User, name: {{scene.Stranger.UserName}} }]
            """;

    // Without the label of an installation, as versions before there was one made them.
    private static async Task ClaimAsync(Scene scene, string id, string name, IReadOnlyList<string>? labels = null)
    {
        await scene.Cluster.CreateBindingAsync(scene.Namespace, name, "edit", scene.Stranger.UserName);
        await scene.Cluster.LabelBindingAsync(scene.Namespace, name, [.. labels ?? [Ours], $"jit-access/request={id}"]);
    }

    private static async Task IsRemovedAsync(Scene scene, string id, string name)
    {
        await Eventually.Async(
            async () => !await scene.Cluster.HasBindingAsync(scene.Namespace, name),
            "the stray binding is gone"
        );
        var drift = Assert.Single(
            await Eventually.Async(() => scene.DriftAsync(id), found => found.Count > 0, "the drift is reported")
        );
        Assert.Equal(
            ("stray", "removed", name, scene.Namespace),
            (drift.At("kind"), drift.At("remedy"), drift.At("name"), drift.At("namespace"))
        );
        Assert.Contains(scene.Stranger.UserName, drift.At("detail"), StringComparison.Ordinal);
        await scene.Cluster.MayNotReadSoonAsync(scene.Stranger, scene.Namespace);
    }
}
