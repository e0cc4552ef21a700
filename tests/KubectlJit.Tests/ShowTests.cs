using System.Text.Json.Nodes;
using JitFunctions.KubectlJit.Terminal;

namespace JitFunctions.KubectlJit.Tests;

public sealed class ShowTests : ServerTests
{
    [Fact]
    public async Task It_shows_all_there_is_to_know()
    {
        Server.Requests.Add(change: request =>
        {
            Sample.Approve(request);
            Sample.Activate(request);
            Sample.End(request, "ended", "revoked", "carol@example.com");
            request["ticket"] = "INC-4711";
            request["denialProof"] = JsonNode.Parse(
                """{ "verdict": "stillAllowed", "detail": "RoleBinding payments/standing" }"""
            );
        });
        using var plugin = new Plugin(Server);

        var run = await plugin.RunAsync("show", Sample.Id);

        Assert.Equal(
            """
            ID:           3f9k2m7xq0ab
            Status:       ended
            Requester:    alice@example.com
            Cluster:      prod-eu
            Namespaces:   payments
            Role:         ClusterRole/edit
            Duration:     30m
            Reason:       restart the stuck consumer
            Ticket:       INC-4711
            Policy:       payments-on-call (payments.yaml:3, sha256:1)
            Approval:     1 of payments-leads
            Scope:        sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
            Requested:    2026-11-23T08:00:00Z (5m ago)
            Review:       approved by bob@example.com: go
            Approved:     2026-11-23T08:04:00Z (60s ago)
            Activated:    2026-11-23T08:04:30Z (30s ago)
            Expires:      2026-11-23T08:34:30Z (in 29m)
            Binding:      payments/jit-3f9k2m7xq0ab
            Ending:       revoked by carol@example.com
            Ended:        2026-11-23T08:04:51Z (9s ago)
            Denial proof: stillAllowed: RoleBinding payments/standing

            """,
            run.Out
        );
    }

    [Fact]
    public async Task Dangers_rights_a_start_and_what_no_longer_counts_are_part_of_it()
    {
        Server.Requests.Add(change: request =>
        {
            Sample.NeedTwo(request);
            Sample.ReadSecrets(request);
            Sample.Approve(request);
            Sample.Narrow(request, JsonNode.Parse("""{ "duration": "15m" }""")!.AsObject());
            request["status"] = "approved";
            request["start"] = "2026-11-23T10:05:00Z";
        });
        using var plugin = new Plugin(Server);

        var run = await plugin.RunAsync("show", Sample.Id);

        string[] expected =
        [
            "Duration:     15m",
            "Start:        2026-11-23T10:05:00Z (in 120m)",
            "Approval:     1 of payments-leads and 1 of security",
            "Danger:       Reads every secret, and so can become its service accounts",
            "              (read-secrets, within its namespaces)",
            "Right:        get,list pods,pods/log,secrets",
            "Right:        update deployments.apps,deployments.apps/scale named consumer",
            "Review:       approved by bob@example.com, which no longer counts: go",
            "Review:       approved by dora@example.com",
        ];
        Assert.Equal(expected, run.OutLines.Intersect(expected));
    }

    [Fact]
    public async Task Rights_in_several_places_name_them()
    {
        Server.Requests.Add(change: request =>
            request["rights"] = JsonNode.Parse(
                """
                [{ "namespaces": ["payments"], "rules": [{ "apiGroups": [""], "resources": ["pods"], "verbs": ["get"] }] },
                 { "namespaces": [], "rules": [{ "nonResourceURLs": ["/healthz"], "verbs": ["get"] }, { "apiGroups": ["*"], "resources": ["*"], "verbs": ["*"] }] }]
                """
            )
        );
        using var plugin = new Plugin(Server);

        var run = await plugin.RunAsync("show", Sample.Id);

        Assert.Equal(
            ["Right:        payments: get pods", "Right:        *: get /healthz", "Right:        *: * *.*"],
            run.OutLines.Where(line => line.StartsWith("Right:", StringComparison.Ordinal))
        );
    }

    [Fact]
    public async Task An_extension_that_waits_and_break_glass_that_owes_its_review_are_shown()
    {
        Server.Requests.Add(change: request =>
        {
            Sample.Activate(request);
            Sample.AskLonger(request);
            Sample.BreakGlass(request);
            request["extension"]!["reviews"] = JsonNode.Parse(
                """[{ "reviewer": "bob@example.com", "verdict": "approve", "at": "2026-11-23T08:05:00Z" }]"""
            );
            request["breakGlass"]!["overdueAt"] = "2026-11-24T08:00:00Z";
        });
        using var plugin = new Plugin(Server);

        var run = await plugin.RunAsync("show", Sample.Id);

        string[] expected =
        [
            "Extension:    20m more, waits for its review: the queue is long",
            $"  its scope:  {Sample.ExtensionScope}",
            "  its review: approved by bob@example.com",
            "Break-glass:  its review is overdue: it was owed by 2026-11-24T08:00:00Z (in 23h)",
            "  told:       2026-11-23T08:00:01Z (4m59s ago)",
        ];
        Assert.Equal(expected, run.OutLines.Intersect(expected));
    }

