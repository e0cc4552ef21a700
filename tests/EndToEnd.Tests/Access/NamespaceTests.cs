using System.Text.Json.Nodes;

namespace JitFunctions.EndToEnd.Tests.Access;

/// <summary>Requests for namespaces in which nothing could be granted: they are refused when they are made.</summary>
public sealed class NamespaceTests(Stage stage)
{
    private const string Adhoc = """[{ "resources": ["pods"], "verbs": ["get"], "resourceNames": ["consumer-1"] }]""";

    [Theory]
    [InlineData("ClusterRole/edit")]
    [InlineData("Role/debugger")] // a Role that is missing with its namespace is not what to mend
    public async Task A_namespace_that_does_not_exist_is_named_and_those_that_do_are_not(string role)
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
        var missing = $"{scene.Namespace}-missing";

        var refused = await RefusedAsync(
            scene,
            scene.Terms(role: role, namespaces: [scene.Namespace, missing]),
            "unknown-namespace"
        );

        Assert.Contains($"no namespace {missing}.", refused, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Requests_with_rules_of_their_own_are_no_exception()
    {
        var scene = await Scene.SetAsync(stage.Platform, "rules");
        var missing = scene.NamespaceOf("rules-missing");

        var refused = await RefusedAsync(
            scene,
            scene.Terms(namespaces: missing).With("role", null).With("rules", JsonNode.Parse(Adhoc)),
            "unknown-namespace"
        );

        Assert.Contains(missing, refused, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_namespace_that_is_being_deleted_is_none_to_ask_for()
    {
        var scene = await Scene.SetAsync(stage.Platform);
        await scene.Cluster.AdminAsync("create", "configmap", "held", "-n", scene.Namespace);
        await scene.Cluster.AdminAsync(
            "patch",
            "configmap",
            "held",
            "-n",
            scene.Namespace,
            "--type=merge",
            """--patch={"metadata":{"finalizers":["tests.example.com/held"]}}"""
        );
        await scene.Cluster.AdminAsync("delete", "namespace", scene.Namespace, "--wait=false");
        try
        {
            Assert.Contains(
                scene.Namespace,
                await RefusedAsync(scene, scene.Terms(), "namespace-terminating"),
                StringComparison.Ordinal
            );
        }
        finally
        {
            await scene.Cluster.AdminAsync(
                "patch",
                "configmap",
                "held",
                "-n",
                scene.Namespace,
                "--type=merge",
                """--patch={"metadata":{"finalizers":null}}"""
            );
        }
    }

    [Fact]
    public async Task Whom_no_policy_covers_there_does_not_learn_which_namespaces_exist()
    {
        var scene = await Scene.SetAsync(stage.Platform);
        foreach (var ns in new[] { scene.Namespace, $"{scene.Namespace}-missing" })
            (await scene.As(scene.Stranger).PostAsync("/api/requests", scene.Terms(namespaces: ns))).ExpectProblem(
                403,
                "not-covered"
            );
    }

    // The simulation says beforehand what the request would be refused with.
    private static async Task<string> RefusedAsync(Scene scene, JsonObject terms, string code)
    {
        var simulated = (await scene.As(scene.Alice).PostAsync("/api/policies/simulate", terms)).Json;
        Assert.Equal((false, code), ((bool)simulated["covered"]!, simulated.At("code")));
        var refused = (await scene.As(scene.Alice).PostAsync("/api/requests", terms)).ExpectProblem(422, code);
        await scene.NothingIsWrittenAsync();
        return refused.Json.At("detail")!;
    }
}
