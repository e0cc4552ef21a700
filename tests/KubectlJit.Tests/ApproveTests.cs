using System.Text.Json.Nodes;
using JitFunctions.KubectlJit.Terminal;

namespace JitFunctions.KubectlJit.Tests;

public sealed class ApproveTests : ServerTests
{
    private Call[] Reviews => [.. Server.Calls.Where(call => call.Method is "POST")];

    [Fact]
    public async Task It_shows_what_is_approved_and_sends_the_scope_that_it_showed()
    {
        Server.Requests.Add(change: request =>
        {
            Sample.NeedTwo(request);
            Sample.ReadSecrets(request);
            request["ticket"] = "INC-4711";
            request["start"] = "2026-11-23T10:05:00Z";
            request["reviews"] = JsonNode.Parse(
                """[{ "reviewer": "bob@example.com", "verdict": "approve", "at": "2026-11-23T08:04:00Z", "counts": true }]"""
            );
        });
        using var plugin = new Plugin(Server);

        var run = await plugin.RunAsync("approve", Sample.Id, "--comment", "fine", "-o", "json");

        Assert.Equal(ExitCode.Ok, run.Code);
        Assert.Equal(
            """
            To approve: request 3f9k2m7xq0ab
            Who:          alice@example.com
            What:         ClusterRole/edit, 2 rules: kubectl jit show 3f9k2m7xq0ab
            Where:        payments in prod-eu
            How long:     30m
            Start:        2026-11-23T10:05:00Z (in 120m)
            Reason:       restart the stuck consumer
            Ticket:       INC-4711
            Danger:       Reads every secret, and so can become its service accounts
                          (read-secrets, within its namespaces)
            Review:       approved by bob@example.com
            Approval:     needed: 1 of payments-leads and 1 of security; 1 given, at least 1 more
            Scope:        sha256:9f86d081884c

            """,
            run.Error
        );
        JsonAssert.Equal(
            $$"""{"verdict":"approve","scope":"{{Sample.Scope}}","comment":"fine"}""",
            Assert.Single(Reviews).Body
        );
        Assert.Equal("approved", JsonNode.Parse(run.Out)!["status"]!.GetValue<string>());
    }

    [Fact]
    public async Task Rules_of_its_own_are_shown_one_by_one()
    {
        Server.Requests.Add(change: request =>
        {
            request.Remove("role");
            request["rules"] = JsonNode.Parse(
                """
                [{ "apiGroups": ["", "apps"], "resources": ["pods/log"], "verbs": ["get"], "resourceNames": ["consumer-1", "consumer-2"] },
                 { "resources": ["secrets"], "verbs": ["*"] }]
                """
            );
        });
        using var plugin = new Plugin(Server);

        var run = await plugin.RunAsync("approve", Sample.Id);

        Assert.Contains("What:         get pods/log,pods.apps/log named consumer-1,consumer-2", run.ErrorLines);
        Assert.Contains("What:         * secrets", run.ErrorLines);
    }

