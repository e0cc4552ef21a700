using System.Text.Json.Nodes;

namespace JitFunctions.EndToEnd.Tests.Reconciliation;

/// <summary>
/// A live grant whose objects somebody deleted: it says so wherever it is shown, and gets no more time.
/// </summary>
public sealed class LostObjectTests(PlatformFixture fixture)
{
    private const string Prefix = "longer";

    [Fact]
    public async Task A_grant_whose_binding_is_gone_says_what_it_lost_and_when_and_is_not_extended()
    {
        var (team, ns, id) = await GrantAsync("view");
        var before = TimeProvider.System.GetUtcNow();
        await team.Cluster.DeleteBindingAsync(ns, $"jit-{id}");

        var shown = await team.As(team.Alice)
            .WaitForAsync(id, request => request["lost"] is not null, "it says what it lost");
        var lost = Assert.Single(shown["lost"]!.AsArray())!.AsObject();
        Assert.Equal(("RoleBinding", ns, $"jit-{id}"), (lost.At("kind"), lost.At("namespace"), lost.At("name")));
        Assert.InRange(lost.TimeAt("foundAt"), before, TimeProvider.System.GetUtcNow());
        Assert.Equal("active", shown.At("status"));
        var listed = Assert.Single(
            (await team.As(team.Alice).GetAsync("/api/requests?mine=true")).Items,
            item => item.Id() == id
        );
        Assert.Equal(shown["lost"]!.ToJsonString(), listed["lost"]!.ToJsonString());

        var refused = (await ExtendAsync(team, id)).ExpectProblem(409, "grant-incomplete");
        Assert.Contains($"RoleBinding jit-{id} in {ns}", refused.Json.At("detail"), StringComparison.Ordinal);
        Assert.Equal(shown.At("expiresAt"), (await team.As(team.Alice).ReadAsync(id)).At("expiresAt"));

        await team.As(team.Alice).DoAsync(id, "relinquish");
        Assert.NotNull((await team.As(team.Alice).WaitForAsync(id, "ended"))["lost"]);
    }

    [Fact]
    public async Task The_second_lost_object_is_recorded_too()
    {
        var (team, ns, id) = await GrantAsync(null);
        await team.Cluster.DeleteBindingAsync(ns, $"jit-{id}");
        await Eventually.Async(() => team.DriftAsync(id), found => found.Count == 1, "the first loss is recorded");
        await team.Cluster.AdminAsync("delete", "role", $"jit-{id}", "-n", ns);

        var drift = await Eventually.Async(
            () => team.DriftAsync(id),
            found => found.Count == 2,
            "the second loss is recorded"
        );
        Assert.Equal(["RoleBinding", "Role"], drift.Select(one => one.At("objectKind")));
        Assert.Equal(
            ["RoleBinding", "Role"],
            (await team.As(team.Alice).ReadAsync(id))["lost"]!.AsArray().Select(lost => lost!.At("kind"))
        );
    }

    [Fact]
    public async Task Of_an_ephemeral_grant_the_service_account_and_its_secret_are_told_apart()
    {
        var team = await Team.SetAsync(fixture.Platform, "lent");
        var id = (
            await team.GrantAsync(team.Terms(role: "ClusterRole/view", namespaces: team.NamespaceOf("lent")))
        ).Id();
        var credentials = new CredentialNamespace(team.Cluster);
        await credentials.DeleteAsync("secret", $"jit-{id}");
        await credentials.DeleteAsync("serviceaccount", $"jit-{id}");

        var drift = await Eventually.Async(
            () => team.DriftAsync(id),
            found => found.Count == 2,
            "both losses are recorded"
        );
        Assert.Equal(
            ["Secret", "ServiceAccount"],
            drift.Select(one => one.At("objectKind")).Order(StringComparer.Ordinal)
        );
        (
            await team.As(team.Alice).PostAsync($"/api/requests/{id}/extend", new { duration = "5m", reason = "more" })
        ).ExpectProblem(409, "grant-incomplete");
    }

    [Fact]
    public async Task A_binding_that_somebody_puts_back_is_recorded_and_the_grant_is_whole_again()
    {
        var (team, ns, id) = await GrantAsync("view");
        var manifest = JsonNode
            .Parse(await team.Cluster.AdminAsync("get", "rolebinding", $"jit-{id}", "-n", ns, "-o", "json"))!
            .AsObject();
        foreach (var name in new[] { "uid", "resourceVersion", "creationTimestamp", "managedFields" })
            manifest["metadata"]!.AsObject().Remove(name);
        await team.Cluster.DeleteBindingAsync(ns, $"jit-{id}");
        await team.As(team.Alice).WaitForAsync(id, request => request["lost"] is not null, "it says what it lost");

        await team.Cluster.ApplyAsync(manifest.ToJsonString());

        await team.As(team.Alice).WaitForAsync(id, request => request["lost"] is null, "nothing is lost any more");
        Assert.Equal(["missing", "returned"], (await team.DriftAsync(id)).Select(one => one.At("kind")));
        (await ExtendAsync(team, id)).Expect(System.Net.HttpStatusCode.OK);
    }

    private static Task<Answer> ExtendAsync(Team team, string id) =>
        team.As(team.Alice).PostAsync($"/api/requests/{id}/extend", new { duration = "5m", reason = "not done yet" });

    /// <param name="role">A ClusterRole; null for rules of the request's own.</param>
    private async Task<(Team Scene, string Namespace, string Id)> GrantAsync(string? role)
    {
        var team = await Team.SetAsync(fixture.Platform, Prefix);
        var ns = team.NamespaceOf(Prefix);
        var terms = team.Terms(role: $"ClusterRole/{role ?? "view"}", namespaces: ns);
        if (role is null)
            terms = terms
                .With("role", null)
                .With("rules", JsonNode.Parse("""[{ "resources": ["configmaps"], "verbs": ["get"] }]"""));
        return (team, ns, (await team.GrantAsync(terms)).Id());
    }
}
