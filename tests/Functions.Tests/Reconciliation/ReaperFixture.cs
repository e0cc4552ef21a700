using JitFunctions.LocalStack;

namespace JitFunctions.Functions.Tests.Reconciliation;

/// <summary>A real API server with the reaper's rights in it, and no app.</summary>
public sealed class ReaperFixture : IAsyncLifetime
{
    public KubernetesCluster Cluster { get; private set; } = null!;

    /// <summary>Of the reaper's service account.</summary>
    public string Kubeconfig { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Cluster = await KubernetesCluster.StartAsync(TestContext.Current.CancellationToken);
        await Cluster.ApplyOverlayAsync(Path.Combine(LocalPlatform.Infrastructure, "overlays", "named-user"));
        Kubeconfig = await Cluster.KubeconfigOfAsync("jit-system", "jit-reaper");
    }

    public async ValueTask DisposeAsync()
    {
        if (Cluster is not null)
            await Cluster.DisposeAsync();
    }
}
