using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace JitFunctions.LocalStack;

/// <summary>
/// Shows one grant from request to end with the real commands. Each step checks that the system did what the text says.
/// </summary>
internal sealed class DemoScript(LocalPlatform platform, Narrator narrator, CancellationToken cancellation)
{
    private const int GrantSeconds = 20;
    private const string Forbidden = "(Forbidden)";

    private static readonly TimeSpan ActionsArriveWithin = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan EndsLateAtMost = TimeSpan.FromSeconds(30);

    private string _id = "";

    public async Task PlayAsync()
    {
        await AliceHasNoRightsAsync();
        await ThePoliciesExplainThemselvesAsync();
        await SheAsksAsync();
        await OnlyAnApproverDecidesAsync();
        await BobApprovesAsync();
        await SheWorksAsync();
        await NoMoreThanGrantedAsync();
        await ItEndsByItselfAsync();
        await AnAuditorReplaysItAsync();
        await InAnEmergencyApprovalsAreOwedAsync();
        await new RecordScene(platform, narrator, cancellation).PlayAsync(_id);
    }

    private async Task AliceHasNoRightsAsync()
    {
        narrator.Title("Alice is a developer on call. She has no rights in the cluster.");
        var pods = await Kubectl("alice", "get", "pods", "-n", "payments");
        narrator.Check(
            pods.ExitCode != 0 && pods.StdErr.Contains(Forbidden, StringComparison.Ordinal),
            "the API server refuses her"
        );
    }

    private async Task ThePoliciesExplainThemselvesAsync()
    {
        narrator.Title("Before she asks, the policies say what she may ask for, and why not.");
        var mine = await Kubectl("alice", "jit", "can");
        narrator.Check(
            mine.ExitCode == 0 && mine.StdOut.Contains("payments-on-call", StringComparison.Ordinal),
            "she sees the policies that are about her"
        );
        var refused = await Kubectl("alice", "jit", "can", "--cluster", "demo", "-n", "orders", "--role", "edit");
        narrator.Check(
            refused.ExitCode != 0
                && (refused.StdOut + refused.StdErr).Contains("policies.yaml:", StringComparison.Ordinal),
            "elsewhere it would be refused, and she is told by which line"
        );
    }

    private async Task SheAsksAsync()
    {
        narrator.Title($"She asks for `edit` in one namespace, for {GrantSeconds} seconds.");
        var asked = await Kubectl(
            "alice",
            "jit",
            "request",
            "--cluster",
            "demo",
            "-n",
            "payments",
            "--role",
            "ClusterRole/edit",
            "--duration",
            $"{GrantSeconds}s",
            "--reason",
            "restart the stuck consumer"
        );
        _id = await LatestAsync();
        narrator.Check(
            asked.ExitCode == 0 && (await RequestAsync()).Status == "pending",
            $"request {_id} waits for a decision"
        );
        narrator.Check(await IsForbiddenAsync(), "asking is not having: she is still refused");
    }

    private async Task OnlyAnApproverDecidesAsync()
    {
        narrator.Title("Not everybody may decide.");
        var self = await Kubectl("alice", "jit", "approve", _id);
        narrator.Check(
            self.ExitCode != 0 && self.StdErr.Contains("self-review", StringComparison.Ordinal),
            "alice cannot approve her own request"
        );
        var stranger = await Kubectl("mallory", "jit", "approve", _id);
        narrator.Check(
            stranger.ExitCode != 0 && stranger.StdErr.Contains("not-found", StringComparison.Ordinal),
            "for mallory it does not even exist"
        );
    }

    private async Task BobApprovesAsync()
    {
        narrator.Title("Bob leads the payments team. He approves.");
        await Kubectl("bob", "jit", "list", "--reviewable");
        var approved = await Kubectl("bob", "jit", "approve", _id, "--comment", "go ahead");
        narrator.Check(approved.ExitCode == 0, "bob's approval is accepted");
        var shown = await Kubectl("alice", "jit", "show", _id, "--wait");
        narrator.Check(shown.ExitCode == 0 && (await RequestAsync()).Status == "active", "the grant is active");
    }

