using JitFunctions.EndToEnd.Tests.Access;

namespace JitFunctions.EndToEnd.Tests.Outages;

/// <summary>
/// When the cluster is away, or the namespace of the credentials is not there: never made, or deleted.
/// </summary>
[Collection(OutageFixture.Name)]
public sealed class OutageEphemeralTests(OutageFixture fixture) : IAsyncLifetime
{
    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await fixture.StartApiServerAsync();
        await fixture.Platform.ApplyInfrastructureAsync();
    }

    [Fact]
    public async Task A_grant_whose_service_account_went_with_the_namespace_ends_all_the_same()
    {
        var team = await SetAsync();
        var id = (await EphemeralTests.GrantAsync(team)).Id();
        using var credential = TokenHolder.Of(await EphemeralTests.IssueAsync(team, id), fixture.Platform.Cluster);
        await team.Cluster.AdminAsync("delete", "namespace", CredentialNamespace.Name);

        await team.As(team.Alice).DoAsync(id, "relinquish");

        Assert.Equal("denied", (await team.As(team.Alice).WaitForAsync(id, "ended")).At("denialProof.verdict"));
        await credential.IsSoonAsync(TokenHolder.Unauthorized, team.NamespaceOf("lent"));
    }

    [Theory]
    [InlineData("delete", "namespace", CredentialNamespace.Name)]
    [InlineData("delete", "rolebinding", "jit-credentials", "-n", CredentialNamespace.Name)]
    public async Task Without_the_credential_namespace_or_rights_in_it_a_request_is_refused_or_fails(
        params string[] missing
    )
    {
        var team = await SetAsync();
        var id = await team.AskAsync(EphemeralTests.Terms(team));
        await team.Cluster.AdminAsync(missing);
        var logged = (await LogAsync()).Length;

        // The API server learns of the missing binding through a watch.
        var refused = await Eventually.Async(
            () => team.As(team.Alice).PostAsync("/api/requests", EphemeralTests.Terms(team)),
            answer => answer.Code == "no-ephemeral-grants",
            "it is refused"
        );
        refused.ExpectProblem(422, "no-ephemeral-grants");
        await team.As(team.Bob).ApproveAsync(id);
        Assert.Contains(
            "not set up for ephemeral grants",
            (await team.As(team.Alice).WaitForAsync(id, "failed")).At("ending.comment"),
            StringComparison.Ordinal
        );
        Assert.False(await team.Cluster.HasBindingAsync(team.NamespaceOf("lent"), $"jit-{id}"));

        await team.ReconcilerRunsAsync();
        await team.ReconcilerRunsAsync();
        Assert.DoesNotContain("not reconciled", (await LogAsync())[logged..], StringComparison.Ordinal);
    }

    [Fact]
    public async Task While_the_cluster_is_away_there_is_no_credential_and_no_event_of_one()
    {
        var team = await SetAsync();
        var id = (await EphemeralTests.GrantAsync(team)).Id();
        await fixture.StopApiServerAsync();

        var refused = (await team.As(team.Alice).PostAsync($"/api/requests/{id}/credential")).ExpectProblem(
            503,
            "cluster-unavailable"
        );
        Assert.StartsWith("demo cannot be reached", refused.Json.At("detail"), StringComparison.Ordinal);
        Assert.DoesNotContain("credential_issued", (await team.As(team.Alice).EventsAsync(id)).Types());

        await fixture.StartApiServerAsync();
        await EphemeralTests.IssueAsync(team, id);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private Task<string> LogAsync() => File.ReadAllTextAsync(fixture.Platform.Host.Log, Cancellation);

    // The team's own namespace is for the bait of the bindings' reconciler.
    private async Task<Team> SetAsync()
    {
        var team = await fixture.RestoreAsync();
        await team.Cluster.CreateNamespaceAsync(team.NamespaceOf("lent"));
        return team;
    }
}
