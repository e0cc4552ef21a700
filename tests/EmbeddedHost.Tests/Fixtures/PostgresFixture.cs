using JitFunctions.LocalStack;

[assembly: AssemblyFixture(typeof(JitFunctions.EmbeddedHost.Tests.Fixtures.PostgresFixture))]

namespace JitFunctions.EmbeddedHost.Tests.Fixtures;

/// <summary>One real PostgreSQL for all tests; each test asks for a database of its own.</summary>
public sealed class PostgresFixture : IAsyncLifetime
{
    private PostgresServer? _server;

    public async ValueTask InitializeAsync() => _server = await PostgresServer.StartAsync();

    public Task<string> NewDatabaseAsync() =>
        _server!.CreateDatabaseAsync(cancellation: TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
    }
}
