using System.Text.Json.Nodes;
using JitFunctions.LocalStack;
using YamlDotNet.RepresentationModel;

namespace JitFunctions.EndToEnd.Tests.Plugin;

/// <summary><c>kubectl jit</c> against the real server: what scripts rely on.</summary>
public sealed class PluginTests(PlatformFixture fixture)
{
    private readonly LocalPlatform _platform = fixture.Platform;
    private readonly Team _scene = Team.WithoutNamespace(fixture.Platform);

    [Fact]
    public async Task Who_is_refused_gets_3()
    {
        var id = await AskAsync();
        Expect(3, "self-review", await AliceAsync("approve", id));
        Expect(
            3,
            "not-covered",
            await AliceAsync(
                "request",
                "--cluster",
                "demo",
                "-n",
                "kube-system",
                "--role",
                "edit",
                "--duration",
                "5m",
                "--reason",
                "r"
            )
        );
        Expect(3, "not-allowed", await AliceAsync("audit"));
    }

    [Fact]
    public async Task What_is_not_there_gives_4()
    {
        var id = await AskAsync();
        Expect(4, "not-found", await AliceAsync("show", "000000000000"));
        Expect(4, "not-found", await JitAsync("mallory", "approve", id));
    }

    [Fact]
    public async Task The_wrong_state_gives_5()
    {
        var id = await AskAsync();
        Expect(5, "wrong-state", await AliceAsync("relinquish", id));
    }

    [Fact]
    public async Task What_the_server_calls_invalid_gives_2() =>
        Expect(
            2,
            "duration",
            await AliceAsync(
                "request",
                "--cluster",
                "demo",
                "-n",
                _scene.Namespace,
                "--role",
                "edit",
                "--duration",
                "1s",
                "--reason",
                "r"
            )
        );

    [Fact]
    public async Task Who_waits_and_is_denied_gets_6()
    {
        var id = await AskAsync();
        var waiting = AliceAsync("show", id, "--wait");
        (await JitAsync("bob", "deny", id, "--comment", "not now")).OrThrow("deny");
        Expect(6, "not now", await waiting);
    }

    [Fact]
    public async Task Who_waits_too_long_gets_7()
    {
        var id = await AskAsync();
        Expect(7, "still pending", await AliceAsync("show", id, "--wait", "--timeout", "1s"));
        Assert.Equal("pending", (await _scene.As(Person.Alice).ReadAsync(id)).At("status"));
    }

    [Fact]
    public async Task Without_a_token_or_with_an_old_one_one_gets_8()
    {
        Expect(8, "token", await WithAsync("JIT_TOKEN", null, "list"));
        Expect(
            8,
            "unauthenticated",
            await WithAsync("JIT_TOKEN", _platform.TokenFor("alice", TimeSpan.FromMinutes(-5)), "list")
        );
    }

    [Fact]
    public async Task Where_no_server_is_one_gets_9() =>
        Expect(9, "127.0.0.1:1", await WithAsync("JIT_SERVER", "http://127.0.0.1:1", "list"));

    [Fact]
    public async Task A_beginning_of_an_id_means_the_one_request_that_one_may_see()
    {
        var id = await AskAsync();

        var shown = JsonNode.Parse(
            (await AliceAsync("show", id[..8].ToUpperInvariant(), "-o", "json")).OrThrow("show").StdOut
        )!;
        Assert.Equal(id, shown.Id());
        // What one may not see is not there, and so nothing is decided about it.
        foreach (var command in (string[])["show", "approve", "deny", "withdraw", "revoke"])
            Expect(4, "not-found", await JitAsync("mallory", command, id[..8]));
        Assert.Equal("pending", (await _scene.As(Person.Alice).ReadAsync(id)).At("status"));
        (await AliceAsync("withdraw", id[..8])).OrThrow("withdraw");
        Assert.Equal("withdrawn", (await _scene.As(Person.Alice).ReadAsync(id)).At("status"));
    }

