using JitFunctions.KubectlJit.Terminal;

namespace JitFunctions.KubectlJit.Tests;

public sealed class RuleTests : ServerTests
{
    private static readonly string[] Ask = ["request", "--cluster", "c", "-n", "a", "--reason", "r"];

    [Fact]
    public async Task Flags_as_of_kubectl_create_role_make_one_rule()
    {
        await SendsAsync(
            """[{"verbs":["get","delete"],"apiGroups":[""],"resources":["pods","pods/log"],"resourceNames":["consumer-1","a,b"]}]""",
            "--verb",
            "get,delete",
            "--resource",
            "pods,pods/log",
            "--resource-name",
            "consumer-1",
            "--resource-name",
            "a,b"
        );
    }

    [Fact]
    public async Task Without_names_there_is_no_list_of_names()
    {
        await SendsAsync(
            """[{"verbs":["get","list"],"apiGroups":[""],"resources":["pods"]}]""",
            "--verb",
            "get",
            "--verb",
            "list,get",
            "--resource",
            "pods",
            "--resource",
            "pods"
        );
    }

    [Fact]
    public async Task Each_group_has_a_rule_of_its_own_so_that_none_is_meant_in_another()
    {
        await SendsAsync(
            """
            [{"verbs":["get"],"apiGroups":[""],"resources":["pods","services"]},
             {"verbs":["get"],"apiGroups":["apps"],"resources":["deployments","deployments/scale"]},
             {"verbs":["get"],"apiGroups":["networking.k8s.io"],"resources":["ingresses"]}]
            """,
            "--verb",
            "get",
            "--resource",
            "pods,deployments.apps,deployments.apps/scale,ingresses.networking.k8s.io,services"
        );
    }

    [Theory]
    [InlineData("deployments", "'deployments' is of the group apps: write deployments.apps")]
    [InlineData("deployments/scale", "write deployments.apps/scale")]
    [InlineData("po", "'po' is not in the core group")]
    [InlineData("Pods", "'Pods' is not in the core group")]
    [InlineData("secret", "'secret' is not in the core group")]
    [InlineData("pods/", "'pods/' is no resource")]
    [InlineData("pods/a/b", "'pods/a/b' is no resource")]
    [InlineData(".apps", "'.apps' is no resource")]
    [InlineData("deployments.", "'deployments.' is no resource")]
    public async Task A_resource_that_would_name_nothing_is_refused(string resource, string why)
    {
        using var plugin = new Plugin(Server);

        var run = await plugin.RunAsync([.. Ask, "--verb", "get", "--resource", resource]);

        Assert.Equal(ExitCode.Usage, run.Code);
        Assert.Contains(why, run.ErrorLines[0], StringComparison.Ordinal);
        Assert.Empty(Server.Calls);
    }

    [Fact]
    public async Task A_name_that_is_empty_is_not_every_object()
    {
        using var plugin = new Plugin(Server);

        var run = await plugin.RunAsync([.. Ask, "--verb", "get", "--resource", "pods", "--resource-name", ""]);

        Assert.Equal(ExitCode.Usage, run.Code);
        Assert.Empty(Server.Calls);
    }

    [Fact]
    public async Task An_unusual_verb_is_warned_of_as_kubectl_does()
    {
        using var plugin = new Plugin(Server);

        var run = await plugin.RunAsync([.. Ask, "--verb", "get,remove", "--resource", "pods"]);

        Assert.Equal(ExitCode.Ok, run.Code);
        Assert.Equal("Warning: 'remove' is not a standard resource verb", run.ErrorLines[0]);
    }

    [Theory]
    [InlineData(
        """
            # what the runbook needs
            - apiGroups: [""]
              resources: [pods, pods/exec]
              verbs: ["get", "create"]
              resourceNames: [consumer-1]
            - apiGroups: [apps]
              resources: ["*"]
              verbs: ["*"]
            """
    )]
    [InlineData(
        """
            [{"apiGroups": [""], "resources": ["pods", "pods/exec"], "verbs": ["get", "create"], "resourceNames": ["consumer-1"]},
             {"apiGroups": ["apps"], "resources": ["*"], "verbs": ["*"]}]
            """
    )]
    public async Task A_file_holds_rules_as_a_role_does(string content)
    {
        using var plugin = new Plugin(Server);

        await plugin.RunAsync([.. Ask, "--rules-file", plugin.Write("rules", content)]);

        JsonAssert.Equal(
            """
            {"cluster":"c","namespaces":["a"],"reason":"r","rules":[
              {"verbs":["get","create"],"apiGroups":[""],"resources":["pods","pods/exec"],"resourceNames":["consumer-1"]},
              {"verbs":["*"],"apiGroups":["apps"],"resources":["*"]}]}
            """,
            Assert.Single(Server.Calls).Body
        );
    }

