using System.Text.Json.Nodes;

namespace JitFunctions.EndToEnd.Tests.Reconciliation;

/// <summary>Bindings that claim to be ours and are not.</summary>
public sealed class StrayBindingTests(PlatformFixture fixture)
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
        var team = await Team.SetAsync(fixture.Platform);
        await team.GrantAsync();
        var (ns, name) = (namespaced ? team.Namespace : null, $"by-hand-{team.Namespace}");
        await team.Cluster.CreateBindingAsync(ns, name, "view", team.Stranger.UserName);
        Assert.True(await team.Cluster.HasBindingAsync(ns, name));

        await team.Cluster.LabelBindingAsync(
            ns,
            name,
            [.. await team.OwnLabelsAsync(), .. label is null ? (string[])[] : [label]]
        );

        await Eventually.Async(async () => !await team.Cluster.HasBindingAsync(ns, name), "the stray binding is gone");
        var (e, removed) = Assert.Single(
            await Eventually.Async(() => team.RemovalsOfAsync(name), found => found.Count > 0, "the removal is audited")
        );
        Assert.Equal(("cluster-demo", "reconciler", ns), (e.At("stream"), e.At("channel"), e.At("data.namespace")));
        Assert.Equal("ClusterRole/view", removed.At("role"));
        Assert.Equal($"User/{team.Stranger.UserName}", Assert.Single(removed["subjects"]!.AsArray())!.ToString());
    }

    [Fact]
    public async Task A_binding_for_a_request_that_is_over_is_removed_and_reported()
    {
        var team = await Team.SetAsync(fixture.Platform);
        var id = await team.AskAsync();
        await team.As(team.Alice).DoAsync(id, "withdraw");
        await team.GrantAsync();

        await ClaimAsync(team, id, $"jit-{id}");
        await IsRemovedAsync(team, id, $"jit-{id}");
        Assert.Equal("withdrawn", (await team.As(team.Alice).ReadAsync(id)).At("status"));
    }

    [Fact]
    public async Task A_binding_that_borrows_the_id_of_a_live_grant_is_removed_and_the_grant_stays()
    {
        var team = await Team.SetAsync(fixture.Platform);
        var id = (await team.GrantAsync()).Id();

        await ClaimAsync(team, id, "borrowed", await team.OwnLabelsAsync());
        await Eventually.Async(
            async () => !await team.Cluster.HasBindingAsync(team.Namespace, "borrowed"),
            "the stray binding is gone"
        );
        Assert.Empty(await team.DriftAsync(id));
        Assert.True(await team.Cluster.HasBindingAsync(team.Namespace, $"jit-{id}"));
        await team.Cluster.MayReadSoonAsync(team.Alice, team.Namespace);
    }

    [Fact]
    public async Task A_stray_that_clings_by_a_finalizer_is_removed_all_the_same_and_audited_once()
    {
        var team = await Team.SetAsync(fixture.Platform);
        await team.GrantAsync();
        await team.Cluster.CreateBindingAsync(team.Namespace, "clinging", "edit", team.Stranger.UserName);
        await team.Cluster.PatchBindingAsync(team.Namespace, "clinging", Finalizer);
        await team.Cluster.LabelBindingAsync(team.Namespace, "clinging", await team.OwnLabelsAsync());

        await team.Cluster.MayNotReadSoonAsync(team.Stranger, team.Namespace);
        await team.ReconcilerRunsAsync();
        Assert.Single(
            await team.RemovalsOfAsync("clinging"),
            removal => removal.Event.At("data.namespace") == team.Namespace
        );
    }

    [Fact]
    public async Task Many_strays_of_one_namespace_are_one_event_and_keep_no_grant_waiting()
    {
        const int count = 300;
        var team = await Team.SetAsync(fixture.Platform);
        var id = (await team.GrantAsync()).Id();
        var labels = string.Join(
            ", ",
            (await team.OwnLabelsAsync()).Select(label => label.Replace("=", ": ", StringComparison.Ordinal))
        );
        await team.Cluster.ApplyAsync(
            string.Join(
                "\n---\n",
                Enumerable
                    .Range(0, count)
                    .Select(i =>
                        $$"""
                            apiVersion: rbac.authorization.k8s.io/v1
                            kind: RoleBinding
                            metadata: { name: chaff-{{i}}, namespace: {{team.Namespace}}, labels: { {{labels}} } }
                            roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: {{(
                                i == 250 ? "admin" : "view"
                            )}} }
                            subjects: [{ apiGroup: rbac.authorization.k8s.io, kind: User, name: {{team.Stranger.UserName}} }]
                            """
                    )
            )
        );
        await team.Cluster.LabelBindingAsync(team.Namespace, $"jit-{id}", "jit-access/request-");

        await Eventually.Async(
            () => team.DriftAsync(id),
            found => found.Count > 0,
            "the grant is looked after all the same"
        );
        await Eventually.Async(
            async () => await team.Cluster.AdminAsync("get", "rolebindings", "-n", team.Namespace, "-o", "name"),
            names => !names.Contains("chaff", StringComparison.Ordinal),
            "they are gone"
        );
        await team.ReconcilerRunsAsync();
        var events = (await team.As(team.Auditor).AuditAsync())
            .Where(e => e.At("type") == "stray_binding_removed" && e.At("data.namespace") == team.Namespace)
            .ToList();
        Assert.Equal(
            count,
            events.Sum(e => int.Parse(e.At("data.count") ?? "1", System.Globalization.CultureInfo.InvariantCulture))
        );
        // They are made while runs go on: some runs see a part of them.
        Assert.InRange(events.Count, 1, 10);
        Assert.Contains(
            await team.RemovalsOfAsync("chaff-250"),
            removal => removal.Removed.At("role") == "ClusterRole/admin"
        );
        Assert.True(await team.Cluster.HasBindingAsync(team.Namespace, $"jit-{id}"));
    }

    [Fact]
    public async Task Large_strays_are_removed_and_keep_no_grant_waiting()
    {
        const int count = 40;
        var team = await Team.SetAsync(fixture.Platform);
        var id = (await team.GrantAsync()).Id();
        var labels = string.Join(
            ", ",
            (await team.OwnLabelsAsync()).Select(label => label.Replace("=", ": ", StringComparison.Ordinal))
        );
        var large = string.Concat(
            Enumerable.Repeat(
                $", {{ apiGroup: rbac.authorization.k8s.io, kind: User, name: {new string('x', 10_000)} }}",
                100
            )
        );
        await team.Cluster.CreateAsync(
            string.Join(
                "\n---\n",
                Enumerable
                    .Range(0, count)
                    .Select(i =>
                        $$"""
                            apiVersion: rbac.authorization.k8s.io/v1
                            kind: RoleBinding
                            metadata: { name: large-{{i}}, namespace: {{team.Namespace}}, labels: { {{labels}} } }
                            roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view }
                            subjects: [{ apiGroup: rbac.authorization.k8s.io, kind: User, name: {{team.Stranger.UserName}} }{{large}}]
                            """
                    )
            )
        );
        await team.Cluster.LabelBindingAsync(team.Namespace, $"jit-{id}", "jit-access/request-");

        await Eventually.Async(
            () => team.DriftAsync(id),
            found => found.Count > 0,
            "the grant is looked after all the same"
        );
        await Eventually.Async(
            async () => await team.Cluster.AdminAsync("get", "rolebindings", "-n", team.Namespace, "-o", "name"),
            names => !names.Contains("large", StringComparison.Ordinal),
            "they are gone"
        );
        await team.ReconcilerRunsAsync();
        var events = (await team.As(team.Auditor).AuditAsync())
            .Where(e => e.At("type") == "stray_binding_removed" && e.At("data.namespace") == team.Namespace)
            .ToList();
        Assert.Equal(
            count,
            events.Sum(e => int.Parse(e.At("data.count") ?? "1", System.Globalization.CultureInfo.InvariantCulture))
        );
        Assert.Each(
            events,
            e => Assert.Equal($"User/{team.Stranger.UserName}", e["data"]!["subjects"]![0]!.ToString())
        );
        Assert.True(await team.Cluster.HasBindingAsync(team.Namespace, $"jit-{id}"));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("7h2k9m3xq0ab")]
    public async Task A_binding_of_another_installation_or_of_nobody_is_left_alone_and_reported(string? installation)
    {
        var team = await Team.SetAsync(fixture.Platform);
        await team.GrantAsync();
        await team.Cluster.CreateBindingAsync(team.Namespace, "jit-000000000000", "view", team.Stranger.UserName);
        await team.Cluster.LabelBindingAsync(
            team.Namespace,
            "jit-000000000000",
            installation is null ? [Ours] : [Ours, $"jit-access/installation={installation}"]
        );

        var report = await team.ReportAsync(TimeProvider.System.GetUtcNow(), "ReconcileClusters");

        var finding = Assert.Single(
            report["findings"]!.AsArray(),
            found => (found!.At("kind"), found!.At("subject")) == ("object-foreign", "demo")
        )!;
        Assert.Contains(
            $"RoleBinding {team.Namespace}/jit-000000000000",
            finding.At("detail"),
            StringComparison.Ordinal
        );
        Assert.Contains(
            installation ?? "without the label of an installation",
            finding.At("detail"),
            StringComparison.Ordinal
        );
        Assert.True(await team.Cluster.HasBindingAsync(team.Namespace, "jit-000000000000"));
        await team.Cluster.DeleteBindingAsync(team.Namespace, "jit-000000000000");
    }

    [Fact]
    public async Task A_binding_named_after_a_request_but_labelled_for_another_installation_is_reported()
    {
        var team = await Team.SetAsync(fixture.Platform);
        var id = await team.AskAsync();
        await team.As(team.Alice).DoAsync(id, "withdraw");
        await ClaimAsync(team, id, $"jit-{id}", [Ours, "jit-access/installation=7h2k9m3xq0ab"]);

        var report = await team.ReportAsync(TimeProvider.System.GetUtcNow(), "ReconcileClusters");

        var finding = Assert.Single(
            report["findings"]!.AsArray(),
            found => (found!.At("kind"), found!.At("subject")) == ("object-foreign", id)
        )!;
        Assert.Contains($"RoleBinding {team.Namespace}/jit-{id}", finding.At("detail"), StringComparison.Ordinal);
        Assert.True(await team.Cluster.HasBindingAsync(team.Namespace, $"jit-{id}"));
    }

    [Fact]
    public async Task Those_whose_names_mean_something_in_an_address_are_removed_all_the_same()
    {
        var team = await Team.SetAsync(fixture.Platform);
        await team.Cluster.CreateBindingAsync(team.Namespace, "stray", "view", team.Alice.UserName);
        var labels = string.Join(
            ", ",
            (await team.OwnLabelsAsync()).Select(label => label.Replace("=", ": ", StringComparison.Ordinal))
        );
        foreach (var name in new[] { "stray?x=1", "stray#y", "z\\..\\stray", "stray \"é\"" })
            await team.Cluster.ApplyAsync(Binding(team, name, labels));
        await team.Cluster.ApplyAsync(
            $$"""
            apiVersion: rbac.authorization.k8s.io/v1
            kind: Role
            metadata: { name: "role?x=1", namespace: {{team.Namespace}}, labels: { {{labels}} } }
            rules: []
            """
        );

        await team.Cluster.MayNotReadSoonAsync(team.Stranger, team.Namespace);
        await Eventually.Async(
            () => team.Cluster.AdminAsync("get", "roles,rolebindings", "-n", team.Namespace, "-l", Ours, "-o", "name"),
            left => left == "",
            "all are gone"
        );
        Assert.True(await team.Cluster.HasBindingAsync(team.Namespace, "stray"));
    }

    [Fact]
    public async Task A_binding_of_somebody_else_is_left_alone()
    {
        var team = await Team.SetAsync(fixture.Platform);
        await team.Cluster.CreateBindingAsync(team.Namespace, "jit-looks-like-ours", "view", team.Stranger.UserName);
        await team.ReconcilerRunsAsync();
        Assert.True(await team.Cluster.HasBindingAsync(team.Namespace, "jit-looks-like-ours"));
    }

    private static string Binding(Team team, string name, string labels) =>
        $$"""
            apiVersion: rbac.authorization.k8s.io/v1
            kind: RoleBinding
            metadata: { name: {{JsonValue.Create(
                name
            ).ToJsonString()}}, namespace: {{team.Namespace}}, labels: { {{labels}} } }
            roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: edit }
            subjects: [{ apiGroup: rbac.authorization.k8s.io, kind: User, name: {{team.Stranger.UserName}} }]
            """;

    // Without the label of an installation, as versions before there was one made them.
    private static async Task ClaimAsync(Team team, string id, string name, IReadOnlyList<string>? labels = null)
    {
        await team.Cluster.CreateBindingAsync(team.Namespace, name, "edit", team.Stranger.UserName);
        await team.Cluster.LabelBindingAsync(team.Namespace, name, [.. labels ?? [Ours], $"jit-access/request={id}"]);
    }

    private static async Task IsRemovedAsync(Team team, string id, string name)
    {
        await Eventually.Async(
            async () => !await team.Cluster.HasBindingAsync(team.Namespace, name),
            "the stray binding is gone"
        );
        var drift = Assert.Single(
            await Eventually.Async(() => team.DriftAsync(id), found => found.Count > 0, "the drift is reported")
        );
        Assert.Equal(
            ("stray", "removed", name, team.Namespace),
            (drift.At("kind"), drift.At("remedy"), drift.At("name"), drift.At("namespace"))
        );
        Assert.Contains(team.Stranger.UserName, drift.At("detail"), StringComparison.Ordinal);
        await team.Cluster.MayNotReadSoonAsync(team.Stranger, team.Namespace);
    }
}