    private async Task SheWorksAsync()
    {
        narrator.Title("Alice works, with plain kubectl and her own identity.");
        var pods = await Kubectl("alice", "get", "deployments,pods", "-n", "payments");
        narrator.Check(
            pods.ExitCode == 0 && pods.StdOut.Contains("consumer", StringComparison.Ordinal),
            "she sees the namespace"
        );
        var restart = await Kubectl("alice", "rollout", "restart", "deployment/consumer", "-n", "payments");
        narrator.Check(restart.ExitCode == 0, "she restarts the consumer");
        var binding = await Kubectl("admin", "get", "rolebinding", $"jit-{_id}", "-n", "payments", "-o", "wide");
        narrator.Check(
            binding.StdOut.Contains(Person.Alice.UserName, StringComparison.Ordinal),
            "one RoleBinding, named after the request, is all there is to it"
        );
    }

    private async Task NoMoreThanGrantedAsync()
    {
        narrator.Title("She can do no more than was granted.");
        var elsewhere = await Kubectl("alice", "get", "configmaps", "-n", "orders");
        narrator.Check(
            elsewhere.StdErr.Contains(Forbidden, StringComparison.Ordinal),
            "another namespace stays closed"
        );
        var escalation = await Kubectl(
            "alice",
            "create",
            "rolebinding",
            "for-ever",
            "--clusterrole=admin",
            $"--user={Person.Alice.UserName}",
            "-n",
            "payments"
        );
        narrator.Check(
            escalation.ExitCode != 0 && escalation.StdErr.Contains("forbidden", StringComparison.OrdinalIgnoreCase),
            "she cannot give herself a lasting right"
        );
    }

    private async Task ItEndsByItselfAsync()
    {
        narrator.Title("Nobody does anything. The grant ends by itself.");
        var clock = TimeProvider.System;
        var expiry = (await RequestAsync()).ExpiresAt ?? throw new DemoFailure("The active grant has no expiry.");
        while (clock.GetUtcNow() < expiry)
        {
            narrator.CountDown((int)Math.Ceiling((expiry - clock.GetUtcNow()).TotalSeconds));
            await Task.Delay(TimeSpan.FromMilliseconds(1000 - clock.GetUtcNow().Millisecond), cancellation);
        }

        while (!await IsForbiddenAsync() && clock.GetUtcNow() < expiry + EndsLateAtMost)
            await Task.Delay(100, cancellation);
        var late = clock.GetUtcNow() - expiry;
        narrator.EndCountDown();
        await Kubectl("alice", "get", "pods", "-n", "payments");
        narrator.Check(await IsForbiddenAsync(), $"alice is refused again, {late.TotalSeconds:0.0} s after the expiry");
        await Kubectl("alice", "jit", "show", _id, "--wait");
        narrator.Check((await RequestAsync()).Status == "ended", "the request has ended");
        var binding = await platform.Cluster.KubectlAsync(
            "admin",
            "get",
            "rolebinding",
            $"jit-{_id}",
            "-n",
            "payments"
        );
        narrator.Check(binding.StdErr.Contains("NotFound", StringComparison.Ordinal), "its RoleBinding is gone");
    }

    private async Task AnAuditorReplaysItAsync()
    {
        narrator.Title("Dave is an auditor. He replays what happened, from the events themselves.");
        var events = await Kubectl("dave", "jit", "events", _id);
        narrator.Check(
            events.ExitCode == 0 && events.StdOut.Contains(Person.Bob.UserName, StringComparison.Ordinal),
            "the request's own stream names who decided"
        );

        narrator.Say("GET /api/audit/events");
        using var dave = platform.ClientFor("dave");
        var lines = (await dave.GetStringAsync(new Uri("api/audit/events", UriKind.Relative), cancellation))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonNode.Parse(line)!.AsObject())
            .ToList();
        foreach (var line in lines)
            narrator.Show($"{line["sequence"], 4}  {line["timestamp"]}  {(string?)line["type"], -20} {line["actor"]}");
        string[] story =
        [
            "access_requested",
            "request_reviewed",
            "request_approved",
            "access_activated",
            "access_ended",
        ];
        narrator.Check(
            story.All(type => lines.Any(line => (string?)line["type"] == type && (string?)line["stream"] == _id)),
            "the log tells the whole story in order"
        );

