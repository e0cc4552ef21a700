using Marten;
using Marten.Services;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace JitFunctions.Functions.Platform.Telemetry;

/// <summary>
/// Logs one line for each failed command of the event store. Marten's own logger writes the statement with its
/// parameters, which contain people's reasons and groups, and a stack trace. The caller gets the exception and handles
/// it.
/// </summary>
internal sealed class StoreFailures(ILogger<StoreFailures> log) : IMartenLogger, IMartenSessionLogger
{
    public IMartenSessionLogger StartSession(IQuerySession session) => this;

    public void SchemaChange(string sql) =>
        log.LogInformation("The schema of the event store was changed: {Length} characters of SQL", sql.Length);

    public void LogFailure(NpgsqlCommand command, Exception ex) => LogFailure(ex);

    public void LogFailure(NpgsqlBatch batch, Exception ex) => LogFailure(ex);

    // The message may contain the statement.
    public void LogFailure(Exception ex, string message) => LogFailure(ex);

    public void LogSuccess(NpgsqlCommand command) { }

    public void LogSuccess(NpgsqlBatch batch) { }

    public void RecordSavedChanges(IDocumentSession session, IChangeSet commit) { }

    public void OnBeforeExecute(NpgsqlCommand command) { }

    public void OnBeforeExecute(NpgsqlBatch batch) { }

    private void LogFailure(Exception exception)
    {
        var cause = exception;
        while (cause is not PostgresException && cause.InnerException is { } inner)
            cause = inner;
        // PostgreSQL's message contains table and constraint names; the values are in its detail.
        log.LogWarning(
            "A command of the event store failed: {Exception} {SqlState} {Message}",
            cause.GetType().Name,
            (cause as PostgresException)?.SqlState,
            (cause as PostgresException)?.MessageText
        );
    }
}
