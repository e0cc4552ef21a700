using System.Text.Json.Nodes;
using JitFunctions.KubectlJit.Terminal;

namespace JitFunctions.KubectlJit.Tests;

public sealed class CanTests : ServerTests
{
    private static readonly string[] Edit = ["can", "--cluster", "prod-eu", "-n", "payments", "--role", "edit"];

    [Fact]
    public async Task Without_flags_it_shows_what_one_may_ask_for()
    {
        Server.Policies["/api/policies"] = """
            { "items": [
              { "policy": "payments-on-call", "source": "payments.yaml:3", "clusters": ["prod-*"], "namespaces": ["payments"],
                "namespaceLabels": { "team": "payments" }, "clusterWide": false,
                "roles": [{ "kind": "ClusterRole", "name": "edit" }, "Role/debugger"],
                "rules": [{ "apiGroups": [""], "resources": ["pods"], "verbs": ["get", "delete"] }],
                "maxDuration": "1h", "defaultDuration": "30m", "scheduledStart": "24h", "hours": "Mon,Tue 08:00–18:00 Europe/Berlin",
                "reason": ".{10,}", "ticket": "INC-[0-9]+", "automatic": { "maxDuration": "15m", "harmlessOnly": true },
                "requirements": [{ "groups": ["payments-leads", "sre"], "count": 1 }, { "groups": ["security"], "count": 1 }],
                "breakGlass": { "maxDuration": "15m", "reviewWithin": "24h" }, "extension": { "maxDuration": "30m", "total": "2h", "reviewed": false } },
              { "policy": "readers", "clusters": ["*"], "clusterWide": true, "roles": ["ClusterRole/view"], "maxDuration": "8h", "automatic": true,
                "breakGlass": null, "extension": false } ] }
            """;
        using var plugin = new Plugin(Server);
        plugin.Configure("defaultCluster: prod-eu");

        var run = await plugin.RunAsync("can");

        Assert.Equal((ExitCode.Ok, ""), (run.Code, run.Error));
        Assert.Equal(
            """
            Policy:       payments-on-call (payments.yaml:3)
            Clusters:     prod-*
            Namespaces:   payments
              labelled:   team: payments
            Roles:        ClusterRole/edit, Role/debugger
            Rules within: get,delete pods
            Duration:     at most 1h, 30m by default
            Hours:        Mon,Tue 08:00–18:00 Europe/Berlin
            Start ahead:  24h
            Reason like:  .{10,}
            Ticket like:  INC-[0-9]+
            Approval:     automatic if maxDuration: 15m, harmlessOnly: yes, else 1 of
                          (payments-leads or sre) and 1 of security
            Break-glass:  maxDuration: 15m, reviewWithin: 24h
            Extension:    maxDuration: 30m, total: 2h, reviewed: no

            Policy:       readers
            Clusters:     *
            Cluster-wide: yes
            Roles:        ClusterRole/view
            Duration:     at most 8h
            Approval:     automatic

            """,
            run.Out
        );
        Assert.Equal(("GET", "/api/policies"), (Server.Calls.Single().Method, Server.Calls.Single().Target));
    }

    [Fact]
    public async Task Who_may_ask_for_nothing_is_told_so()
    {
        Server.Policies["/api/policies"] = """{ "items": [] }""";
        using var plugin = new Plugin(Server);

        var run = await plugin.RunAsync("can");

        Assert.Equal((ExitCode.Ok, "", "No policy lets you ask for anything.\n"), (run.Code, run.Out, run.Error));
    }

    [Fact]
    public async Task What_is_covered_names_policy_line_approvers_and_dangers()
    {
        Server.Policies["/api/policies/simulate"] = """
            { "covered": true, "policy": "payments-on-call", "source": "payments.yaml:3", "duration": "30m", "automatic": false,
              "requirements": [{ "groups": ["payments-leads"], "count": 1 }, { "groups": ["security"], "count": 1 }],
              "dangers": [{ "kind": "read-secrets", "reach": "cluster", "blastRadius": "Reads every secret." }],
              "verdicts": [{ "policy": "payments-on-call", "source": "payments.yaml:3", "covers": true, "excess": [] }] }
            """;
        using var plugin = new Plugin(Server);

        var run = await plugin.RunAsync([
            .. Edit,
            "--duration",
            "30m",
            "--reason",
            "r",
            "--ticket",
            "INC-1",
            "--break-glass",
            "--start",
            "2h",
        ]);

        Assert.Equal((ExitCode.Ok, ""), (run.Code, run.Error));
        Assert.Equal(
            """
            Covered:      yes
            Policy:       payments-on-call (payments.yaml:3)
            Duration:     30m
            Approval:     1 of payments-leads and 1 of security
            Danger:       Reads every secret (read-secrets, in the whole cluster)

            """,
            run.Out
        );
        JsonAssert.Equal(
            """
            {"cluster":"prod-eu","namespaces":["payments"],"role":{"kind":"ClusterRole","name":"edit"},"duration":"30m",
             "start":"2026-11-23T10:05:00Z","breakGlass":true,"reason":"r","ticket":"INC-1"}
            """,
            Assert.Single(Server.Calls).Body
        );
    }

