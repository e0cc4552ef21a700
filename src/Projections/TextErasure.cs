using JitFunctions.Projections.Log;
using Npgsql;

namespace JitFunctions.Projections;

/// <summary>
/// Replaces the names of a person wherever they are left in tables of the event store, also in tables that come later:
/// it asks the database for their columns. Events and log have rules of their own, which are stricter.
/// </summary>
internal static class TextErasure
{
    private const string Columns = """
        select c.table_schema, c.table_name, c.column_name, c.udt_name
        from information_schema.columns c
        join information_schema.tables t using (table_schema, table_name)
        where t.table_type = 'BASE TABLE' and c.is_generated = 'NEVER'
          and c.table_schema not in ('pg_catalog', 'information_schema')
          and c.udt_name in ('text', 'varchar', 'json', 'jsonb', '_text', '_varchar', 'bytea')
        order by 1, 2, 3
        """;

    /// <returns>How many values were changed.</returns>
    public static async Task<long> EraseAsync(
        NpgsqlConnection connection,
        PersonNames names,
        string placeholder,
        CancellationToken cancellation
    )
    {
        var changed = 0L;
        foreach (var (schema, table, column, type) in await ColumnsAsync(connection, cancellation))
        {
            if (schema != EventStore.Schema || HasOwnRule(table) || type is "bytea")
                continue;
            var name = Quoted(column);
            var replaced = type switch
            {
                "json" or "jsonb" => $"regexp_replace({name}::text, $1, $2, 'gi')::{type}",
                "_text" or "_varchar" => $"array(select regexp_replace(one, $1, $2, 'gi') from unnest({name}) as one)",
                _ => $"regexp_replace({name}, $1, $2, 'gi')",
            };
            await using var update = new NpgsqlCommand(
                $"update {Quoted(schema)}.{Quoted(table)} set {name} = {replaced} where {name}::text ~* $1",
                connection
            )
            {
                CommandTimeout = 0,
                Parameters =
                {
                    new() { Value = names.Pattern(isJson: type is "json" or "jsonb") },
                    new() { Value = placeholder },
                },
            };
            changed += await update.ExecuteNonQueryAsync(cancellation);
        }

        return changed;
    }

    /// <summary>Where a name is still in the database, in any schema.</summary>
    public static async Task<IReadOnlyList<string>> FindAsync(
        NpgsqlConnection connection,
        PersonNames names,
        CancellationToken cancellation
    )
    {
        var found = new List<string>();
        foreach (var (schema, table, column, type) in await ColumnsAsync(connection, cancellation))
        {
            var (name, text) = (Quoted(column), $"{Quoted(column)}::text");
            if (type is "bytea")
                text = $"encode({name}, 'escape')";
            await using var count = new NpgsqlCommand(
                $"select count(*) from {Quoted(schema)}.{Quoted(table)} where {text} ~* $1",
                connection
            )
            {
                CommandTimeout = 0,
                Parameters = { new() { Value = names.Pattern(isJson: type is "json" or "jsonb") } },
            };
            if (await count.ExecuteScalarAsync(cancellation) is > 0L and long rows)
                found.Add($"{schema}.{table}.{column}: {rows} row(s)");
        }

        return found;
    }

    private static bool HasOwnRule(string table) =>
        table is "mt_events" || table.StartsWith("jit_log_", StringComparison.Ordinal);

    private static string Quoted(string name) => new NpgsqlCommandBuilder().QuoteIdentifier(name);

    private static async Task<List<(string Schema, string Table, string Column, string Type)>> ColumnsAsync(
        NpgsqlConnection connection,
        CancellationToken cancellation
    )
    {
        var found = new List<(string, string, string, string)>();
        await using var command = new NpgsqlCommand(Columns, connection);
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        while (await rows.ReadAsync(cancellation))
            found.Add((rows.GetString(0), rows.GetString(1), rows.GetString(2), rows.GetString(3)));
        return found;
    }
}
