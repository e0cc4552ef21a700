using JitFunctions.Domain.Identity;
using JitFunctions.Domain.Record;
using Marten;
using Npgsql;

namespace JitFunctions.Projections;

/// <summary>
/// Deletes recorded actions that are older than they have to be kept. Events, and the log, are never deleted. It needs
/// the role that owns the tables: the app's own role can only add.
/// </summary>
public sealed class RecordPruning(IDocumentStore store, TimeProvider clock)
{
    private const string Old = "received_at < $1";

    private const string IsHeld = """
        (grants && $2 or also_covered_by && $2 or exists (select from unnest($3) as name
          where position(lower(name) in lower(username || ' ' || coalesce(impersonated, ''))) > 0))
        """;

    private const string IsHeldGap = """
        exists (select from unnest($2) as name where username is null
          or position(lower(name) in lower(username || ' ' || coalesce(impersonated, ''))) > 0)
        """;

    /// <param name="keep">How long actions are kept; null if for ever.</param>
    /// <returns>Null if nothing was to be deleted.</returns>
    public async Task<RecordEvent.Pruned?> PruneAsync(
        TimeSpan? keep,
        LegalHold hold,
        Principal by,
        CancellationToken cancellation
    )
    {
        if (hold.MayDeleteBefore(keep, clock.GetUtcNow()) is not { } before)
            return null;
        await using var session = store.LightweightSession();
        await session.BeginTransactionAsync(cancellation);
        var connection = session.Connection!;
        var (requests, people) = (hold.Requests.ToArray(), hold.People.ToArray());
        var actions = await ExecuteAsync(
            connection,
            $"delete from {ActionTables.Actions} where {Old} and not {IsHeld}",
            [before, requests, people],
            cancellation
        );
        // A gap that names nobody may be about anybody.
        var gaps = await ExecuteAsync(
            connection,
            $"delete from {ActionTables.Gaps} where {Old} and not {IsHeldGap}",
            [before, people],
            cancellation
        );
        var counts = await ExecuteAsync(
            connection,
            $"delete from {ActionTables.Counts} where minute < $1",
            [before],
            cancellation
        );
        await ExecuteAsync(connection, $"delete from {ActionTables.Batches} where {Old}", [before], cancellation);
        if (actions + gaps + counts == 0)
            return null;
        await using var left = Command(
            connection,
            $"""
            select (select count(*) from {ActionTables.Actions} where {Old})
              + (select count(*) from {ActionTables.Gaps} where {Old})
            """,
            [before]
        );
        var held = (long)(await left.ExecuteScalarAsync(cancellation))!;
        var fact = new RecordEvent.Pruned(by, before, actions, gaps, counts, held, clock.GetUtcNow());
        session.AppendRecord(fact, new(by, "command", null));
        await session.SaveChangesAsync(cancellation);
        return fact;
    }

    private static async Task<long> ExecuteAsync(
        NpgsqlConnection connection,
        string sql,
        object[] values,
        CancellationToken cancellation
    )
    {
        await using var command = Command(connection, sql, values);
        return await command.ExecuteNonQueryAsync(cancellation);
    }

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, object[] values)
    {
        var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        foreach (var value in values)
            command.Parameters.Add(new() { Value = value });
        return command;
    }
}
