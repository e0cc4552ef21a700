using System.Text.Json.Nodes;

namespace JitFunctions.EndToEnd.Tests.Access;

public sealed class ScopeTests(PlatformFixture fixture)
{
    [Fact]
    public async Task Cluster_wide_rights_come_and_go_with_one_ClusterRoleBinding()
    {
        var team = await Team.SetAsync(fixture.Platform);
        var grant = await team.GrantAsync(
            team.Terms(role: "ClusterRole/view").With("namespaces", null).With("clusterWide", true)
        );
        var name = $"jit-{grant.Id()}";

        var binding = Assert.Single(grant["bindings"]!.AsArray())!;
        Assert.Equal((name, null), (binding.At("name"), binding.At("namespace")));
        Assert.Equal(
            $"ClusterRole/view User/{team.Alice.UserName}",
            await team.Cluster.BindingAsync(null, name, Gives)
        );
        await team.Cluster.MayReadSoonAsync(team.Alice, team.Namespace);
        await team.Cluster.MayReadSoonAsync(team.Alice, "default");

        await team.As(team.Alice).DoAsync(grant.Id(), "relinquish");
        await team.As(team.Alice).WaitForAsync(grant.Id(), "ended");
        Assert.False(await team.Cluster.HasBindingAsync(null, name));
        await team.Cluster.MayNotReadSoonAsync(team.Alice, "default");
    }

    [Fact]
    public async Task One_request_for_several_namespaces_opens_these_and_no_other()
    {
        var team = await Team.SetAsync(fixture.Platform);
        var (second, third) = ($"{team.Namespace}-b", $"{team.Namespace}-c");
        await team.Cluster.CreateNamespaceAsync(second);
        await team.Cluster.CreateNamespaceAsync(third);

        var grant = await team.GrantAsync(team.Terms(namespaces: [team.Namespace, second]));
        await team.Cluster.MayReadSoonAsync(team.Alice, team.Namespace);
        await team.Cluster.MayReadSoonAsync(team.Alice, second);
        Assert.False(await team.Cluster.MayReadAsync(team.Alice, third));
        Assert.Equal(
            [team.Namespace, second],
            grant["bindings"]!.AsArray().Select(binding => binding!.At("namespace"))
        );

        await team.As(team.Bob).DoAsync(grant.Id(), "revoke");
        await team.As(team.Alice).WaitForAsync(grant.Id(), "ended");
        await team.Cluster.MayNotReadSoonAsync(team.Alice, team.Namespace);
        await team.Cluster.MayNotReadSoonAsync(team.Alice, second);
    }

    [Fact]
    public async Task A_Role_of_the_namespace_gives_what_it_says_and_no_more()
    {
        var team = await Team.SetAsync(fixture.Platform);
        await team.Cluster.AdminAsync(
            "create",
            "role",
            "debugger",
            "--verb=get,list",
            "--resource=pods",
            "-n",
            team.Namespace
        );

        var grant = await team.GrantAsync(team.Terms(role: "Role/debugger"));

        Assert.Equal(
            $"Role/debugger User/{team.Alice.UserName}",
            await team.Cluster.BindingAsync(team.Namespace, $"jit-{grant.Id()}", Gives)
        );
        await Eventually.Async(() => team.Cluster.MayReadAsync(team.Alice, team.Namespace, "pods"), "alice reads pods");
        Assert.False(await team.Cluster.MayReadAsync(team.Alice, team.Namespace, "configmaps"));
    }

    [Fact]
    public async Task Where_one_namespace_is_gone_by_the_approval_the_request_fails_and_leaves_nothing_behind()
    {
        var team = await Team.SetAsync(fixture.Platform);
        var gone = $"{team.Namespace}-gone";
        await team.Cluster.CreateNamespaceAsync(gone);
        var id = await team.AskAsync(team.Terms(namespaces: [team.Namespace, gone]));
        await team.Cluster.AdminAsync("delete", "namespace", gone);

        var failed = await FailAsync(team, id);

        Assert.Contains(gone, failed.At("ending.comment"), StringComparison.Ordinal);
        Assert.False(await team.Cluster.HasBindingAsync(team.Namespace, $"jit-{failed.Id()}"));
        Assert.False(await team.Cluster.MayReadAsync(team.Alice, team.Namespace));
    }

    [Theory]
    [InlineData("ClusterRole/missing")]
    [InlineData("Role/debugger")] // it is in another namespace
    public async Task A_role_that_is_not_there_cannot_be_asked_for(string role)
    {
        var team = await Team.SetAsync(fixture.Platform);
        var refused = (await team.As(team.Alice).PostAsync("/api/requests", team.Terms(role: role))).ExpectProblem(
            422,
            "unknown-role"
        );
        Assert.Contains(role, refused.Json.At("detail"), StringComparison.Ordinal);
        await team.NothingIsWrittenAsync();
    }

    [Fact]
    public async Task A_role_that_the_controller_may_not_bind_fails_the_request()
    {
        var team = await Team.SetAsync(fixture.Platform);
        var failed = await FailAsync(team, await team.AskAsync(team.Terms(role: "ClusterRole/admin")));

        Assert.Contains("is forbidden", failed.At("ending.comment"), StringComparison.Ordinal);
        Assert.False(await team.Cluster.HasBindingAsync(team.Namespace, $"jit-{failed.Id()}"));
    }

    [Fact]
    public async Task A_role_that_is_gone_by_the_approval_fails_the_request()
    {
        var team = await Team.SetAsync(fixture.Platform);
        await team.Cluster.AdminAsync(
            "create",
            "role",
            "debugger",
            "--verb=get,list",
            "--resource=pods",
            "-n",
            team.Namespace
        );
        var id = await team.AskAsync(team.Terms(role: "Role/debugger"));
        await team.Cluster.AdminAsync("delete", "role", "debugger", "-n", team.Namespace);

        await team.As(team.Bob).ApproveAsync(id);

        Assert.Contains(
            "Role/debugger",
            (await team.As(team.Alice).WaitForAsync(id, "failed")).At("ending.comment"),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_role_that_allows_more_than_was_approved_is_not_given()
    {
        var team = await Team.SetAsync(fixture.Platform);
        await team.Cluster.AdminAsync(
            "create",
            "role",
            "debugger",
            "--verb=get,list",
            "--resource=pods",
            "-n",
            team.Namespace
        );
        var id = await team.AskAsync(team.Terms(role: "Role/debugger"));
        await team.Cluster.AdminAsync(
            "patch",
            "role",
            "debugger",
            "-n",
            team.Namespace,
            "--type=json",
            """--patch=[{"op":"add","path":"/rules/0/resources/-","value":"secrets"}]"""
        );

        await team.As(team.Bob).ApproveAsync(id);

        Assert.Contains(
            "no longer allows what it did",
            (await team.As(team.Alice).WaitForAsync(id, "failed")).At("ending.comment"),
            StringComparison.Ordinal
        );
        Assert.False(await team.Cluster.MayReadAsync(team.Alice, team.Namespace, "secrets"));
    }

    private const string Gives = "{.roleRef.kind}/{.roleRef.name} {.subjects[*].kind}/{.subjects[*].name}";

    private static async Task<JsonObject> FailAsync(Team team, string id)
    {
        await team.As(team.Bob).ApproveAsync(id);
        var failed = await team.As(team.Alice).WaitForAsync(id, "failed");
        Assert.Equal("activationFailed", failed.At("ending.cause"));
        Assert.DoesNotContain("access_activated", (await team.As(team.Alice).EventsAsync(id)).Types());
        return failed;
    }
}
