using JitFunctions.Projections.Log;
using Npgsql;

namespace JitFunctions.Projections.Held;

/// <summary>The statements that write and read rows of the table.</summary>
internal static class HeldRows
{
    private const string Columns =
        "grant_id, part, namespace, cluster, person, subject, account, role, scope_hash, status, promised, live_from, "
        + "live_until, opened_idx, closed_idx, proof, lasting";

    private const string Insert = $"""
        insert into {HeldTables.Held} as held ({Columns})
        select {Columns} from jsonb_populate_recordset(null::{HeldTables.Held}, $1::jsonb)
        """;

    private const string Upsert = $"""
        {Insert} on conflict (grant_id, part, namespace) do update
        set live_until = excluded.live_until, closed_idx = excluded.closed_idx, proof = excluded.proof,
          lasting = excluded.lasting
        where held.closed_idx is null and excluded.closed_idx is not null
        """;

    private const string Replace = $"delete from {HeldTables.Held} where grant_id = $1";

    private const string OfOne = $"""
        select coalesce(jsonb_agg(to_jsonb(h)), '[]')::text from {HeldTables.Held} h where grant_id = $1
        """;

    private const string Strays = $"""
        select distinct grant_id from {HeldTables.Held} h
        where not exists (select from {LogTables.Schema}.mt_streams s where s.id = h.grant_id)
        order by grant_id
        """;

    /// <summary>
    /// Adds rows, and ends those whose period has ended since. What is known already does not change.
    /// </summary>
    public static Task UpsertAsync(
        NpgsqlConnection connection,
        IReadOnlyList<HeldRow> rows,
        CancellationToken cancellation
    ) => ExecuteAsync(connection, Upsert, HeldRow.ToJson(rows), cancellation);

    /// <summary>Writes all rows of a grant anew. The app's role may not do that.</summary>
    public static async Task ReplaceAsync(
        NpgsqlConnection connection,
        string id,
        IReadOnlyList<HeldRow> rows,
        CancellationToken cancellation
    )
    {
        await ExecuteAsync(connection, Replace, id, cancellation);
        await ExecuteAsync(connection, Insert, HeldRow.ToJson(rows), cancellation);
    }

    /// <returns>The rows of a grant, in the order of <see cref="HeldRow.Of"/>.</returns>
    public static async Task<IReadOnlyList<HeldRow>> ReadAsync(
        NpgsqlConnection connection,
        string id,
        CancellationToken cancellation
    )
    {
        await using var command = new NpgsqlCommand(OfOne, connection) { Parameters = { new() { Value = id } } };
        return HeldRow.FromJson((string)(await command.ExecuteScalarAsync(cancellation))!);
    }

    /// <summary>Grants that have rows, and no events.</summary>
    public static async Task<IReadOnlyList<string>> StraysAsync(
        NpgsqlConnection connection,
        CancellationToken cancellation
    )
    {
        await using var command = new NpgsqlCommand(Strays, connection);
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        var found = new List<string>();
        while (await rows.ReadAsync(cancellation))
            found.Add(rows.GetString(0));
        return found;
    }

    private static async Task ExecuteAsync(
        NpgsqlConnection connection,
        string text,
        string value,
        CancellationToken cancellation
    )
    {
        await using var command = new NpgsqlCommand(text, connection) { Parameters = { new() { Value = value } } };
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
