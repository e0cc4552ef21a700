using System.Text.Json.Nodes;

namespace JitFunctions.EndToEnd.Tests.Access;

/// <summary>Requests for namespaces in which nothing could be granted: they are refused when they are made.</summary>
public sealed class NamespaceTests(PlatformFixture fixture)
{
    private const string Adhoc = """[{ "resources": ["pods"], "verbs": ["get"], "resourceNames": ["consumer-1"] }]""";

    [Theory]
    [InlineData("ClusterRole/edit")]
    [InlineData("Role/debugger")] // a Role that is missing with its namespace is not what to mend
    public async Task A_namespace_that_does_not_exist_is_named_and_those_that_do_are_not(string role)
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
        var missing = $"{team.Namespace}-missing";

        var refused = await RefusedAsync(
            team,
            team.Terms(role: role, namespaces: [team.Namespace, missing]),
            "unknown-namespace"
        );

        Assert.Contains($"no namespace {missing}.", refused, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Requests_with_rules_of_their_own_are_no_exception()
    {
        var team = await Team.SetAsync(fixture.Platform, "rules");
        var missing = team.NamespaceOf("rules-missing");

        var refused = await RefusedAsync(
            team,
            team.Terms(namespaces: missing).With("role", null).With("rules", JsonNode.Parse(Adhoc)),
            "unknown-namespace"
        );

        Assert.Contains(missing, refused, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_namespace_that_is_being_deleted_is_none_to_ask_for()
    {
        var team = await Team.SetAsync(fixture.Platform);
        await team.Cluster.AdminAsync("create", "configmap", "held", "-n", team.Namespace);
        await team.Cluster.AdminAsync(
            "patch",
            "configmap",
            "held",
            "-n",
            team.Namespace,
            "--type=merge",
            """--patch={"metadata":{"finalizers":["tests.example.com/held"]}}"""
        );
        await team.Cluster.AdminAsync("delete", "namespace", team.Namespace, "--wait=false");
        try
        {
            Assert.Contains(
                team.Namespace,
                await RefusedAsync(team, team.Terms(), "namespace-terminating"),
                StringComparison.Ordinal
            );
        }
        finally
        {
            await team.Cluster.AdminAsync(
                "patch",
                "configmap",
                "held",
                "-n",
                team.Namespace,
                "--type=merge",
                """--patch={"metadata":{"finalizers":null}}"""
            );
        }
    }

    [Fact]
    public async Task Whom_no_policy_covers_there_does_not_learn_which_namespaces_exist()
    {
        var team = await Team.SetAsync(fixture.Platform);
        foreach (var ns in new[] { team.Namespace, $"{team.Namespace}-missing" })
            (await team.As(team.Stranger).PostAsync("/api/requests", team.Terms(namespaces: ns))).ExpectProblem(
                403,
                "not-covered"
            );
    }

    // The simulation says beforehand what the request would be refused with.
    private static async Task<string> RefusedAsync(Team team, JsonObject terms, string code)
    {
        var simulated = (await team.As(team.Alice).PostAsync("/api/policies/simulate", terms)).Json;
        Assert.Equal((false, code), ((bool)simulated["covered"]!, simulated.At("code")));
        var refused = (await team.As(team.Alice).PostAsync("/api/requests", terms)).ExpectProblem(422, code);
        await team.NothingIsWrittenAsync();
        return refused.Json.At("detail")!;
    }
}
