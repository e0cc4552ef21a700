using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using JitFunctions.KubectlJit.Terminal;
using YamlDotNet.RepresentationModel;

namespace JitFunctions.KubectlJit.Tests;

/// <summary>
/// Whatever text the server gives, in whatever field: nothing in it steers a terminal, or hides in one.
/// </summary>
public sealed class TerminalTests : ServerTests
{
    /// <summary>
    /// Escape, the one-character CSI and NEL, carriage return, bell, an override, a zero-width joiner, a line
    /// separator, a tag; then what is no control or format character, and looks like nothing all the same: a joiner,
    /// fillers of Hangul, a variation selector.
    /// </summary>
    private const string Hostile =
        "a\e[2K\u009b1m\u0085\r\a\u202e\u200d\u2028\U000e0041\u034f\u115f\u3164\uffa0\U000e0100z";

    private static readonly HashSet<Rune> Unseen =
    [
        .. Hostile.EnumerateRunes().Where(rune => !rune.IsAscii || Rune.IsControl(rune)),
    ];

    private static readonly string[] Formats = ["table", "json", "yaml"];

    public static TheoryData<string> Commands =>
        [
            "list",
            "show ID",
            "show ID --wait",
            "show ID --watch",
            "approve ID --yes",
            "deny ID",
            "extend ID --duration 5m --reason r",
            "withdraw ID",
            "relinquish ID",
            "revoke ID",
            "events ID",
            "audit",
            "break-glass",
            "can",
            "can --cluster c -n a --role edit",
            "who-can get pods --cluster c -n a",
            "policies",
            "policies in-force",
            "whoami",
            "reconciler",
            "kubeconfig ID",
            "request --cluster c -n a --role edit --reason r",
        ];

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task No_command_prints_text_that_controls_the_terminal(string command)
    {
        foreach (var format in Formats)
        {
            await using var server = await JitServer.StartAsync();
            Fill(server);
            using var plugin = new Plugin(server) { Columns = 1000 };

            var run = await plugin.RunAsync([
                .. command.Replace("ID", Sample.Id, StringComparison.Ordinal).Split(' '),
                "-o",
                format,
            ]);

            Assert.Contains("[2K", run.Out + run.Error, StringComparison.Ordinal); // it came so far
            var harmful = Harmful(run.Out + run.Error);
            Assert.True(
                harmful is [],
                $"-o {format}: {string.Join(", ", harmful.Select(rune => $"U+{rune.Value:X4}"))} in "
                    + $"{run.Out}{run.Error}"
            );
        }
    }

    [Fact]
    public async Task A_problem_prints_no_text_that_controls_the_terminal()
    {
        var problem = ProblemAnswers.Body(409, Hostile, Hostile, Hostile);
        problem["errors"] = new JsonArray(new JsonObject { ["field"] = Hostile, ["message"] = Hostile });
        (problem["currentStatus"], problem["scope"]) = (Hostile, Hostile);
        Server.AnswerNext(409, problem);
        using var plugin = new Plugin(Server);

        var run = await plugin.RunAsync("withdraw", Sample.Id);

        Assert.Equal(ExitCode.WrongState, run.Code);
        Assert.Empty(Harmful(run.Error));
    }

    [Theory]
    [InlineData(
        "show ID",
        "held-grant",
        "held-standing",
        "lost-kind",
        "lost-name",
        "lost-detail",
        "grown-resource",
        "grown-danger"
    )]
    [InlineData(
        "show ID --wait",
        "held-grant",
        "held-standing",
        "lost-kind",
        "lost-name",
        "lost-detail",
        "present-resource"
    )]
    [InlineData(
        "show ID --watch",
        "held-grant",
        "held-standing",
        "lost-kind",
        "lost-name",
        "lost-detail",
        "present-resource"
    )]
    [InlineData("list", "lost-kind")]
    [InlineData("request --cluster c -n a --role edit --reason r", "held-grant", "held-standing")]
    [InlineData("policies in-force", "version-warning")]
    public async Task Control_characters_are_removed_from_printed_texts(string command, params string[] texts)
    {
        Fill(Server);
        using var plugin = new Plugin(Server) { Columns = 1000 };

        var run = await plugin.RunAsync(command.Replace("ID", Sample.Id, StringComparison.Ordinal).Split(' '));

        // With the beginning of Hostile.
        Assert.Each(texts, text => Assert.Contains($"{text}a", run.Out + run.Error, StringComparison.Ordinal));
        Assert.Empty(Harmful(run.Out + run.Error));
    }