    [Fact]
    public async Task What_is_not_covered_says_why_not_for_each_policy_and_exits_as_a_refusal()
    {
        Server.Policies["/api/policies/simulate"] = """
            { "covered": false, "code": "not-covered", "detail": "No policy covers all of it.", "dangers": [], "verdicts": [
              { "policy": "payments-on-call", "source": "payments.yaml:3", "covers": false, "excess": [
                { "field": "maxDuration", "source": "payments.yaml:9", "message": "at most 1h", "unresolved": false },
                { "field": "namespaceLabels", "source": "payments.yaml:7", "message": "the labels cannot be read", "unresolved": true } ] },
              { "policy": "readers", "source": "readers.yaml:1", "covers": true, "excess": [] } ] }
            """;
        using var plugin = new Plugin(Server);

        var table = await plugin.RunAsync(Edit);
        var json = await plugin.RunAsync([.. Edit, "-o", "json"]);

        Assert.Equal(
            """
            Covered:      no
            Policy:       payments-on-call (payments.yaml:3)
              says:       at most 1h (payments.yaml:9)
              unresolved: the labels cannot be read (payments.yaml:7)
            Policy:       readers (readers.yaml:1)
              says:       would cover it

            """,
            table.Out
        );
        Assert.Each(
            [table, json],
            run =>
                Assert.Equal(
                    (ExitCode.Refused, "error: this would be refused (not-covered): No policy covers all of it.\n"),
                    (run.Code, run.Error)
                )
        );
        JsonAssert.Equal(Server.Policies["/api/policies/simulate"], json.Out);
    }

    [Fact]
    public async Task Rules_of_ones_own_and_a_whole_cluster_can_be_asked_about_for_somebody_else()
    {
        Server.Policies["/api/policies/simulate"] = """{ "covered": true, "policy": "p", "automatic": true }""";
        using var plugin = new Plugin(Server);

        var run = await plugin.RunAsync(
            "can",
            "--cluster",
            "c",
            "--cluster-wide",
            "--verb",
            "get",
            "--resource",
            "nodes",
            "--as",
            "alice@example.com",
            "--as-group",
            "devs",
            "--as-group",
            "on-call"
        );

        Assert.Contains("Approval:     automatic", run.OutLines);
        JsonAssert.Equal(
            """
            {"cluster":"c","clusterWide":true,"rules":[{"verbs":["get"],"apiGroups":[""],"resources":["nodes"]}],
             "as":{"username":"alice@example.com","groups":["devs","on-call"]}}
            """,
            Assert.Single(Server.Calls).Body
        );
    }

    [Fact]
    public async Task A_person_without_groups_is_asked_about_without_any()
    {
        Server.Policies["/api/policies/simulate"] = """{ "covered": true }""";
        using var plugin = new Plugin(Server);

        await plugin.RunAsync([.. Edit, "--as", "alice@example.com"]);

        Assert.Equal(
            """{"username":"alice@example.com","groups":[]}""",
            JsonNode.Parse(Assert.Single(Server.Calls).Body)!["as"]!.ToJsonString()
        );
    }

    [Theory]
    [InlineData("where", "can --cluster c --role edit")]
    [InlineData("what", "can --cluster c -n a")]
    [InlineData("where", "can --duration 30m")]
    [InlineData("where", "can --resource pods --verb get")]
    [InlineData("where", "can --as alice@example.com")]
    [InlineData("--as-group needs --as", "can --cluster c -n a --role edit --as-group devs")]
    public async Task Half_a_question_is_wrong_usage_and_never_the_list(string about, string command)
    {
        using var plugin = new Plugin(Server);

        var run = await plugin.RunAsync(command.Split(' '));

        Assert.Equal(ExitCode.Usage, run.Code);
        Assert.Contains(about, run.ErrorLines[0], StringComparison.OrdinalIgnoreCase);
        Assert.Empty(Server.Calls);
    }

    [Fact]
    public async Task Who_may_not_ask_for_others_is_refused()
    {
        Server.AnswerNext(403, ProblemAnswers.Body(403, "not-allowed"));
        using var plugin = new Plugin(Server);

        Assert.Equal(ExitCode.Refused, (await plugin.RunAsync([.. Edit, "--as", "bob@example.com"])).Code);
    }

    [Fact]
    public async Task What_policies_say_cannot_steer_the_terminal()
    {
        Server.Policies["/api/policies/simulate"] = """
            { "covered": false, "detail": "a\u001b[2K", "verdicts": [{ "policy": "p\u001b[1m", "covers": false, "excess": [{ "message": "m\u202Ex\r" }] }] }
            """;
        using var plugin = new Plugin(Server);

        var run = await plugin.RunAsync(Edit);

        Assert.DoesNotContain(run.Out + run.Error, c => c is '\e' or '\r' or '\u202e');
    }
}
