using JitFunctions.LocalStack;
using JitFunctions.Projections;
using Marten;
using Npgsql;

namespace JitFunctions.Functions.Tests;

/// <summary>An event store on a PostgreSQL of its own.</summary>
public sealed class EventStoreFixture : IAsyncLifetime
{
    private PostgresServer _server = null!;
    private NpgsqlDataSource _database = null!;

    public string ConnectionString { get; private set; } = null!;

    public IDocumentStore Documents { get; private set; } = null!;

    public ApiStore Api => new(Documents, _database);

    public async ValueTask InitializeAsync()
    {
        _server = await PostgresServer.StartAsync();
        ConnectionString = await _server.CreateDatabaseAsync();
        _database = NpgsqlDataSource.Create(ConnectionString);
        Documents = DocumentStore.For(options => EventStore.Configure(options, _database, createSchema: true));
    }

    public async ValueTask DisposeAsync()
    {
        Documents.Dispose();
        await _database.DisposeAsync();
        await _server.DisposeAsync();
    }
}
