using System.Text.Json.Nodes;
using JitFunctions.KubectlJit.Terminal;
using YamlDotNet.RepresentationModel;

namespace JitFunctions.KubectlJit.Tests;

/// <summary>Grants with a service account of their own.</summary>
public sealed class CredentialTests : ServerTests
{
    private const string Token = "eyJ.of-the-grant.x";

    [Fact]
    public async Task A_credential_is_what_kubectl_takes()
    {
        using var plugin = new Plugin(Server);
        Answer(
            $$"""{ "token": "{{Token}}", "expiresAt": "2026-11-23T09:34:30.25+01:00", "server": "https://prod-eu.example.com" }"""
        );

        var run = await plugin.RunAsync("credential", Sample.Id);

        Assert.Equal(ExitCode.Ok, run.Code);
        Assert.Equal(
            $$$"""{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"{{{Token}}}","expirationTimestamp":"2026-11-23T08:34:30Z"}}""",
            Assert.Single(run.OutLines)
        );
        Assert.Empty(run.Error);
        var call = Assert.Single(Server.Calls);
        Assert.Equal(("POST", $"/api/requests/{Sample.Id}/credential", "{}"), (call.Method, call.Target, call.Body));
    }

    [Fact]
    public async Task A_credential_that_is_refused_leaves_standard_output_empty()
    {
        using var plugin = new Plugin(Server);
        Server.AnswerNext(409, ProblemAnswers.Body(409, "wrong-state"));

        var run = await plugin.RunAsync("credential", Sample.Id);

        Assert.Equal((ExitCode.WrongState, ""), (run.Code, run.Out));
        Assert.Contains("wrong-state", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_is_in_no_message_even_when_the_rest_of_the_answer_is_wrong()
    {
        using var plugin = new Plugin(Server);
        Answer($$"""{ "token": "{{Token}}", "expiresAt": "soon" }""");

        var run = await plugin.RunAsync("credential", Sample.Id);

        Assert.Equal(ExitCode.Unexpected, run.Code);
        Assert.DoesNotContain("of-the-grant", run.Out + run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_kubeconfig_runs_the_plugin_and_holds_no_secret()
    {
        using var plugin = new Plugin(Server);
        Ephemeral();
        Server.Cluster =
            """{ "name": "prod-eu", "server": "https://prod-eu.example.com:6443", "certificateAuthorityData": "LS0tCg==" }""";

        var run = await plugin.RunAsync("kubeconfig", Sample.Id);

        Assert.Equal(
            $"""
            apiVersion: v1
            kind: Config
            current-context: jit-3f9k2m7xq0ab
            clusters:
            - name: prod-eu
              cluster:
                server: "https://prod-eu.example.com:6443"
                certificate-authority-data: "LS0tCg=="
            contexts:
            - name: jit-3f9k2m7xq0ab
              context:
                cluster: prod-eu
                user: jit-3f9k2m7xq0ab
                namespace: payments
            users:
            - name: jit-3f9k2m7xq0ab
              user:
                exec:
                  apiVersion: client.authentication.k8s.io/v1
                  command: kubectl-jit
                  args:
                  - credential
                  - "3f9k2m7xq0ab"
                  - "--server={Server.Address}"
                  interactiveMode: IfAvailable
                  installHint: kubectl-jit has to be on your PATH, where kubectl finds it as kubectl jit.

            """,
            run.Out
        );
        Assert.DoesNotContain(Server.Calls, call => call.Target.EndsWith("/credential", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_kubeconfig_goes_on_with_the_flags_that_it_was_made_with()
    {
        using var plugin = new Plugin(Server).Without("JIT_SERVER").Without("JIT_TOKEN");
        Ephemeral();
        Server.Cluster = """{ "name": "prod-eu", "server": "https://prod-eu.example.com:6443" }""";
        var file = plugin.Write("token", Plugin.Token);

        var run = await plugin.RunAsync(
            "kubeconfig",
            Sample.Id,
            "--server",
            Server.Address,
            "--token-file",
            file,
            "-o",
            "json"
        );

        var exec = JsonNode.Parse(run.Out)!["users"]![0]!["user"]!["exec"]!;
        Assert.Equal(
            ["credential", Sample.Id, $"--server={Server.Address}", $"--token-file={file}"],
            exec["args"]!.AsArray().Select(word => word!.ToString())
        );
        Assert.Null(JsonNode.Parse(run.Out)!["clusters"]![0]!["cluster"]!["certificate-authority-data"]);
    }

    [Fact]
    public async Task What_variables_say_is_kept_as_flags_are_except_the_token_itself()
    {
        using var plugin = new Plugin(Server);
        Ephemeral();
        Server.Cluster = """{ "name": "prod-eu", "server": "https://prod-eu.example.com:6443" }""";
        var file = plugin.Write("token", Plugin.Token);

        Assert.Equal(["credential", Sample.Id, $"--server={Server.Address}"], await KeptAsync(plugin));
        plugin.Without("JIT_TOKEN").With("JIT_TOKEN_FILE", file);
        Assert.Equal(
            ["credential", Sample.Id, $"--server={Server.Address}", $"--token-file={file}"],
            await KeptAsync(plugin)
        );
    }

    [Fact]
    public async Task What_the_configuration_says_of_the_token_is_read_anew_and_the_server_of_the_grant_is_kept()
    {
        using var plugin = new Plugin(Server).Without("JIT_SERVER").Without("JIT_TOKEN");
        Ephemeral();
        Server.Cluster = """{ "name": "prod-eu", "server": "https://prod-eu.example.com:6443" }""";
        var file = plugin.Write("token", Plugin.Token);
        plugin.Configure(
            $"""
            server: {Server.Address}/
            tokenFile: {file}
            """
        );

        Assert.Equal(["credential", Sample.Id, $"--server={Server.Address}"], await KeptAsync(plugin));
    }

    private static async Task<IEnumerable<string>> KeptAsync(Plugin plugin)
    {
        var exec = JsonNode.Parse((await plugin.RunAsync("kubeconfig", Sample.Id, "-o", "json")).Out)!["users"]![0]![
            "user"
        ]!["exec"]!;
        return exec["args"]!.AsArray().Select(word => word!.ToString());
    }

    [Fact]
    public async Task A_cluster_wide_grant_has_no_namespace_of_its_own()
    {
        using var plugin = new Plugin(Server);
        Ephemeral(request => (request["clusterWide"], request["namespaces"]) = (true, new JsonArray()));
        Server.Cluster = """{ "name": "prod-eu", "server": "https://prod-eu.example.com:6443" }""";

        var yaml = new YamlStream();
        yaml.Load(new StringReader((await plugin.RunAsync("kubeconfig", Sample.Id)).Out));
        Assert.DoesNotContain(
            "namespace",
            yaml.Documents[0].AllNodes.OfType<YamlScalarNode>().Select(node => node.Value)
        );
    }

    [Fact]
    public async Task Where_the_rights_are_the_requesters_own_there_is_no_kubeconfig()
    {
        using var plugin = new Plugin(Server);
        Server.Requests.Add(change: Sample.Activate);

        var run = await plugin.RunAsync("kubeconfig", Sample.Id);

        Assert.Equal((ExitCode.WrongState, ""), (run.Code, run.Out));
        Assert.Equal(
            "error: the rights of 3f9k2m7xq0ab are bound to alice@example.com (no-credential): use your own "
                + "context for prod-eu",
            run.ErrorLines[0]
        );
    }

    [Fact]
    public async Task Who_looks_and_who_reviews_is_told_who_gets_the_rights()
    {
        using var plugin = new Plugin(Server);
        Ephemeral();
        Assert.Contains(
            "Given to:     a service account of its own, by a token",
            (await plugin.RunAsync("show", Sample.Id)).OutLines
        );
        Assert.Contains(
            "Given to:     a service account of its own, by a token",
            (await plugin.RunAsync("approve", Sample.Id)).ErrorLines
        );

        Server.Requests.Change(request =>
            request["serviceAccount"] = JsonNode.Parse("""{ "namespace": "jit-access", "name": "jit-3f9k2m7xq0ab" }""")
        );
        Assert.Contains(
            "Given to:     system:serviceaccount:jit-access:jit-3f9k2m7xq0ab",
            (await plugin.RunAsync("show", Sample.Id)).OutLines
        );
    }

    [Fact]
    public async Task Who_has_waited_is_told_how_to_use_it()
    {
        using var plugin = new Plugin(Server);
        Ephemeral(Sample.Activate);

        var run = await plugin.RunAsync("show", Sample.Id, "--wait");

        Assert.Contains(
            "  use it:  kubectl jit kubeconfig 3f9k2m7xq0ab > jit-3f9k2m7xq0ab.yaml; kubectl --kubeconfig "
                + "jit-3f9k2m7xq0ab.yaml auth can-i --list",
            run.ErrorLines
        );
    }

    private void Ephemeral(Action<JsonObject>? change = null) =>
        Server.Requests.Add(change: request =>
        {
            request["policy"]!["enforcement"] = "ephemeral";
            change?.Invoke(request);
        });

    private void Answer(string json) =>
        Server.AnswerNext(http => Microsoft.AspNetCore.Http.Results.Text(json, "application/json").ExecuteAsync(http));
}
