using JitFunctions.LocalStack;

namespace JitFunctions.EndToEnd.Tests.Telemetry;

/// <summary>A platform whose app sends what it does to a collector.</summary>
[CollectionDefinition(Name)]
public sealed class TelemetryFixture : ICollectionFixture<TelemetryFixture>, IAsyncLifetime
{
    public const string Name = "Telemetry";
    private string? _policies;

    public LocalPlatform Platform { get; private set; } = null!;

    public TelemetryCollector Collector { get; private set; } = null!;

    /// <summary>The span of a function, which the Functions worker tells of on either host.</summary>
    internal static string Function(string name) => $"function {name}";

    public async ValueTask InitializeAsync()
    {
        Collector = await TelemetryCollector.StartAsync(TestContext.Current.CancellationToken);
        _policies = PolicyFolder.Make();
        var options = new PlatformOptions
        {
            Policies = _policies,
            Host = TestHost.Command,
            Environment = Collector.Settings,
        };
        Platform = await LocalPlatform.StartAsync(options, TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (Platform is not null)
            await Platform.DisposeAsync();
        if (Collector is not null)
            await Collector.DisposeAsync();
        if (_policies is not null)
            Directory.Delete(_policies, recursive: true);
    }
}