    [Fact]
    public async Task Several_are_withdrawn_at_once_and_each_has_its_result()
    {
        string[] ids = [await AskAsync(), await AskAsync()];

        var run = await AliceAsync(["withdraw", ids[0], "000000000000", ids[1], "-o", "json"]);

        Expect(4, "error: 000000000000: not found (not-found)", run);
        Assert.Equal(
            ids,
            run.StdOut.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!.Id())
        );
        Assert.Equal(
            ["withdrawn", "withdrawn"],
            await Task.WhenAll(ids.Select(async id => (await _scene.As(Person.Alice).ReadAsync(id)).At("status")))
        );
    }

    [Fact]
    public async Task Who_one_is_and_what_the_reconciler_found_are_told()
    {
        Assert.Contains(
            "User name:    alice@example.com",
            (await AliceAsync("whoami")).OrThrow("whoami").StdOut,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "\"items\"",
            (await JitAsync("dave", "reconciler", "-o", "json")).OrThrow("reconciler").StdOut,
            StringComparison.Ordinal
        );
        Expect(3, "not-allowed", await AliceAsync("reconciler"));
    }

    [Fact]
    public async Task An_audit_of_some_time_is_CSV_for_a_spreadsheet()
    {
        var id = (await _scene.As(Person.Alice).AskAsync(_scene.Terms().With("reason", "=1+1"))).Id();
        var at = (await _scene.As(Person.Alice).EventsAsync(id))[0].At("timestamp")![..19];

        var rows = (await JitAsync("dave", "audit", "--since", $"{at}Z", "-o", "csv"))
            .OrThrow("audit")
            .StdOut.Split("\r\n");

        Assert.Equal("SEQUENCE,TIME,REQUEST,VERSION,TYPE,ACTOR,CHANNEL,DURATION,REASON", rows[0]);
        Assert.EndsWith(
            $"Z,{id},1,access_requested,alice@example.com,api,10m,'=1+1",
            Assert.Single(rows, row => row.Contains(id, StringComparison.Ordinal)),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task JSON_is_what_the_API_answers()
    {
        var id = await AskAsync();
        var shown = JsonNode.Parse((await AliceAsync("show", id, "-o", "json")).OrThrow("show").StdOut)!;
        Assert.True(JsonNode.DeepEquals(await _scene.As(Person.Alice).ReadAsync(id), shown), shown.ToJsonString());

        var listed = JsonNode.Parse((await AliceAsync("list", "--mine", "-o", "json")).OrThrow("list").StdOut)!;
        Assert.Contains(id, listed.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task YAML_holds_the_same()
    {
        var id = await AskAsync();
        var yaml = new YamlStream();
        yaml.Load(new StringReader((await AliceAsync("show", id, "-o", "yaml")).OrThrow("show").StdOut));

        var root = Assert.IsType<YamlMappingNode>(Assert.Single(yaml.Documents).RootNode);
        Assert.Equal((id, "pending"), (((YamlScalarNode)root["id"]).Value, ((YamlScalarNode)root["status"]).Value));
        Assert.Equal("stuck: \"yes\" # really", ((YamlScalarNode)root["reason"]).Value);
    }

    [Fact]
    public async Task The_same_idempotency_key_shows_the_same_request()
    {
        string[] ask =
        [
            "request",
            "--cluster",
            "demo",
            "-n",
            _scene.Namespace,
            "--role",
            "edit",
            "--duration",
            "5m",
            "--reason",
            "r",
            "-o",
            "json",
            "--idempotency-key",
            _scene.Namespace,
        ];
        var first = JsonNode.Parse((await AliceAsync(ask)).OrThrow("request").StdOut)!;
        var again = JsonNode.Parse((await AliceAsync(ask)).OrThrow("request").StdOut)!;
        Assert.Equal(first.Id(), again.Id());
    }

    private Task<Command> AliceAsync(params IEnumerable<string> arguments) => JitAsync("alice", arguments);

    private Task<Command> JitAsync(string person, params IEnumerable<string> arguments) =>
        _platform.KubectlAsync(person, ["jit", .. arguments]);

    private Task<Command> WithAsync(string variable, string? value, params IEnumerable<string> arguments) =>
        _platform.Cluster.KubectlAsync(
            "alice",
            ["jit", .. arguments],
            new Dictionary<string, string?>(_platform.PluginEnvironment("alice")) { [variable] = value }
        );

    private async Task<string> AskAsync() =>
        (await _scene.As(Person.Alice).AskAsync(_scene.Terms().With("reason", "stuck: \"yes\" # really"))).Id();

    private static void Expect(int code, string words, Command run)
    {
        Assert.True(run.ExitCode == code, $"{code} was expected, not {run.ExitCode}: {run.StdOut}{run.StdErr}");
        Assert.Contains(words, run.StdErr, StringComparison.Ordinal);
    }
}
