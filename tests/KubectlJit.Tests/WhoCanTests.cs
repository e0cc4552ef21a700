using System.Text.Json.Nodes;
using JitFunctions.KubectlJit.Terminal;

namespace JitFunctions.KubectlJit.Tests;

public sealed class WhoCanTests : ServerTests
{
    private const string Route = "/api/policies/who-can";

    [Fact]
    public async Task Each_policy_says_who_by_what_and_with_whose_approval()
    {
        Server.Policies[Route] = """
            { "items": [
              { "policy": "payments-on-call", "source": "payments.yaml:3", "groups": ["payments-devs"], "users": ["zoe@example.com"],
                "exceptGroups": ["interns"], "exceptUsers": ["eve@example.com"], "by": ["ClusterRole/edit", "rules"], "automatic": false,
                "requirements": [{ "groups": ["payments-leads"], "count": 1 }] },
              { "policy": "readers", "source": "readers.yaml:1", "groups": ["everyone"], "by": ["ClusterRole/view"], "automatic": true,
                "requirements": [{ "groups": ["sre"], "count": 1 }] } ],
              "unresolved": [] }
            """;
        using var plugin = new Plugin(Server);

        var run = await plugin.RunAsync(
            "who-can",
            "get",
            "secrets",
            "--cluster",
            "prod-eu",
            "-n",
            "payments",
            "-o",
            "wide"
        );

        Assert.Equal((ExitCode.Ok, ""), (run.Code, run.Error));
        Assert.Equal(
            [
                "POLICY             WHO                                         EXCEPT                           "
                    + "     BY                        APPROVAL                                            SOURCE",
                "payments-on-call   group payments-devs, user zoe@example.com   group interns, user "
                    + "eve@example.com   ClusterRole/edit, rules   1 of payments-leads                                 "
                    + "payments.yaml:3",
                "readers            group everyone                              <none>                           "
                    + "     ClusterRole/view          automatic where the policy says so, else 1 of sre   "
                    + "readers.yaml:1",
            ],
            run.OutLines
        );
        JsonAssert.Equal(
            """{"cluster":"prod-eu","namespace":"payments","verb":"get","resource":"secrets"}""",
            Assert.Single(Server.Calls).Body
        );
        Assert.Each(
            (await plugin.RunAsync("who-can", "get", "secrets", "--cluster", "prod-eu", "-n", "payments")).OutLines,
            line => Assert.InRange(line.Length, 1, 80)
        );
    }

    [Theory]
    [InlineData("deployments.apps", "deployments", "apps")]
    [InlineData("deployments.apps/scale", "deployments/scale", "apps")]
    [InlineData("pods/exec", "pods/exec", null)]
    public async Task A_resource_is_written_as_for_kubectl(string text, string resource, string? group)
    {
        Server.Policies[Route] = """{ "items": [] }""";
        using var plugin = new Plugin(Server);

        await plugin.RunAsync("who-can", "create", text, "--cluster", "c", "--cluster-wide", "--resource-name", "x");

        var expected = new JsonObject
        {
            ["cluster"] = "c",
            ["clusterWide"] = true,
            ["verb"] = "create",
            ["resource"] = resource,
        };
        if (group is not null)
            expected["apiGroup"] = group;
        expected["name"] = "x";
        JsonAssert.Equal(expected.ToJsonString(), Assert.Single(Server.Calls).Body);
    }

    [Fact]
    public async Task An_empty_answer_says_what_to_check_and_which_roles_could_not_be_resolved()
    {
        Server.Policies[Route] = """{ "items": [], "unresolved": ["ClusterRole/debugger is not there\u001b[2K"] }""";
        using var plugin = new Plugin(Server);

        var run = await plugin.RunAsync("who-can", "reed", "secrets", "--cluster", "c", "-n", "a");

        Assert.Equal(
            [
                "Warning: 'reed' is not a standard resource verb",
                "No policy lets anybody get this; check that verb and resource are written as in a role.",
                "There may be more: this could not be resolved:",
                "  ClusterRole/debugger is not there [2K",
            ],
            run.ErrorLines
        );
        Assert.Empty(run.Out);
    }

    [Theory]
    [InlineData("who-can get secrets --cluster c", "where")]
    [InlineData("who-can get secrets --cluster c -n a --cluster-wide", "where")]
    [InlineData("who-can get secrets -n a", "which cluster")]
    [InlineData("who-can get secret --cluster c -n a", "not in the core group")]
    [InlineData("who-can get deployments --cluster c -n a", "write deployments.apps")]
    [InlineData("who-can get --cluster c -n a", "argument missing")]
    public async Task A_question_that_would_have_a_misleading_answer_is_not_asked(string command, string about)
    {
        using var plugin = new Plugin(Server);

        var run = await plugin.RunAsync(command.Split(' '));

        Assert.Equal(ExitCode.Usage, run.Code);
        Assert.Contains(about, run.ErrorLines[0], StringComparison.OrdinalIgnoreCase);
        Assert.Empty(Server.Calls);
    }

    [Fact]
    public async Task Json_is_the_servers_own()
    {
        Server.Policies[Route] = """{"items":[{"policy":"p","new":[1]}],"unresolved":["x"]}""";
        using var plugin = new Plugin(Server);

        var run = await plugin.RunAsync("who-can", "get", "secrets", "--cluster", "c", "-n", "a", "-o", "json");

        JsonAssert.Equal(Server.Policies[Route], run.Out);
        Assert.Contains("There may be more", run.Error, StringComparison.Ordinal);
    }
}