        await WhatSheDidIsInTheDossierAsync();
        var curious = await Kubectl("alice", "jit", "audit");
        narrator.Check(curious.ExitCode != 0, "nobody but an auditor reads the log");
    }

    private async Task WhatSheDidIsInTheDossierAsync()
    {
        narrator.Say("The API server sends its audit log. What alice did with the grant is in its dossier:");
        // It sends once a second.
        var until = TimeProvider.System.GetUtcNow() + ActionsArriveWithin;
        while (!IsTold(await platform.KubectlAsync("dave", "jit", "dossier", _id)))
        {
            if (TimeProvider.System.GetUtcNow() > until)
                break;
            await Task.Delay(500, cancellation);
        }

        var dossier = await Kubectl("dave", "jit", "dossier", _id);
        narrator.Check(
            IsTold(dossier),
            "it has her restart of the deployment, by this grant, and what she tried and was refused"
        );

        static bool IsTold(Command dossier) =>
            dossier.StdOut.Contains("patched deployment payments/consumer (exact)", StringComparison.Ordinal)
            && dossier.StdOut.Contains("list configmaps in orders (attempt)", StringComparison.Ordinal);
    }

    private async Task InAnEmergencyApprovalsAreOwedAsync()
    {
        narrator.Title(
            "At three in the morning nobody approves. Break-glass has the rights at once, and owes the review."
        );
        var taken = await Kubectl(
            "alice",
            "jit",
            "request",
            "--break-glass",
            "--cluster",
            "demo",
            "-n",
            "payments",
            "--role",
            "edit",
            "--duration",
            "5m",
            "--reason",
            "payments are down",
            "--wait"
        );
        _id = await LatestAsync();
        narrator.Check(
            taken.ExitCode == 0 && (await RequestAsync()).Status == "active",
            "the grant is active without an approval"
        );
        while (platform.Notifications.Messages.Count == 0 && !cancellation.IsCancellationRequested)
            await Task.Delay(100, cancellation);
        narrator.Check(
            platform.Notifications.Messages.Any(notice =>
                notice.ToJsonString().Contains(_id, StringComparison.Ordinal)
            ),
            "the skipped approvers have been told, by a signed notice"
        );
        await Kubectl("alice", "jit", "relinquish", _id);
        var owed = await Kubectl("dave", "jit", "break-glass");
        narrator.Check(owed.StdOut.Contains(_id, StringComparison.Ordinal), "it stays on the auditor's list");
        await Kubectl("bob", "jit", "approve", _id, "--comment", "it was right");
        var settled = await platform.KubectlAsync("dave", "jit", "break-glass");
        narrator.Check(!settled.StdOut.Contains(_id, StringComparison.Ordinal), "until an approver has reviewed it");
    }

    private Task<Command> Kubectl(string person, params IEnumerable<string> arguments) =>
        narrator.KubectlAsync(person, arguments, cancellation);

    private async Task<bool> IsForbiddenAsync()
    {
        var pods = await platform.Cluster.KubectlAsync("alice", "get", "pods", "-n", "payments");
        return pods.ExitCode != 0 && pods.StdErr.Contains(Forbidden, StringComparison.Ordinal);
    }

    private async Task<string> LatestAsync()
    {
        using var alice = platform.ClientFor("alice");
        var mine = await alice.GetFromJsonAsync<JsonObject>("api/requests?mine=true&limit=1", cancellation);
        return (string?)mine?["items"]?.AsArray().FirstOrDefault()?["id"]
            ?? throw new DemoFailure("The request was not made, so the demo cannot go on.");
    }

    private async Task<(string? Status, DateTimeOffset? ExpiresAt)> RequestAsync()
    {
        using var alice = platform.ClientFor("alice");
        var request = await alice.GetFromJsonAsync<JsonObject>($"api/requests/{_id}", cancellation);
        return ((string?)request?["status"], (DateTimeOffset?)request?["expiresAt"]);
    }
}
