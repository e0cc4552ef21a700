using JitFunctions.EndToEnd.Tests.Access;

namespace JitFunctions.EndToEnd.Tests.Outages;

/// <summary>
/// When the cluster is away, or the namespace of the credentials is not there: never made, or deleted.
/// </summary>
[Collection(OutageStage.Name)]
public sealed class OutageEphemeralTests(OutageStage stage) : IAsyncLifetime
{
    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await stage.StartApiServerAsync();
        await stage.Platform.ApplyInfrastructureAsync();
    }

    [Fact]
    public async Task A_grant_whose_service_account_went_with_the_namespace_ends_all_the_same()
    {
        var scene = await SetAsync();
        var id = (await EphemeralTests.GrantAsync(scene)).Id();
        using var credential = Credential.Of(await EphemeralTests.IssueAsync(scene, id), stage.Platform.Cluster);
        await scene.Cluster.AdminAsync("delete", "namespace", CredentialNamespace.Name);

        await scene.As(scene.Alice).DoAsync(id, "relinquish");

        Assert.Equal("denied", (await scene.As(scene.Alice).WaitForAsync(id, "ended")).At("denialProof.verdict"));
        await credential.IsSoonAsync(Credential.Unauthorized, scene.NamespaceOf("lent"));
    }

    [Theory]
    [InlineData("delete", "namespace", CredentialNamespace.Name)]
    [InlineData("delete", "rolebinding", "jit-credentials", "-n", CredentialNamespace.Name)]
    public async Task Without_the_namespace_or_rights_in_it_a_request_is_refused_or_fails_and_says_why_and_the_reconciler_has_nothing_to_say(
        params string[] missing
    )
    {
        var scene = await SetAsync();
        var id = await scene.AskAsync(EphemeralTests.Terms(scene));
        await scene.Cluster.AdminAsync(missing);
        var logged = (await LogAsync()).Length;

        // The API server learns of the missing binding through a watch.
        var refused = await Eventually.Async(
            () => scene.As(scene.Alice).PostAsync("/api/requests", EphemeralTests.Terms(scene)),
            answer => answer.Code == "no-ephemeral-grants",
            "it is refused"
        );
        refused.ExpectProblem(422, "no-ephemeral-grants");
        await scene.As(scene.Bob).ApproveAsync(id);
        Assert.Contains(
            "not set up for ephemeral grants",
            (await scene.As(scene.Alice).WaitForAsync(id, "failed")).At("ending.comment"),
            StringComparison.Ordinal
        );
        Assert.False(await scene.Cluster.HasBindingAsync(scene.NamespaceOf("lent"), $"jit-{id}"));

        await scene.ReconcilerRunsAsync();
        await scene.ReconcilerRunsAsync();
        Assert.DoesNotContain("not reconciled", (await LogAsync())[logged..], StringComparison.Ordinal);
    }

    [Fact]
    public async Task While_the_cluster_is_away_there_is_no_credential_and_no_event_of_one()
    {
        var scene = await SetAsync();
        var id = (await EphemeralTests.GrantAsync(scene)).Id();
        await stage.StopApiServerAsync();

        var refused = (await scene.As(scene.Alice).PostAsync($"/api/requests/{id}/credential")).ExpectProblem(
            503,
            "cluster-unavailable"
        );
        Assert.StartsWith("demo cannot be reached", refused.Json.At("detail"), StringComparison.Ordinal);
        Assert.DoesNotContain("credential_issued", (await scene.As(scene.Alice).EventsAsync(id)).Types());

        await stage.StartApiServerAsync();
        await EphemeralTests.IssueAsync(scene, id);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private Task<string> LogAsync() => File.ReadAllTextAsync(stage.Platform.Host.Log, Cancellation);

    // The scene's own namespace is for the bait of the bindings' reconciler.
    private async Task<Scene> SetAsync()
    {
        var scene = await stage.RestoreAsync();
        await scene.Cluster.CreateNamespaceAsync(scene.NamespaceOf("lent"));
        return scene;
    }
}