    [Theory]
    [InlineData(true, "reviewed 2026-11-23T08:04:40Z (20s ago): justified")]
    [InlineData(false, "reviewed 2026-11-23T08:04:40Z (20s ago): not justified")]
    public async Task A_review_of_break_glass_that_was_given_says_how_it_turned_out(bool justified, string expected)
    {
        Server.Requests.Add(change: request =>
        {
            Sample.BreakGlass(request);
            Sample.Settle(request["breakGlass"]!, justified);
        });
        using var plugin = new Plugin(Server);

        Assert.Contains($"Break-glass:  {expected}", (await plugin.RunAsync("show", Sample.Id)).OutLines);
    }

    [Fact]
    public async Task What_an_active_grant_has_lost_is_shown_and_listed_and_told_to_who_watches()
    {
        Server.Requests.Add(change: request =>
        {
            Sample.Activate(request);
            request["lost"] = JsonNode.Parse(
                $$"""
                [{ "kind": "RoleBinding", "namespace": "payments", "name": "jit-{{Sample.Id}}", "foundAt": "2026-11-23T08:04:40Z", "detail": "somebody deleted it" },
                 { "name": "jit-{{Sample.Id}}", "foundAt": "2026-11-23T08:04:50Z" }]
                """
            );
        });
        using var plugin = new Plugin(Server);

        var run = await plugin.RunAsync("show", Sample.Id);

        string[] expected =
        [
            $"Lost:         RoleBinding payments/jit-{Sample.Id}, since 2026-11-23T08:04:40Z",
            "              (20s ago): somebody deleted it",
            $"Lost:         object jit-{Sample.Id}, since 2026-11-23T08:04:50Z (10s ago)",
        ];
        Assert.Equal(expected, run.OutLines.Intersect(expected));
        Assert.Contains(
            "lost RoleBinding and object",
            (await plugin.RunAsync("list", "-o", "wide")).OutLines[1],
            StringComparison.Ordinal
        );
        Assert.Contains(
            $"{Sample.Id}  lost: RoleBinding payments/jit-{Sample.Id}, since 2026-11-23T08:04:40Z (20s ago): "
                + "somebody deleted it",
            (await plugin.RunAsync("show", Sample.Id, "--wait")).ErrorLines
        );
    }

    [Fact]
    public async Task What_a_role_allowed_without_approval_is_shown_and_listed_and_told_to_who_watches()
    {
        Server.Requests.Add(change: request =>
        {
            Sample.Activate(request);
            request["unapproved"] = JsonNode.Parse(
                """
                { "rights": [{ "namespaces": ["payments"], "rules": [{ "apiGroups": [""], "resources": ["secrets"], "verbs": ["get", "list"] }] }],
                  "present": [], "dangers": [{ "kind": "read-secrets", "reach": "namespace", "blastRadius": "can read secrets" }],
                  "foundAt": "2026-11-23T08:04:40Z", "changedAt": "2026-11-23T08:04:50Z" }
                """
            );
        });
        using var plugin = new Plugin(Server);

        var run = await plugin.RunAsync("show", Sample.Id);

        string[] expected =
        [
            "Role grew:    2026-11-23T08:04:40Z (20s ago)",
            "Unapproved:   payments: get,list secrets",
            "  danger:     can read secrets (read-secrets, within its namespaces)",
            "  gone:       2026-11-23T08:04:50Z (10s ago)",
        ];
        Assert.Equal(expected, run.OutLines.Intersect(expected));
        Assert.Contains(
            "role grew dangerously",
            (await plugin.RunAsync("list", "-o", "wide")).OutLines[1],
            StringComparison.Ordinal
        );
        Assert.Contains(
            $"{Sample.Id}  its role no longer allows what nobody approved",
            (await plugin.RunAsync("show", Sample.Id, "--wait")).ErrorLines
        );
    }

    [Fact]
    public async Task A_request_with_only_what_is_always_there_can_be_shown()
    {
        Server.Requests.Add(change: request =>
        {
            foreach (
                var name in (ReadOnlySpan<string>)
                    ["policy", "reviews", "bindings", "decideBy", "namespaces", "role", "scope", "dangers"]
            )
                request.Remove(name);
        });
        using var plugin = new Plugin(Server);

        Assert.Equal(ExitCode.Ok, (await plugin.RunAsync("show", Sample.Id)).Code);
        Assert.Equal(ExitCode.Ok, (await plugin.RunAsync("list")).Code);
    }

    [Fact]
    public async Task An_older_server_tells_only_how_many_of_all_groups_approve()
    {
        Server.Requests.Add(change: request =>
            request["policy"] = JsonNode.Parse(
                """{ "name": "p", "version": "sha256:1", "automatic": false, "approverGroups": ["a", "b"], "requiredApprovals": 2 }"""
            )
        );
        using var plugin = new Plugin(Server);

        var run = await plugin.RunAsync("show", Sample.Id);

        Assert.Contains("Policy:       p (sha256:1)", run.OutLines);
        Assert.Contains("Approval:     2 of a or b", run.OutLines);
    }

    [Theory]
    [InlineData("..")]
    [InlineData("a/b")]
    [InlineData("a?b")]
    public async Task What_is_no_id_never_becomes_a_path(string id)
    {
        using var plugin = new Plugin(Server);

        Assert.Equal(ExitCode.Usage, (await plugin.RunAsync("show", id)).Code);
        Assert.Empty(Server.Calls);
    }

    [Fact]
    public async Task Waiting_and_watching_exclude_each_other()
    {
        using var plugin = new Plugin(Server);

        Assert.Equal(ExitCode.Usage, (await plugin.RunAsync("show", Sample.Id, "--wait", "--watch")).Code);
    }
}