    [Theory]
    [InlineData("table")]
    [InlineData("json")]
    [InlineData("yaml")]
    public async Task Policy_files_that_are_checked_do_not_either_by_their_names_or_in_what_is_wrong_with_them(
        string format
    )
    {
        using var plugin = new Plugin();
        var field = string.Concat(Hostile.EnumerateRunes().Select(rune => $"\\U{rune.Value:X8}"));
        var wrong = plugin.Write("policies/p.yaml", $"\"field-{field}\": []\n");
        var named = plugin.Write($"named/{Hostile}.yaml", "policies: []\n");

        foreach (
            var (path, sign) in new[]
            {
                (wrong, "field-a"),
                (Path.GetDirectoryName(named)!, "z.yaml"),
                ($"{named}.missing", "z.yaml.missing"),
            }
        )
        {
            var run = await plugin.RunAsync("policies", "check", path, "-o", format);

            Assert.Contains(sign, run.Out + run.Error, StringComparison.Ordinal);
            Assert.Empty(Harmful(run.Out + run.Error));
        }
    }

    [Fact]
    public async Task Documents_hold_it_as_escapes_and_so_in_full()
    {
        Server.Requests.Add(change: request => request["reason"] = Hostile);
        using var plugin = new Plugin(Server);

        var json = await plugin.RunAsync("show", Sample.Id, "-o", "json");
        var yaml = new YamlStream();
        yaml.Load(new StringReader((await plugin.RunAsync("show", Sample.Id, "-o", "yaml")).Out));

        Assert.Equal(Hostile, JsonNode.Parse(json.Out)!["reason"]!.GetValue<string>());
        Assert.Equal(Hostile, ((YamlScalarNode)yaml.Documents[0].RootNode["reason"]).Value);
    }

    private static List<Rune> Harmful(string text) =>
        [
            .. text.EnumerateRunes()
                .Where(rune =>
                    Unseen.Contains(rune)
                    || (
                        rune.Value is not '\n'
                        && Rune.GetUnicodeCategory(rune)
                            is UnicodeCategory.Control
                                or UnicodeCategory.Format
                                or UnicodeCategory.LineSeparator
                                or UnicodeCategory.ParagraphSeparator
                    )
                ),
        ];

