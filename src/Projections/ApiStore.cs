using Marten;
using Npgsql;

namespace JitFunctions.Projections;

/// <summary>
/// The event store with the connection pool of HTTP calls. Activities and schedules use another pool, through
/// <see cref="IDocumentStore"/>, so that grants begin and end however many HTTP calls there are.
/// </summary>
public sealed class ApiStore(IDocumentStore documents, NpgsqlDataSource database) : IAsyncDisposable
{
    /// <summary>The key of the services that HTTP calls do not share with activities and schedules.</summary>
    public const string Key = "api";

    public IDocumentStore Documents { get; } = documents;

    public NpgsqlDataSource Database { get; } = database;

    public async ValueTask DisposeAsync()
    {
        Documents.Dispose();
        await Database.DisposeAsync();
    }
}
