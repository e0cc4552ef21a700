using JitFunctions.LocalStack;

namespace JitFunctions.EndToEnd.Tests.Telemetry;

/// <summary>A platform whose app sends what it does to a collector.</summary>
[CollectionDefinition(Name)]
public sealed class TelemetryStage : ICollectionFixture<TelemetryStage>, IAsyncLifetime
{
    public const string Name = "Telemetry";
    private string? _policies;

    public LocalPlatform Platform { get; private set; } = null!;

    public TelemetryCollector Collector { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Collector = await TelemetryCollector.StartAsync(TestContext.Current.CancellationToken);
        _policies = PolicyFolder.Make();
        Platform = await LocalPlatform.StartAsync(new PlatformOptions { Policies = _policies, Environment = Collector.Settings }, TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (Platform is not null) await Platform.DisposeAsync();
        if (Collector is not null) await Collector.DisposeAsync();
        if (_policies is not null) Directory.Delete(_policies, recursive: true);
    }
}
