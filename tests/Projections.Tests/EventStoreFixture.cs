using JitFunctions.LocalStack;
using Marten;
using Npgsql;

[assembly: AssemblyFixture(typeof(JitFunctions.Projections.Tests.EventStoreFixture))]

namespace JitFunctions.Projections.Tests;

/// <summary>
/// One real PostgreSQL for all tests of the assembly; each test asks for a store on a database of its own.
/// </summary>
public sealed class EventStoreFixture : IAsyncLifetime
{
    private PostgresServer? _server;

    public async ValueTask InitializeAsync() => _server = await PostgresServer.StartAsync();

    public async Task<TestStore> NewStoreAsync()
    {
        var database = NpgsqlDataSource.Create(await _server!.CreateDatabaseAsync());
        return new(DocumentStore.For(options => EventStore.Configure(options, database, createSchema: true)), database);
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
    }
}

public sealed record TestStore(IDocumentStore Documents, NpgsqlDataSource Database) : IAsyncDisposable
{
    public async ValueTask DisposeAsync()
    {
        Documents.Dispose();
        await Database.DisposeAsync();
    }
}
