using Marten;
using Npgsql;

namespace JitFunctions.Projections;

/// <summary>
/// The event store on the connections of HTTP calls. Activities and schedules have others, which
/// <see cref="IDocumentStore"/> stands for: however many people call, grants begin and end.
/// </summary>
public sealed class ApiStore(IDocumentStore documents, NpgsqlDataSource database) : IAsyncDisposable
{
    /// <summary>Key of the services that HTTP calls have apart from activities and schedules.</summary>
    public const string Key = "api";

    public IDocumentStore Documents { get; } = documents;

    public NpgsqlDataSource Database { get; } = database;

    public async ValueTask DisposeAsync()
    {
        Documents.Dispose();
        await Database.DisposeAsync();
    }
}
