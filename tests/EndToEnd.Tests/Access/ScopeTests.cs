using System.Text.Json.Nodes;

namespace JitFunctions.EndToEnd.Tests.Access;

public sealed class ScopeTests(Stage stage)
{
    [Fact]
    public async Task Cluster_wide_rights_come_and_go_with_one_ClusterRoleBinding()
    {
        var scene = await Scene.SetAsync(stage.Platform);
        var grant = await scene.GrantAsync(scene.Terms(role: "ClusterRole/view").With("namespaces", null).With("clusterWide", true));
        var name = $"jit-{grant.Id()}";

        var binding = Assert.Single(grant["bindings"]!.AsArray())!;
        Assert.Equal((name, null), (binding.At("name"), binding.At("namespace")));
        Assert.Equal($"ClusterRole/view User/{scene.Alice.UserName}", await scene.Cluster.BindingAsync(null, name, Gives));
        await scene.Cluster.MayReadSoonAsync(scene.Alice, scene.Namespace);
        await scene.Cluster.MayReadSoonAsync(scene.Alice, "default");

        await scene.As(scene.Alice).DoAsync(grant.Id(), "relinquish");
        await scene.As(scene.Alice).WaitForAsync(grant.Id(), "ended");
        Assert.False(await scene.Cluster.HasBindingAsync(null, name));
        await scene.Cluster.MayNotReadSoonAsync(scene.Alice, "default");
    }

    [Fact]
    public async Task One_request_for_several_namespaces_opens_these_and_no_other()
    {
        var scene = await Scene.SetAsync(stage.Platform);
        var (second, third) = ($"{scene.Namespace}-b", $"{scene.Namespace}-c");
        await scene.Cluster.CreateNamespaceAsync(second);
        await scene.Cluster.CreateNamespaceAsync(third);

        var grant = await scene.GrantAsync(scene.Terms(namespaces: [scene.Namespace, second]));
        await scene.Cluster.MayReadSoonAsync(scene.Alice, scene.Namespace);
        await scene.Cluster.MayReadSoonAsync(scene.Alice, second);
        Assert.False(await scene.Cluster.MayReadAsync(scene.Alice, third));
        Assert.Equal([scene.Namespace, second], grant["bindings"]!.AsArray().Select(binding => binding!.At("namespace")));

        await scene.As(scene.Bob).DoAsync(grant.Id(), "revoke");
        await scene.As(scene.Alice).WaitForAsync(grant.Id(), "ended");
        await scene.Cluster.MayNotReadSoonAsync(scene.Alice, scene.Namespace);
        await scene.Cluster.MayNotReadSoonAsync(scene.Alice, second);
    }

    [Fact]
    public async Task A_Role_of_the_namespace_gives_what_it_says_and_no_more()
    {
        var scene = await Scene.SetAsync(stage.Platform);
        await scene.Cluster.AdminAsync("create", "role", "debugger", "--verb=get,list", "--resource=pods", "-n", scene.Namespace);

        var grant = await scene.GrantAsync(scene.Terms(role: "Role/debugger"));

        Assert.Equal($"Role/debugger User/{scene.Alice.UserName}", await scene.Cluster.BindingAsync(scene.Namespace, $"jit-{grant.Id()}", Gives));
        await Eventually.Async(() => scene.Cluster.MayReadAsync(scene.Alice, scene.Namespace, "pods"), "alice reads pods");
        Assert.False(await scene.Cluster.MayReadAsync(scene.Alice, scene.Namespace, "configmaps"));
    }

    [Fact]
    public async Task Where_one_namespace_is_missing_the_request_fails_and_leaves_nothing_behind()
    {
        var scene = await Scene.SetAsync(stage.Platform);
        var missing = $"{scene.Namespace}-missing";

        var failed = await FailAsync(scene, scene.Terms(namespaces: [scene.Namespace, missing]));

        Assert.Contains(missing, failed.At("ending.comment"), StringComparison.Ordinal);
        Assert.False(await scene.Cluster.HasBindingAsync(scene.Namespace, $"jit-{failed.Id()}"));
        Assert.False(await scene.Cluster.MayReadAsync(scene.Alice, scene.Namespace));
    }

    [Theory]
    [InlineData("ClusterRole/missing", "\"missing\" not found")]
    [InlineData("Role/debugger", "\"debugger\" not found")] // it is in another namespace
    [InlineData("ClusterRole/admin", "is forbidden")] // to the controller, which may not bind it
    public async Task A_role_that_cannot_be_given_fails_the_request(string role, string why)
    {
        var scene = await Scene.SetAsync(stage.Platform);
        var failed = await FailAsync(scene, scene.Terms(role: role));

        Assert.Contains(why, failed.At("ending.comment"), StringComparison.Ordinal);
        Assert.False(await scene.Cluster.HasBindingAsync(scene.Namespace, $"jit-{failed.Id()}"));
    }

    private const string Gives = "{.roleRef.kind}/{.roleRef.name} {.subjects[*].kind}/{.subjects[*].name}";

    private static async Task<JsonObject> FailAsync(Scene scene, JsonObject terms)
    {
        var id = await scene.AskAsync(terms);
        await scene.As(scene.Bob).ApproveAsync(id);
        var failed = await scene.As(scene.Alice).WaitForAsync(id, "failed");
        Assert.Equal("activationFailed", failed.At("ending.cause"));
        Assert.DoesNotContain("access_activated", (await scene.As(scene.Alice).EventsAsync(id)).Types());
        return failed;
    }
}
