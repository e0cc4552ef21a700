using JitFunctions.LocalStack;

namespace JitFunctions.EndToEnd.Tests.Access;

/// <summary>The main path, by the commands that people type.</summary>
public sealed class GrantLifeTests(PlatformFixture fixture)
{
    private const string Forbidden = "(Forbidden)";
    private readonly LocalPlatform _platform = fixture.Platform;

    [Fact]
    public async Task A_grant_lives_from_request_to_expiry_and_the_audit_shows_all_of_it()
    {
        var team = await Team.SetAsync(_platform);
        var ns = team.Namespace;
        await team.Cluster.AdminAsync("create", "deployment", "consumer", "--image=consumer", "-n", ns);
        Assert.Contains(Forbidden, (await AliceAsync("get", "pods", "-n", ns)).StdErr, StringComparison.Ordinal);

        var waiting = AliceAsync(
            "jit",
            "request",
            "--cluster",
            "demo",
            "-n",
            ns,
            "--role",
            "edit",
            "--duration",
            "45s",
            "--reason",
            "stuck",
            "--wait",
            "-o",
            "json"
        );
        var id = await ReviewableAsync(team);
        Assert.Contains(Forbidden, (await AliceAsync("get", "pods", "-n", ns)).StdErr, StringComparison.Ordinal);
        (await _platform.KubectlAsync("bob", "jit", "approve", id, "--comment", "go ahead")).OrThrow("approve");
        var asked = (await waiting).OrThrow("request --wait");
        Assert.Equal("active", System.Text.Json.Nodes.JsonNode.Parse(asked.StdOut)!.At("status"));

        await Eventually.Async(async () => (await AliceAsync("get", "pods", "-n", ns)).ExitCode == 0, "alice reads");
        (await AliceAsync("rollout", "restart", "deployment/consumer", "-n", ns)).OrThrow("rollout restart");
        (await AliceAsync("create", "configmap", "notes", "--from-literal=a=b", "-n", ns)).OrThrow("create configmap");
        Assert.Contains(
            Forbidden,
            (await AliceAsync("get", "configmaps", "-n", "orders")).StdErr,
            StringComparison.Ordinal
        );
        Assert.NotEqual(
            0,
            (
                await AliceAsync(
                    "create",
                    "rolebinding",
                    "for-ever",
                    "--clusterrole=admin",
                    "--user=alice@example.com",
                    "-n",
                    ns
                )
            ).ExitCode
        );

        var ended = await team.As(Person.Alice).WaitForAsync(id, "ended");
        Assert.Contains(Forbidden, (await AliceAsync("get", "pods", "-n", ns)).StdErr, StringComparison.Ordinal);
        Assert.False(await team.Cluster.HasBindingAsync(ns, $"jit-{id}"));
        Assert.Equal(("expired", "denied"), (ended.At("ending.cause"), ended.At("denialProof.verdict")));
        Assert.True(ended.TimeAt("endedAt") >= ended.TimeAt("expiresAt"));

        await EveryEventIsInTheAuditAsync(team, id);
        EveryDeedNamesItsGrant(ns, id);
    }

    private Task<Command> AliceAsync(params IEnumerable<string> arguments) =>
        _platform.KubectlAsync("alice", arguments);

    private async Task<string> ReviewableAsync(Team team)
    {
        var pending = await Eventually.Async(
            async () =>
                (
                    await team.As(Person.Bob).GetAsync("/api/requests?reviewable=true&requester=alice%40example.com")
                ).Items.FirstOrDefault(request =>
                    request["namespaces"]!.ToJsonString().Contains(team.Namespace, StringComparison.Ordinal)
                ),
            request => request is not null,
            "alice's request waits for bob"
        );
        return pending!.Id();
    }

    private async Task EveryEventIsInTheAuditAsync(Team team, string id)
    {
        string[] story =
        [
            "access_requested",
            "request_reviewed",
            "request_approved",
            "activation_started",
            "access_activated",
            "ending_started",
            "access_ended",
        ];
        // When the audit log of the API server arrives is not known.
        const string firstUse = "access_first_used";
        var stream = await Eventually.Async(
            () => team.As(Person.Alice).EventsAsync(id),
            events => events.Types().Contains(firstUse),
            "the first use is recorded"
        );
        Assert.Equal(story, stream.Types().Where(type => type != firstUse));
        Assert.Equal(
            ["alice@example.com", "bob@example.com", "bob@example.com"],
            stream.Take(3).Select(e => e.At("actor"))
        );
        Assert.Equal(
            stream.Types(),
            (await team.As(Person.Dave).AuditAsync()).Where(e => e.At("stream") == id).Types()
        );

        var replayed = (await _platform.KubectlAsync("dave", "jit", "audit", "-o", "json")).OrThrow("audit");
        Assert.Contains(id, replayed.StdOut, StringComparison.Ordinal);
    }

    private void EveryDeedNamesItsGrant(string ns, string id)
    {
        var deeds = ApiServerAudit.AllowedDeeds(_platform.Cluster, "alice@example.com", ns);
        Assert.Contains(deeds, deed => deed.Verb == "patch" && deed.Resource == "deployments");
        Assert.Contains(deeds, deed => deed.Verb == "create" && deed.Resource == "configmaps");
        Assert.Each(deeds, deed => Assert.Contains($"\"jit-{id}/{ns}\"", deed.Reason, StringComparison.Ordinal));
    }
}
