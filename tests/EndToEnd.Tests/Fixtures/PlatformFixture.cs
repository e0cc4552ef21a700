using JitFunctions.LocalStack;

[assembly: AssemblyFixture(typeof(JitFunctions.EndToEnd.Tests.PlatformFixture))]
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.All, MaxThreads = 4)]

namespace JitFunctions.EndToEnd.Tests;

/// <summary>
/// One platform for all tests that leave it standing; each works in namespaces of its own, so they run side by side.
/// </summary>
public sealed class PlatformFixture : IAsyncLifetime
{
    private LocalPlatform? _platform;

    public LocalPlatform Platform => _platform!;

    public async ValueTask InitializeAsync() => _platform = await StartAsync();

    public async ValueTask DisposeAsync()
    {
        if (_platform is null)
            return;
        await _platform.DisposeAsync();
        Directory.Delete(_platform.Policies, recursive: true);
    }

    internal static async Task<LocalPlatform> StartAsync()
    {
        var platform = await LocalPlatform.StartAsync(
            new PlatformOptions { Policies = PolicyFolder.Make(), Host = TestHost.Command }
        );
        await new TestCluster(platform.Cluster).CreateNamespaceAsync(Team.SharedNamespace);
        return platform;
    }
}
