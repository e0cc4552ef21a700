using JitFunctions.KubectlJit.Terminal;

namespace JitFunctions.KubectlJit.Tests;

public sealed class RequestCommandTests : ServerTests
{
    private static readonly string[] Ask =
    [
        "request",
        "--cluster",
        "prod-eu",
        "-n",
        "payments",
        "--role",
        "edit",
        "--duration",
        "30m",
        "--reason",
        "restart the stuck consumer",
    ];

    [Fact]
    public async Task It_sends_exactly_what_was_asked_and_nothing_else()
    {
        using var plugin = new Plugin(Server);

        var run = await plugin.RunAsync(
            "request",
            "--cluster",
            "prod-eu",
            "-n",
            "payments",
            "--namespace",
            "billing",
            "--role",
            "Role/debugger",
            "--duration",
            "1h30m",
            "--reason",
            "größer <b>",
            "--ticket",
            "INC-4711",
            "--idempotency-key",
            "key-1"
        );

        Assert.Equal(ExitCode.Ok, run.Code);
        var call = Assert.Single(Server.Calls);
        Assert.Equal(("POST", "/api/requests"), (call.Method, call.Target));
        Assert.Equal("key-1", call.Headers["Idempotency-Key"]);
        Assert.Equal("application/json", call.Headers.ContentType);
        Assert.Equal($"Bearer {Plugin.Token}", call.Headers.Authorization);
        JsonAssert.Equal(
            """
            {"cluster":"prod-eu","namespaces":["payments","billing"],"role":{"kind":"Role","name":"debugger"},
             "duration":"1h30m","reason":"größer <b>","ticket":"INC-4711"}
            """,
            call.Body
        );
    }

    [Fact]
    public async Task A_cluster_wide_request_names_no_namespace()
    {
        using var plugin = new Plugin(Server);

        await plugin.RunAsync(
            "request",
            "--cluster",
            "prod-eu",
            "--cluster-wide",
            "--role",
            "view",
            "--duration",
            "5m",
            "--reason",
            "r"
        );

        JsonAssert.Equal(
            """{"cluster":"prod-eu","clusterWide":true,"role":{"kind":"ClusterRole","name":"view"},"duration":"5m","reason":"r"}""",
            Assert.Single(Server.Calls).Body
        );
    }

    [Theory]
    [InlineData("edit", "ClusterRole", "edit")]
    [InlineData("clusterrole/system:node-proxier", "ClusterRole", "system:node-proxier")]
    [InlineData("Role/debugger", "Role", "debugger")]
    public async Task A_role_may_be_written_with_or_without_its_kind(string text, string kind, string name)
    {
        using var plugin = new Plugin(Server);

        await plugin.RunAsync(
            "request",
            "--cluster",
            "c",
            "-n",
            "a",
            "--role",
            text,
            "--duration",
            "5m",
            "--reason",
            "r"
        );

        JsonAssert.Equal(
            $$"""{"cluster":"c","namespaces":["a"],"role":{"kind":"{{kind}}","name":"{{name}}"},"duration":"5m","reason":"r"}""",
            Assert.Single(Server.Calls).Body
        );
    }

