using JitFunctions.LocalStack;

namespace JitFunctions.EndToEnd.Tests;

/// <summary>
/// A platform for the tests that break parts of it; they run one after the other, when the others are done.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class OutageFixture : ICollectionFixture<OutageFixture>, IAsyncLifetime
{
    public const string Name = "Outages";

    /// <summary>
    /// The duration of a grant that is to end during an outage: long enough for that to begin before, on however busy a
    /// machine.
    /// </summary>
    public const string Brief = "20s";

    private LocalPlatform? _platform;

    public LocalPlatform Platform => _platform!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _platform = await PlatformFixture.StartAsync();

    /// <summary>Everything runs again, whatever the test before left broken.</summary>
    public async Task<Team> RestoreAsync()
    {
        await StartStoreAsync();
        await StartApiServerAsync();
        await StartIssuerAsync();
        Platform.Issuer.Directory.Start();
        await StartHostAsync();
        return await Team.SetAsync(Platform);
    }

    public Task StopStoreAsync() => Platform.Postgres.StopAsync();

    public Task StartStoreAsync() => Platform.Postgres.StartAgainAsync(Cancellation);

    public Task StopApiServerAsync() => Platform.Cluster.StopApiServerAsync();

    public Task StartApiServerAsync() => Platform.Cluster.StartApiServerAsync(Cancellation);

    public Task StopIssuerAsync() => Platform.Issuer.StopAsync();

    public Task StartIssuerAsync() => Platform.Issuer.StartAgainAsync(Cancellation);

    public Task StopHostAsync() => Platform.Host.StopAsync();

    /// <summary>As when its machine fails.</summary>
    public Task KillHostAsync() => Platform.Host.KillAsync();

    public Task StartHostAsync() => Platform.Host.StartAgainAsync(Cancellation);

    /// <summary>A second node on the same database; the caller disposes of it.</summary>
    public Task<FunctionHost> AddHostAsync() => Platform.AddHostAsync(Cancellation);

    public async ValueTask DisposeAsync()
    {
        if (_platform is null)
            return;
        await _platform.DisposeAsync();
        Directory.Delete(_platform.Policies, recursive: true);
    }
}