    [Fact]
    public async Task A_file_adds_to_the_flags()
    {
        using var plugin = new Plugin();
        await SendsAsync(
            """[{"verbs":["get"],"apiGroups":[""],"resources":["pods"]},{"verbs":["list"],"resources":["secrets"]}]""",
            "--verb",
            "get",
            "--resource",
            "pods",
            "--rules-file",
            plugin.Write("rules.yaml", "- {verbs: [list], resources: [secrets]}")
        );
    }

    [Theory]
    [InlineData("", "rules.yaml is empty")]
    [InlineData("[]", "rules.yaml:1: not a list of rules")]
    [InlineData("- pods", "rules.yaml:1: not a rule")]
    [InlineData("kind: Role\nrules:\n- {verbs: [get], resources: [pods]}", "rules.yaml:1: not a list of rules")]
    [InlineData(
        "- {verbs: [get], resources: [pods], resourceNames: []}",
        "rules.yaml:1: an empty list, which limits nothing"
    )]
    [InlineData("- verbs: [get]\n  resources: [pods]\n  resourceNames:\n", "rules.yaml:3: not a list")]
    [InlineData("- {verbs: [get], resources: [pods], resourceNames: [null]}", "rules.yaml:1: nothing")]
    [InlineData("- {verbs: [get], resources: [pods], resourceNames: [\"\"]}", "rules.yaml:1: not a text")]
    [InlineData("- {verbs: [get], resources: [pods], resourceNames: consumer-1}", "rules.yaml:1: not a list")]
    [InlineData("- {verbs: [get], resources: [[pods]]}", "rules.yaml:1: not a text")]
    [InlineData("- {verbs: [get]}", "rules.yaml:1: a rule needs verbs and resources")]
    [InlineData("- {resources: [pods]}", "rules.yaml:1: a rule needs verbs and resources")]
    [InlineData("- {verbs: [get], nonResourceURLs: [/metrics]}", "rules.yaml:1: unknown field 'nonResourceURLs'")]
    [InlineData(
        "- verbs: [get]\n  resources: [pods]\n  resourcenames: [a]",
        "rules.yaml:3: unknown field 'resourcenames'"
    )]
    [InlineData("- verbs: [get]\n  resources: [pods]\n  verbs: ['*']", "rules.yaml:3")]
    [InlineData(
        "- {verbs: [get], resources: [pods]}\n---\n- {verbs: ['*'], resources: ['*']}",
        "rules.yaml:3: a second document begins here"
    )]
    [InlineData(
        "- &a {verbs: [get], resources: [pods]}\n- {<<: *a, resourceNames: [b]}",
        "rules.yaml:2: unknown field '<<'"
    )]
    [InlineData("- {verbs: [*], resources: [pods]}", "rules.yaml:1")]
    public async Task A_file_that_could_mean_something_else_than_it_looks_like_is_refused(string content, string why)
    {
        using var plugin = new Plugin(Server);

        var run = await plugin.RunAsync([.. Ask, "--rules-file", plugin.Write("rules.yaml", content)]);

        Assert.Equal(ExitCode.Usage, run.Code);
        Assert.Contains(why, run.ErrorLines[0], StringComparison.Ordinal);
        Assert.Contains("(rules-file)", run.ErrorLines[0], StringComparison.Ordinal);
        Assert.Empty(Server.Calls);
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_wrong_usage()
    {
        using var plugin = new Plugin(Server);

        var run = await plugin.RunAsync([.. Ask, "--rules-file", Path.Combine(plugin.Home, "none.yaml")]);

        Assert.Equal(ExitCode.Usage, run.Code);
        Assert.Contains("cannot read", run.Error, StringComparison.Ordinal);
    }

    private async Task SendsAsync(string rules, params string[] flags)
    {
        using var plugin = new Plugin(Server);

        Assert.Equal(ExitCode.Ok, (await plugin.RunAsync([.. Ask, .. flags])).Code);
        JsonAssert.Equal(
            $$"""{"cluster":"c","namespaces":["a"],"reason":"r","rules":{{rules}}}""",
            Assert.Single(Server.Calls).Body
        );
    }
}