    private static void Fill(JitServer server)
    {
        server.Requests.Add(change: request =>
        {
            Sample.NeedTwo(request);
            Sample.ReadSecrets(request);
            Sample.Approve(request);
            Sample.Activate(request);
            Sample.AskLonger(request);
            Sample.BreakGlass(request);
            Sample.End(request, "ended", "revoked", "carol");
            (request["ticket"], request["trouble"]) = (
                "T",
                JsonNode.Parse("""{ "what": "w", "detail": "d", "attempts": 2 }""")
            );
            (request["serviceAccount"], request["denialProof"]) = (
                JsonNode.Parse("""{ "namespace": "n", "name": "n" }"""),
                JsonNode.Parse("""{ "verdict": "v", "detail": "d" }""")
            );
            request["lost"] = JsonNode.Parse(
                """[{ "kind": "lost-kind", "namespace": "n", "name": "lost-name", "foundAt": "2026-11-23T08:04:40Z", "detail": "lost-detail" }]"""
            );
            request["unapproved"] = JsonNode.Parse(
                """
                { "rights": [{ "namespaces": ["n"], "rules": [{ "apiGroups": ["g"], "resources": ["grown-resource"], "verbs": ["v"] }] }],
                  "present": [{ "namespaces": ["n"], "rules": [{ "apiGroups": [""], "resources": ["present-resource"], "verbs": ["v"] }] }],
                  "dangers": [{ "kind": "k", "reach": "r", "blastRadius": "grown-danger" }],
                  "foundAt": "2026-11-23T08:04:40Z", "changedAt": "2026-11-23T08:04:50Z" }
                """
            );
            HoldAlready(request);
            Poison(request, "id", "status", "verdict", "enforcement");
            request["policy"]!["enforcement"] = "ephemeral";
        });
        server.Requests.OnAsk = server.Requests.OnExtend = request =>
        {
            HoldAlready(request);
            Poison(request, "id", "status", "verdict");
        };
        server.Cluster = Poisoned("""{ "name": "n", "server": "s", "certificateAuthorityData": "d" }""");
        server.Events.Enqueue(
            Poisoned(
                """{"sequence":1,"stream":"s","version":1,"type":"t","timestamp":"2026-11-23T08:00:00Z","actor":"a","channel":"c","data":{"terms":{"reason":"r","duration":"30m"}}}"""
            )
        );
        server.Policies["/api/whoami"] = Poisoned(
            """{ "username": "u", "subject": "s", "otherAccounts": ["o"], "groups": ["g"] }"""
        );
        server.Policies["/api/reconciler"] = Poisoned(
            """
            { "items": [{ "id": "i", "startedAt": "2026-11-23T08:03:00Z", "finishedAt": "2026-11-23T08:04:00Z", "findings": [{ "kind": "k", "subject": "s", "detail": "d" }] }],
              "installation": "i" }
            """
        );
        server.Policies["/api/policies"] = Poisoned(
            """
            { "items": [ { "policy": "p", "source": "s", "clusters": ["c"], "namespaces": ["n"], "namespaceLabels": { "l": "v" }, "roles": ["r"], "hours": "h",
              "maxDuration": "m", "defaultDuration": "d", "reason": "r", "ticket": "t", "requirements": [{ "groups": ["g"], "count": 1 }],
              "rules": [{ "apiGroups": ["g"], "resources": ["r"], "verbs": ["v"], "resourceNames": ["n"] }] } ] }
            """
        );
        server.Policies["/api/policies/simulate"] = Poisoned(
            """
            { "covered": false, "code": "c", "detail": "d", "dangers": [{ "kind": "k", "reach": "r", "blastRadius": "b" }],
              "verdicts": [{ "policy": "p", "source": "s", "covers": false, "excess": [{ "field": "f", "source": "s", "message": "m" }] }] }
            """
        );
        server.Policies["/api/policies/who-can"] = Poisoned(
            """
            { "items": [{ "policy": "p", "source": "s", "groups": ["g"], "users": ["u"], "exceptUsers": ["e"], "by": ["b"], "requirements": [] }], "unresolved": ["u"] }
            """
        );
        server.Policies["/api/policies/versions"] = Poisoned(
            """{ "items": [{ "version": "v", "publishedAt": "2026-11-23T08:00:00Z", "publisher": "p", "source": "s" }] }"""
        );
        server.Policies["/api/policies/versions/in-force"] = Poisoned(
            """
            { "version": "v", "publisher": "p", "source": "s", "errors": ["e"], "warnings": ["version-warning"], "changes": ["c"], "files": [{ "name": "n", "content": "c" }] }
            """
        );
    }

    private static void HoldAlready(JsonObject request) =>
        request["alreadyHeld"] = JsonNode.Parse(
            """{ "grant": "held-grant", "grantExpiresAt": "2026-11-23T08:30:00Z", "standing": "held-standing" }"""
        );

    private static string Poisoned(string json)
    {
        var node = JsonNode.Parse(json)!;
        Poison(node);
        return node.ToJsonString();
    }

    // Times stay times.
    private static void Poison(JsonNode node, params string[] except)
    {
        switch (node)
        {
            case JsonObject fields:
                foreach (var (name, value) in fields.ToList().Where(field => !except.Contains(field.Key)))
                {
                    if (Poison(value, except) is { } text)
                        fields[name] = text;
                }

                break;
            case JsonArray items:
                for (var i = 0; i < items.Count; i++)
                {
                    if (Poison(items[i], except) is { } text)
                        items[i] = text;
                }

                break;
        }

        static string? Poison(JsonNode? value, string[] except)
        {
            if (value is JsonObject or JsonArray)
                TerminalTests.Poison(value, except);
            return
                value is JsonValue leaf
                && leaf.TryGetValue<string>(out var text)
                && !DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out _)
                ? text + Hostile
                : null;
        }
    }
}
