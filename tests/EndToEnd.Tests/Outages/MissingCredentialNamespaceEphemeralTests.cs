using JitFunctions.EndToEnd.Tests.Access;

namespace JitFunctions.EndToEnd.Tests.Outages;

/// <summary>A cluster without the namespace of the credentials: before infra/kubernetes/ephemeral.yaml was applied, or after somebody deleted it.</summary>
[Collection(OutageStage.Name)]
public sealed class MissingCredentialNamespaceEphemeralTests(OutageStage stage) : IAsyncLifetime
{
    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync() => await stage.Platform.ApplyInfrastructureAsync();

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

    [Fact]
    public async Task A_request_fails_and_says_why_and_the_reconciler_has_nothing_to_say()
    {
        var scene = await SetAsync();
        await scene.Cluster.AdminAsync("delete", "namespace", CredentialNamespace.Name);
        var logged = (await LogAsync()).Length;

        var id = await scene.AskAsync(EphemeralTests.Terms(scene));
        await scene.As(scene.Bob).ApproveAsync(id);
        Assert.Contains(CredentialNamespace.Name, (await scene.As(scene.Alice).WaitForAsync(id, "failed")).At("ending.comment"), StringComparison.Ordinal);
        Assert.False(await scene.Cluster.HasBindingAsync(scene.NamespaceOf("lent"), $"jit-{id}"));

        await scene.ReconcilerRunsAsync();
        await scene.ReconcilerRunsAsync();
        Assert.DoesNotContain("not reconciled", (await LogAsync())[logged..], StringComparison.Ordinal);
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
