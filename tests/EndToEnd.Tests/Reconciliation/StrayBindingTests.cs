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
        var (ns, name) = (namespaced ? scene.Namespace : null, $"by-hand-{scene.Namespace}");
        await scene.Cluster.CreateBindingAsync(ns, name, "view", scene.Stranger.UserName);
        Assert.True(await scene.Cluster.HasBindingAsync(ns, name));

        await scene.Cluster.LabelBindingAsync(ns, name, label is null ? [Ours] : [Ours, label]);

        await Eventually.Async(async () => !await scene.Cluster.HasBindingAsync(ns, name), "the stray binding is gone");
        var removal = await Eventually.Async(
            async () => (await scene.As(scene.Auditor).AuditAsync()).FirstOrDefault(e => e.At("data.name") == name), e => e is not null, "the removal is audited");
        Assert.Equal(("stray_binding_removed", "cluster-demo", "reconciler"), (removal!.At("type"), removal!.At("stream"), removal!.At("channel")));
        Assert.Equal((ns, "ClusterRole/view"), (removal!.At("data.namespace"), removal!.At("data.role")));
        Assert.Equal($"User/{scene.Stranger.UserName}", Assert.Single(removal!["data"]!["subjects"]!.AsArray())!.ToString());
    }

    [Fact]
    public async Task A_binding_for_a_request_that_is_over_is_removed_and_reported()
    {
        var scene = await Scene.SetAsync(stage.Platform);
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

        await ClaimAsync(scene, id, "borrowed");
        await Eventually.Async(async () => !await scene.Cluster.HasBindingAsync(scene.Namespace, "borrowed"), "the stray binding is gone");
        Assert.Empty(await scene.DriftAsync(id));
        Assert.True(await scene.Cluster.HasBindingAsync(scene.Namespace, $"jit-{id}"));
        await scene.Cluster.MayReadSoonAsync(scene.Alice, scene.Namespace);
    }

    [Fact]
    public async Task A_stray_that_clings_by_a_finalizer_is_removed_all_the_same_and_audited_once()
    {
        var scene = await Scene.SetAsync(stage.Platform);
        await scene.Cluster.CreateBindingAsync(scene.Namespace, "clinging", "edit", scene.Stranger.UserName);
        await scene.Cluster.PatchBindingAsync(scene.Namespace, "clinging", Finalizer);
        await scene.Cluster.LabelBindingAsync(scene.Namespace, "clinging", Ours);

        await scene.Cluster.MayNotReadSoonAsync(scene.Stranger, scene.Namespace);
        await scene.ReconcilerRunsAsync();
        Assert.Single(await scene.As(scene.Auditor).AuditAsync(), e => e.At("data.name") == "clinging" && e.At("data.namespace") == scene.Namespace);
    }

    [Fact]
    public async Task A_binding_of_somebody_else_is_left_alone()
    {
        var scene = await Scene.SetAsync(stage.Platform);
        await scene.Cluster.CreateBindingAsync(scene.Namespace, "jit-looks-like-ours", "view", scene.Stranger.UserName);
        await scene.ReconcilerRunsAsync();
        Assert.True(await scene.Cluster.HasBindingAsync(scene.Namespace, "jit-looks-like-ours"));
    }

    private static async Task ClaimAsync(Scene scene, string id, string name)
    {
        await scene.Cluster.CreateBindingAsync(scene.Namespace, name, "edit", scene.Stranger.UserName);
        await scene.Cluster.LabelBindingAsync(scene.Namespace, name, Ours, $"jit-access/request={id}");
    }

    private static async Task IsRemovedAsync(Scene scene, string id, string name)
    {
        await Eventually.Async(async () => !await scene.Cluster.HasBindingAsync(scene.Namespace, name), "the stray binding is gone");
        var drift = Assert.Single(await Eventually.Async(() => scene.DriftAsync(id), found => found.Count > 0, "the drift is reported"));
        Assert.Equal(("stray", "removed", name, scene.Namespace), (drift.At("kind"), drift.At("remedy"), drift.At("name"), drift.At("namespace")));
        Assert.Contains(scene.Stranger.UserName, drift.At("detail"), StringComparison.Ordinal);
        await scene.Cluster.MayNotReadSoonAsync(scene.Stranger, scene.Namespace);
    }
}
