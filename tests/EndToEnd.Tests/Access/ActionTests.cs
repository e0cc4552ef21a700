using System.Net;
using System.Text.Json.Nodes;
using JitFunctions.LocalStack;

namespace JitFunctions.EndToEnd.Tests.Access;

/// <summary>What the real API server sends by its audit webhook is in the record of the grant.</summary>
public sealed class ActionTests(PlatformFixture fixture)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private LocalPlatform Platform => fixture.Platform;

    private string Path => Platform.Audit.Address.AbsolutePath;

    [Fact]
    public async Task What_the_holder_of_a_grant_does_and_attempts_is_in_its_record_and_its_first_use_is_an_event()
    {
        var team = await Team.SetAsync(Platform);
        var id = (string)(await team.As(Person.Alice).AskAsync(team.Terms()))["id"]!;
        await team.As(Person.Bob).ApproveAsync(id);
        await team.As(Person.Alice).WaitForAsync(id, "active");
        await Eventually.Async(
            async () => (await AliceAsync("create", "configmap", "made", "-n", team.Namespace)).ExitCode == 0,
            "alice may write"
        );
        (await AliceAsync("delete", "configmap", "made", "-n", team.Namespace)).OrThrow("delete");
        Assert.NotEqual(0, (await AliceAsync("get", "secrets", "-n", "kube-system")).ExitCode);

        var actions = await Eventually.Async(
            () => ActionsAsync(team.As(Person.Alice), id),
            found =>
                found.Any(one => Is(one, "exact", "delete", "configmaps"))
                && found.Any(one => Is(one, "attempt", "list", "secrets")),
            "both are recorded"
        );
        var deleted = actions.First(one => Is(one, "exact", "delete", "configmaps"));
        Assert.Equal($"deleted configmap {team.Namespace}/made", deleted.At("summary"));
        Assert.Equal($"{team.Namespace}/jit-{id}", deleted.At("binding"));
        var used = await team.As(Person.Alice).WaitForAsync(id, request => request["firstUsedAt"] is not null, "used");
        Assert.True(used.TimeAt("firstUsedAt") >= used.TimeAt("requestedAt"));
        Assert.Single(await team.As(Person.Dave).EventsAsync(id), e => (string?)e["type"] == "access_first_used");
        // Each action is in the log by its hash.
        var recorded = (await team.As(Person.Dave).AuditAsync())
            .Where(e => e.At("type") == "actions_recorded")
            .SelectMany(e => e["data"]!["actions"]!.AsArray().Select(hash => (string)hash!))
            .ToHashSet();
        Assert.Each(actions, one => Assert.Contains(one.At("hash")!, recorded));
        (await team.As(team.Stranger).GetAsync($"/api/requests/{id}/actions")).ExpectProblem(404, "not-found");
    }

    [Fact]
    public async Task A_reused_audit_id_raises_the_alarm()
    {
        var team = await Team.SetAsync(Platform);
        var auditId = Guid.NewGuid().ToString();
        foreach (var name in new[] { "one", "two" })
        {
            using var call = new HttpRequestMessage(
                HttpMethod.Delete,
                $"/apis/rbac.authorization.k8s.io/v1/namespaces/{team.Namespace}/roles/{name}"
            );
            call.Headers.Add("Audit-ID", auditId);
            using var answer = await Platform.Cluster.Administrator.SendAsync(call, Cancellation);
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        }

        var alarms = await Eventually.Async(
            async () =>
                (await team.As(Person.Dave).AuditAsync())
                    .Where(e => e.At("type") == "audit_id_reused")
                    .SelectMany(e => e["data"]!["reused"]!.AsArray().Select(one => one!))
                    .Where(one => one.At("auditId") == auditId)
                    .ToList(),
            found => found is [_, ..],
            "the alarm is recorded"
        );
        Assert.Equal(2, Assert.Single(alarms)["actions"]!.AsArray().Count);
    }

    [Fact]
    public async Task Only_the_credential_of_the_cluster_is_accepted()
    {
        var team = Team.WithoutNamespace(Platform);
        var forged = List(Forged("forged", team.Namespace));
        foreach (var token in new[] { null, "wrong", Platform.Audit.Token[..^1], Platform.TokenFor("carol") })
        {
            var answer = await team.WithToken(token).PostTextAsync(Path, forged);
            answer.ExpectProblem(401, "unauthenticated");
            Assert.Equal("Bearer", answer.Header("WWW-Authenticate"));
        }

        var other = await team.WithToken(Platform.Audit.Token).PostTextAsync("/api/clusters/other/audit", forged);
        var wrong = await team.WithToken("wrong").PostTextAsync(Path, forged);
        other.ExpectProblem(401, "unauthenticated");
        Assert.Equal(wrong.Json.At("detail"), other.Json.At("detail"));
        Assert.Equal(0, await CountAsync("jit_actions", "audit_id = 'forged'"));
    }

    [Fact]
    public async Task What_cannot_be_read_is_refused_and_its_beginning_is_a_gap()
    {
        var team = Team.WithoutNamespace(Platform);
        var sender = team.WithToken(Platform.Audit.Token);
        var mark = Guid.NewGuid().ToString();

        (await sender.PostTextAsync(Path, $"no JSON {mark}")).ExpectProblem(400, "invalid-audit-log");
        (await sender.PostTextAsync(Path, $"{mark} {new string('x', 11 * 1024 * 1024)}")).ExpectProblem(
            413,
            "too-large"
        );

        Assert.Equal(2, await CountAsync("jit_action_gaps", $"convert_from(raw, 'utf8') like '%{mark}%'"));
    }

    private Task<Command> AliceAsync(params IEnumerable<string> arguments) =>
        Platform.Cluster.KubectlAsync("alice", arguments);

    private static async Task<IReadOnlyList<JsonObject>> ActionsAsync(Api api, string id) =>
        (await api.GetAsync($"/api/requests/{id}/actions?limit=500")).Expect(HttpStatusCode.OK).Items;

    private static bool Is(JsonNode action, string attribution, string verb, string resource) =>
        (action.At("attribution"), action.At("verb"), action.At("resource")) == (attribution, verb, resource);

    private async Task<long> CountAsync(string table, string condition)
    {
        await using var database = Npgsql.NpgsqlDataSource.Create(Platform.Database);
        await using var query = database.CreateCommand($"select count(*) from jit.{table} where {condition}");
        return (long)(await query.ExecuteScalarAsync(Cancellation))!;
    }

    internal static string List(params IEnumerable<string> items) =>
        $$"""{"kind":"EventList","apiVersion":"audit.k8s.io/v1","metadata":{},"items":[{{string.Join(',', items)}}]}""";

    /// <summary>A change of rights, which is kept whoever did it.</summary>
    internal static string Forged(string auditId, string ns) =>
        $$$"""{"level":"Metadata","auditID":"{{{auditId}}}","stage":"ResponseComplete","requestURI":"/apis/rbac.authorization.k8s.io/v1/namespaces/{{{ns}}}/roles/r","verb":"delete","user":{"username":"sender"},"sourceIPs":["10.0.3.7"],"objectRef":{"resource":"roles","namespace":"{{{ns}}}","name":"r","apiGroup":"rbac.authorization.k8s.io"},"responseStatus":{"code":200},"requestReceivedTimestamp":"2026-03-02T12:00:00.000001Z","stageTimestamp":"2026-03-02T12:00:00.000002Z","annotations":{"authorization.k8s.io/decision":"allow","authorization.k8s.io/reason":""}}""";
}