    [Fact]
    public async Task A_reason_that_begins_with_an_at_sign_is_not_a_file_name()
    {
        using var plugin = new Plugin(Server);

        var run = await plugin.RunAsync([.. Ask[..^1], "@oncall asked for it"]);

        Assert.Equal(ExitCode.Ok, run.Code);
        Assert.Contains("@oncall asked for it", Assert.Single(Server.Calls).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_run_has_a_key_of_its_own()
    {
        using var plugin = new Plugin(Server);

        await plugin.RunAsync(Ask);
        await plugin.RunAsync(Ask);

        Assert.Equal(2, Server.Calls.Select(call => call.Headers["Idempotency-Key"].ToString()).Distinct().Count());
    }

    [Fact]
    public async Task The_default_cluster_comes_from_the_configuration()
    {
        using var plugin = new Plugin(Server);
        plugin.Configure("defaultCluster: prod-us");

        await plugin.RunAsync("request", "-n", "a", "--role", "edit", "--duration", "5m", "--reason", "r");

        Assert.Contains("\"cluster\":\"prod-us\"", Assert.Single(Server.Calls).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_waiting_it_prints_the_request_and_says_how_to_follow_it()
    {
        using var plugin = new Plugin(Server);

        var run = await plugin.RunAsync([.. Ask, "-o", "wide"]);

        Assert.Equal(
            [
                "ID             STATUS    REQUESTER           CLUSTER   NAMESPACES   ROLE               DURATION "
                    + "  REMAINING   AGE   NOTES    REASON",
                "3f9k2m7xq0ab   pending   alice@example.com   prod-eu   payments     ClusterRole/edit   30m      "
                    + "  <none>      5m    <none>   restart the stuck consumer",
            ],
            run.OutLines
        );
        Assert.Equal(
            [
                "3f9k2m7xq0ab  pending: approval needed: 1 of payments-leads, lapses at 2026-11-23T12:00:00Z (in "
                    + "3h55m)",
                "  follow it:  kubectl jit show 3f9k2m7xq0ab --wait",
            ],
            run.ErrorLines
        );
    }

    [Fact]
    public async Task Without_a_duration_the_policy_has_its_own()
    {
        using var plugin = new Plugin(Server);

        await plugin.RunAsync("request", "--cluster", "c", "-n", "a", "--role", "edit", "--reason", "r");

        JsonAssert.Equal(
            """{"cluster":"c","namespaces":["a"],"role":{"kind":"ClusterRole","name":"edit"},"reason":"r"}""",
            Assert.Single(Server.Calls).Body
        );
    }

    [Fact]
    public async Task Break_glass_says_at_once_what_it_owes()
    {
        Server.Requests.OnAsk = Sample.Activate;
        using var plugin = new Plugin(Server);

        var run = await plugin.RunAsync([.. Ask, "--break-glass", "-o", "wide"]);

        Assert.Equal(ExitCode.Ok, run.Code);
        Assert.Contains("\"breakGlass\":true", Assert.Single(Server.Calls).Body, StringComparison.Ordinal);
        Assert.Contains("break-glass unreviewed", run.Out, StringComparison.Ordinal);
        Assert.Equal(
            "3f9k2m7xq0ab  break-glass: its review is owed by 2026-11-24T08:00:00Z (in 23h), from 1 of payments-leads",
            run.ErrorLines[^1]
        );
    }

    [Theory]
    [InlineData("indeterminate")]
    [InlineData("break-glass-silent")]
    public async Task A_refusal_with_503_is_told_at_once_and_not_as_if_it_might_have_been_made(string code)
    {
        for (var i = 0; i < 3; i++)
            Server.AnswerNext(503, ProblemAnswers.Body(503, code, "It cannot be told", "Try later."), retryAfter: "1");
        using var plugin = new Plugin(Server);

        var run = await plugin.RunAsync(Ask);

        Assert.Equal(ExitCode.Unreachable, run.Code);
        Assert.Equal([$"error: It cannot be told ({code}): Try later.", "  trace: trace-1"], run.ErrorLines);
        Assert.Single(Server.Calls);
    }

    [Theory]
    [InlineData("what", "request --cluster c -n a --reason r")]
    [InlineData("what", "request --cluster c -n a --role edit --verb get --resource pods --reason r")]
    [InlineData("what", "request --cluster c -n a --role edit --rules-file rules.yaml --reason r")]
    [InlineData("--verb and --resource", "request --cluster c -n a --verb get --reason r")]
    [InlineData("--verb and --resource", "request --cluster c -n a --role edit --resource pods --reason r")]
    [InlineData("--resource-name", "request --cluster c -n a --role edit --resource-name x --reason r")]
    [InlineData("leaves out a word", "request --cluster c -n a --verb get, --resource pods --reason r")]
    [InlineData("where", "request --cluster c --role edit --duration 5m --reason r")]
    [InlineData("where", "request --cluster c -n a --cluster-wide --role edit --duration 5m --reason r")]
    [InlineData("which cluster", "request -n a --role edit --duration 5m --reason r")]
    [InlineData("--role", "request --cluster c -n a --role Pod/x --duration 5m --reason r")]
    [InlineData("--role", "request --cluster c -n a --role Role/ --duration 5m --reason r")]
    [InlineData("--reason", "request --cluster c -n a --role edit --duration 5m")]
    [InlineData("--timeout", "request --cluster c -n a --role edit --duration 5m --reason r --timeout 5m")]
    [InlineData("--timeout", "request --cluster c -n a --role edit --duration 5m --reason r --wait --timeout soon")]
    public async Task What_cannot_be_meant_is_wrong_usage_and_never_sent(string about, string command)
    {
        using var plugin = new Plugin(Server);

        var run = await plugin.RunAsync(command.Split(' '));

        Assert.Equal(ExitCode.Usage, run.Code);
        Assert.Contains(about, run.ErrorLines[0], StringComparison.OrdinalIgnoreCase);
        Assert.Empty(run.Out);
        Assert.Empty(Server.Calls);
    }
}