    [Fact]
    public async Task What_changes_between_showing_and_sending_is_never_approved()
    {
        Server.Requests.Add();
        Server.AnswerNext(async http =>
        {
            await Server.Requests.GetAsync(http, Sample.Id);
            Server.Requests.Change(request => request["scope"] = Sample.NarrowScope);
        });
        using var plugin = new Plugin(Server);

        var run = await plugin.RunAsync("approve", Sample.Id, "--yes");

        Assert.Equal((ExitCode.WrongState, ""), (run.Code, run.Out));
        Assert.Equal(
            [
                "error: The scope has changed (scope-changed): Look at the request again, then decide.",
                $"  its scope now: {Sample.NarrowScope}",
                $"  what you saw:  {Sample.Scope}",
                "  it has changed since; look at it again and decide:  kubectl jit approve 3f9k2m7xq0ab",
            ],
            run.ErrorLines[^4..]
        );
        Assert.Contains(Sample.Scope, Assert.Single(Reviews).Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("y\n", true)]
    [InlineData(" YES \n", true)]
    [InlineData("n\n", false)]
    [InlineData("\n", false)]
    [InlineData("yesterday\n", false)]
    [InlineData("", false)]
    public async Task A_person_is_asked_and_only_a_yes_is_one(string answer, bool approved)
    {
        Server.Requests.Add();
        using var plugin = new Plugin(Server) { Keyboard = new StringReader(answer) };

        var run = await plugin.RunAsync("approve", Sample.Id);

        Assert.Equal(approved ? ExitCode.Ok : ExitCode.Interrupted, run.Code);
        Assert.Contains("Approve? [y/N] ", run.Error, StringComparison.Ordinal);
        Assert.True(
            run.Error.IndexOf("Scope:", StringComparison.Ordinal)
                < run.Error.IndexOf("Approve?", StringComparison.Ordinal)
        );
        Assert.Equal(approved ? 1 : 0, Reviews.Length);
        if (!approved)
            Assert.EndsWith(
                "error: not approved (interrupted): nothing was sent",
                run.ErrorLines[^1],
                StringComparison.Ordinal
            );
    }

    [Theory]
    [InlineData("approve", "--yes")]
    [InlineData("deny", "--comment=no")]
    public async Task A_person_who_is_sure_is_not_asked_nor_is_one_who_denies(string command, string flag)
    {
        Server.Requests.Add();
        using var plugin = new Plugin(Server) { Keyboard = new StringReader("n\n") };

        var run = await plugin.RunAsync(command, Sample.Id, flag);

        Assert.Equal(ExitCode.Ok, run.Code);
        Assert.DoesNotContain("[y/N]", run.Error, StringComparison.Ordinal);
        Assert.Single(Reviews);
    }

    [Fact]
    public async Task A_denial_shows_the_same_and_names_the_scope_too()
    {
        Server.Requests.Add();
        using var plugin = new Plugin(Server);

        var run = await plugin.RunAsync("deny", Sample.Id, "--comment", "use the runbook", "-o", "json");

        Assert.Equal(
            ("To deny: request 3f9k2m7xq0ab", "Scope:        sha256:9f86d081884c"),
            (run.ErrorLines[0], run.ErrorLines[^1])
        );
        JsonAssert.Equal(
            $$"""{"verdict":"deny","scope":"{{Sample.Scope}}","comment":"use the runbook"}""",
            Assert.Single(Reviews).Body
        );
        Assert.Equal("denied", JsonNode.Parse(run.Out)!["status"]!.GetValue<string>());
    }

    [Theory]
    [InlineData(Sample.Scope)]
    [InlineData("sha256:9f86d081")]
    [InlineData("9f86d081884c")]
    [InlineData("9F86D081")]
    public async Task Who_names_the_scope_gets_that_one(string scope)
    {
        Server.Requests.Add();
        using var plugin = new Plugin(Server);

        Assert.Equal(ExitCode.Ok, (await plugin.RunAsync("approve", Sample.Id, "--scope", scope)).Code);
        Assert.Contains($"\"scope\":\"{Sample.Scope}\"", Assert.Single(Reviews).Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("approve", Sample.NarrowScope)]
    [InlineData("approve", "86d081884c")]
    [InlineData("deny", "9f86d0810")]
    public async Task Who_names_another_scope_sends_nothing(string command, string scope)
    {
        Server.Requests.Add();
        using var plugin = new Plugin(Server);

        var run = await plugin.RunAsync(command, Sample.Id, "--scope", scope);

        Assert.Equal(ExitCode.WrongState, run.Code);
        Assert.Contains(
            "the scope is another one than --scope names (scope-changed): nothing was sent",
            run.Error,
            StringComparison.Ordinal
        );
        Assert.Equal($"  its scope now: {Sample.Scope}", run.ErrorLines[^1]);
        Assert.Empty(Reviews);
    }

    [Theory]
    [InlineData("9f86d08")]
    [InlineData("sha256:")]
    [InlineData("")]
    [InlineData("9f86d081*")]
    [InlineData("md5:9f86d081884c")]
    public async Task Too_little_of_a_scope_is_wrong_usage(string scope)
    {
        using var plugin = new Plugin(Server);

        Assert.Equal(ExitCode.Usage, (await plugin.RunAsync("approve", Sample.Id, "--scope", scope)).Code);
        Assert.Empty(Server.Calls);
    }

    [Fact]
    public async Task A_beginning_that_two_scopes_share_is_neither()
    {
        Server.Requests.Add(change: request =>
        {
            Sample.Activate(request);
            Sample.AskLonger(request);
            request["extension"]!["scope"] = $"{Sample.Scope[..20]}{Sample.NarrowScope[20..]}";
        });
        using var plugin = new Plugin(Server);

        var run = await plugin.RunAsync("approve", Sample.Id, "--scope", Sample.Scope[..16]);

        Assert.Equal(ExitCode.WrongState, run.Code);
        Assert.Contains("may mean two scopes", run.Error, StringComparison.Ordinal);
        Assert.Empty(Reviews);
    }

    [Fact]
    public async Task Less_can_be_approved_than_was_asked()
    {
        Server.Requests.Add(change: request =>
        {
            Sample.NeedTwo(request);
            request.Remove("role");
            request["rules"] = JsonNode.Parse(
                """[{ "apiGroups": [""], "resources": ["pods"], "verbs": ["get", "delete"] }]"""
            );
            request["namespaces"] = new JsonArray("payments", "billing");
            request["reviews"] = JsonNode.Parse(
                """[{ "reviewer": "bob@example.com", "verdict": "approve", "at": "2026-11-23T08:04:00Z", "counts": true }]"""
            );
        });
        using var plugin = new Plugin(Server);
        var rules = plugin.Write(
            "rules.yaml",
            "- {apiGroups: [''], resources: [pods], verbs: [get], resourceNames: [consumer-1]}"
        );

        var run = await plugin.RunAsync(
            "approve",
            Sample.Id,
            "--duration",
            "15m",
            "-n",
            "payments",
            "--rules-file",
            rules,
            "-o",
            "wide"
        );

        Assert.Equal(ExitCode.Ok, run.Code);
        JsonAssert.Equal(
            $$"""
            {"verdict":"approve","scope":"{{Sample.Scope}}","narrow":{"duration":"15m","namespaces":["payments"],
             "rules":[{"apiGroups":[""],"resources":["pods"],"verbs":["get"],"resourceNames":["consumer-1"]}] } }
            """,
            Assert.Single(Reviews).Body
        );
        Assert.Equal(
            [
                "Narrowed to:  15m",
                "Narrowed to:  payments",
                "Narrowed to:  get pods named consumer-1",
                "Beware:       1 earlier approval counts only when given again for less",
            ],
            run.ErrorLines[^4..]
        );
        Assert.Contains("1 of 2 approvals", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_wrong_with_the_narrower_rules_is_told_before_anything_is_sent()
    {
        Server.Requests.Add();
        using var plugin = new Plugin(Server);

        var run = await plugin.RunAsync(
            "approve",
            Sample.Id,
            "--rules-file",
            plugin.Write("rules.yaml", "- {resources: [pods], verbs: [get], resourceNames: []}")
        );

        Assert.Equal(ExitCode.Usage, run.Code);
        Assert.Empty(Server.Calls);
    }

    [Fact]
    public async Task A_denial_takes_nothing_away()
    {
        using var plugin = new Plugin(Server);

        Assert.Equal(ExitCode.Usage, (await plugin.RunAsync("deny", Sample.Id, "--duration", "5m")).Code);
        Assert.Empty(Server.Calls);
    }

    [Theory]
    [InlineData("approve")]
    [InlineData("deny")]
    public async Task A_waiting_extension_is_what_is_reviewed(string command)
    {
        Server.Requests.Add(change: request =>
        {
            Sample.Activate(request);
            Sample.AskLonger(request);
        });
        using var plugin = new Plugin(Server);

        var run = await plugin.RunAsync(command, Sample.Id, "-o", "json");

        Assert.Equal(
            $"""
            To {command}: the extension of 3f9k2m7xq0ab
            Who:          alice@example.com
            What:         ClusterRole/edit
            Where:        payments in prod-eu
            How long:     20m more, after 30m
            Expires:      2026-11-23T08:34:30Z (in 29m) without it
            Longer since: the queue is long
            Reason:       restart the stuck consumer
            Approval:     needed: 1 of payments-leads
            Scope:        sha256:fd61a03af4f7

            """,
            run.Error
        );
        JsonAssert.Equal(
            $$"""{"verdict":"{{command}}","scope":"{{Sample.ExtensionScope}}"}""",
            Assert.Single(Reviews).Body
        );
        Assert.Equal(command is "approve", run.Out.Contains("2026-11-23T08:54:30Z", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Who_names_the_scope_of_the_request_does_not_approve_its_extension()
    {
        Server.Requests.Add(change: request =>
        {
            Sample.Activate(request);
            Sample.AskLonger(request);
        });
        using var plugin = new Plugin(Server);

        Assert.Equal(ExitCode.WrongState, (await plugin.RunAsync("approve", Sample.Id, "--scope", Sample.Scope)).Code);
        Assert.Empty(Reviews);
    }

    [Fact]
    public async Task What_was_done_by_break_glass_is_reviewed_afterwards()
    {
        Server.Requests.Add(change: request =>
        {
            Sample.Activate(request);
            Sample.BreakGlass(request);
        });
        using var plugin = new Plugin(Server);

        var approved = await plugin.RunAsync("approve", Sample.Id, "-o", "wide");

        Assert.Equal("To approve: what was done by break-glass, 3f9k2m7xq0ab", approved.ErrorLines[0]);
        Assert.Contains("How long:     30m, had without approval", approved.ErrorLines);
        Assert.Contains("Break-glass:  its review is owed by 2026-11-24T08:00:00Z (in 23h)", approved.ErrorLines);
        Assert.DoesNotContain("Beware", approved.Error, StringComparison.Ordinal);
        Assert.Contains("break-glass justified", approved.Out, StringComparison.Ordinal);
        JsonAssert.Equal($$"""{"verdict":"approve","scope":"{{Sample.Scope}}"}""", Assert.Single(Reviews).Body);
    }

    [Fact]
    public async Task Who_denies_break_glass_is_told_that_it_ends_the_rights()
    {
        Server.Requests.Add(change: request =>
        {
            Sample.Activate(request);
            Sample.BreakGlass(request);
        });
        using var plugin = new Plugin(Server);

        var run = await plugin.RunAsync("deny", Sample.Id, "-o", "wide");

        Assert.Equal("Beware:       to deny it ends the rights at once", run.ErrorLines[^1]);
        Assert.Contains("break-glass not justified", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Neither_an_extension_nor_break_glass_can_be_narrowed()
    {
        Server.Requests.Add(
            "aaaaaaaaaaaa",
            request =>
            {
                Sample.Activate(request);
                Sample.AskLonger(request);
            }
        );
        Server.Requests.Add("bbbbbbbbbbbb", Sample.BreakGlass);
        using var plugin = new Plugin(Server);

        foreach (var id in (string[])["aaaaaaaaaaaa", "bbbbbbbbbbbb"])
        {
            var run = await plugin.RunAsync("approve", id, "--duration", "5m");
            Assert.Equal(ExitCode.WrongState, run.Code);
            Assert.Contains("(not-narrowable): nothing was sent", run.Error, StringComparison.Ordinal);
        }

        Assert.Empty(Reviews);
    }

    [Fact]
    public async Task A_server_without_scopes_can_be_told_no_but_not_yes()
    {
        Server.Requests.Add(change: request => request.Remove("scope"));
        using var plugin = new Plugin(Server);

        var approval = await plugin.RunAsync("approve", Sample.Id);
        var insistent = await plugin.RunAsync("deny", Sample.Id, "--scope", Sample.Scope);
        Assert.Empty(Reviews);
        var denial = await plugin.RunAsync("deny", Sample.Id);

        Assert.Equal(ExitCode.Unexpected, approval.Code);
        Assert.Contains(
            "does not say which scope an approval would be for (no-scope): nothing was sent; the server is older",
            approval.Error,
            StringComparison.Ordinal
        );
        Assert.Equal(ExitCode.WrongState, insistent.Code);
        Assert.Equal(ExitCode.Ok, denial.Code);
        JsonAssert.Equal("""{"verdict":"deny"}""", Assert.Single(Reviews).Body);
    }

    [Fact]
    public async Task What_is_decided_already_is_shown_as_that_and_left_to_the_server()
    {
        Server.Requests.Add(change: Sample.Approve);
        Server.AnswerNext(http => Server.Requests.GetAsync(http, Sample.Id));
        Server.AnswerNext(409, ProblemAnswers.Body(409, "wrong-state", "Not now", "It is approved."));
        using var plugin = new Plugin(Server);

        var run = await plugin.RunAsync("approve", Sample.Id);

        Assert.Equal(ExitCode.WrongState, run.Code);
        Assert.Equal("To approve: request 3f9k2m7xq0ab, which is approved", run.ErrorLines[0]);
        Assert.Contains("Approval:     1 of payments-leads; nothing waits for it now", run.ErrorLines);
        Assert.DoesNotContain("what you saw", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reason_cannot_pass_for_another_line()
    {
        var filler = new string('\u3000', 20);
        Server.Requests.Add(change: request =>
            request["reason"] =
                $"read logs\nScope:        sha256:000000000000\e[2K{filler}{new string('x', 200)} Where: nowhere"
        );
        using var plugin = new Plugin(Server);

        var run = await plugin.RunAsync("approve", Sample.Id);

        Assert.Equal(
            "Scope:        sha256:9f86d081884c",
            Assert.Single(run.ErrorLines, line => line.StartsWith("Scope:", StringComparison.Ordinal))
        );
        Assert.Single(run.ErrorLines, line => line.StartsWith("Where:", StringComparison.Ordinal));
        Assert.DoesNotContain('\e', run.Error);
        Assert.Each(run.ErrorLines, line => Assert.InRange(line.Sum(c => char.IsAscii(c) ? 1 : 2), 0, 80));
    }

    [Fact]
    public async Task An_interruption_at_the_question_sends_nothing()
    {
        Server.Requests.Add();
        using var keyboard = new SilentKeyboard();
        using var interruption = new CancellationTokenSource();
        using var plugin = new Plugin(Server) { Keyboard = keyboard };

        var running = plugin.RunUntilAsync(interruption.Token, "approve", Sample.Id);
        await JitServer.WaitUntilAsync(() => keyboard.IsRead);
        await interruption.CancelAsync();
        var run = await running;

        Assert.Equal(ExitCode.Interrupted, run.Code);
        Assert.Empty(Reviews);
    }
}
