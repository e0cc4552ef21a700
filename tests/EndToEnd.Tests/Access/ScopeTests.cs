using System.Text.Json.Nodes;

namespace JitFunctions.EndToEnd.Tests.Access;

public sealed class ScopeTests(Stage stage)
{
    [Fact]
    public async Task Cluster_wide_rights_come_and_go_with_one_ClusterRoleBinding()
    {
        var scene = await Scene.SetAsync(stage.Platform);
        var grant = await scene.GrantAsync(
            scene.Terms(role: "ClusterRole/view").With("namespaces", null).With("clusterWide", true)
        );
        var name = $"jit-{grant.Id()}";

        var binding = Assert.Single(grant["bindings"]!.AsArray())!;
        Assert.Equal((name, null), (binding.At("name"), binding.At("namespace")));
        Assert.Equal(
            $"ClusterRole/view User/{scene.Alice.UserName}",
            await scene.Cluster.BindingAsync(null, name, Gives)
        );
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
        Assert.Equal(
            [scene.Namespace, second],
            grant["bindings"]!.AsArray().Select(binding => binding!.At("namespace"))
        );

        await scene.As(scene.Bob).DoAsync(grant.Id(), "revoke");
        await scene.As(scene.Alice).WaitForAsync(grant.Id(), "ended");
        await scene.Cluster.MayNotReadSoonAsync(scene.Alice, scene.Namespace);
        await scene.Cluster.MayNotReadSoonAsync(scene.Alice, second);
    }

    [Fact]
    public async Task A_Role_of_the_namespace_gives_what_it_says_and_no_more()
    {
        var scene = await Scene.SetAsync(stage.Platform);
        await scene.Cluster.AdminAsync(
            "create",
            "role",
            "debugger",
            "--verb=get,list",
            "--resource=pods",
            "-n",
            scene.Namespace
        );

        var grant = await scene.GrantAsync(scene.Terms(role: "Role/debugger"));

        Assert.Equal(
            $"Role/debugger User/{scene.Alice.UserName}",
            await scene.Cluster.BindingAsync(scene.Namespace, $"jit-{grant.Id()}", Gives)
        );
        await Eventually.Async(
            () => scene.Cluster.MayReadAsync(scene.Alice, scene.Namespace, "pods"),
            "alice reads pods"
        );
        Assert.False(await scene.Cluster.MayReadAsync(scene.Alice, scene.Namespace, "configmaps"));
    }

    [Fact]
    public async Task Where_one_namespace_is_gone_by_the_approval_the_request_fails_and_leaves_nothing_behind()
    {
        var scene = await Scene.SetAsync(stage.Platform);
        var gone = $"{scene.Namespace}-gone";
        await scene.Cluster.CreateNamespaceAsync(gone);
        var id = await scene.AskAsync(scene.Terms(namespaces: [scene.Namespace, gone]));
        await scene.Cluster.AdminAsync("delete", "namespace", gone);

        var failed = await FailAsync(scene, id);

        Assert.Contains(gone, failed.At("ending.comment"), StringComparison.Ordinal);
        Assert.False(await scene.Cluster.HasBindingAsync(scene.Namespace, $"jit-{failed.Id()}"));
        Assert.False(await scene.Cluster.MayReadAsync(scene.Alice, scene.Namespace));
    }

    [Theory]
    [InlineData("ClusterRole/missing")]
    [InlineData("Role/debugger")] // it is in another namespace
    public async Task A_role_that_is_not_there_cannot_be_asked_for(string role)
    {
        var scene = await Scene.SetAsync(stage.Platform);
        var refused = (await scene.As(scene.Alice).PostAsync("/api/requests", scene.Terms(role: role))).ExpectProblem(
            422,
            "unknown-role"
        );
        Assert.Contains(role, refused.Json.At("detail"), StringComparison.Ordinal);
        await scene.NothingIsWrittenAsync();
    }

    [Fact]
    public async Task A_role_that_the_controller_may_not_bind_fails_the_request()
    {
        var scene = await Scene.SetAsync(stage.Platform);
        var failed = await FailAsync(scene, await scene.AskAsync(scene.Terms(role: "ClusterRole/admin")));

        Assert.Contains("is forbidden", failed.At("ending.comment"), StringComparison.Ordinal);
        Assert.False(await scene.Cluster.HasBindingAsync(scene.Namespace, $"jit-{failed.Id()}"));
    }

    [Fact]
    public async Task A_role_that_is_gone_by_the_approval_fails_the_request()
    {
        var scene = await Scene.SetAsync(stage.Platform);
        await scene.Cluster.AdminAsync(
            "create",
            "role",
            "debugger",
            "--verb=get,list",
            "--resource=pods",
            "-n",
            scene.Namespace
        );
        var id = await scene.AskAsync(scene.Terms(role: "Role/debugger"));
        await scene.Cluster.AdminAsync("delete", "role", "debugger", "-n", scene.Namespace);

        await scene.As(scene.Bob).ApproveAsync(id);

        Assert.Contains(
            "Role/debugger",
            (await scene.As(scene.Alice).WaitForAsync(id, "failed")).At("ending.comment"),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_role_that_allows_more_than_was_approved_is_not_given()
    {
        var scene = await Scene.SetAsync(stage.Platform);
        await scene.Cluster.AdminAsync(
            "create",
            "role",
            "debugger",
            "--verb=get,list",
            "--resource=pods",
            "-n",
            scene.Namespace
        );
        var id = await scene.AskAsync(scene.Terms(role: "Role/debugger"));
        await scene.Cluster.AdminAsync(
            "patch",
            "role",
            "debugger",
            "-n",
            scene.Namespace,
            "--type=json",
            """--patch=[{"op":"add","path":"/rules/0/resources/-","value":"secrets"}]"""
        );

        await scene.As(scene.Bob).ApproveAsync(id);

        Assert.Contains(
            "no longer allows what it did",
            (await scene.As(scene.Alice).WaitForAsync(id, "failed")).At("ending.comment"),
            StringComparison.Ordinal
        );
        Assert.False(await scene.Cluster.MayReadAsync(scene.Alice, scene.Namespace, "secrets"));
    }

    private const string Gives = "{.roleRef.kind}/{.roleRef.name} {.subjects[*].kind}/{.subjects[*].name}";

    private static async Task<JsonObject> FailAsync(Scene scene, string id)
    {
        await scene.As(scene.Bob).ApproveAsync(id);
        var failed = await scene.As(scene.Alice).WaitForAsync(id, "failed");
        Assert.Equal("activationFailed", failed.At("ending.cause"));
        Assert.DoesNotContain("access_activated", (await scene.As(scene.Alice).EventsAsync(id)).Types());
        return failed;
    }
}
