using System.Text.Json.Nodes;
using Npgsql;

namespace JitFunctions.Projections.Tests.Log;

/// <summary>One change that whoever owns the database may make.</summary>
/// <param name="Text">What was done, for the message of a test that fails.</param>
/// <param name="Leaf">
/// The index of the first leaf that an export has to name; null if none can be named, or if it is not in an export.
/// </param>
/// <param name="InExport">Whether an auditor has to find it by the export alone.</param>
internal sealed record Tampering(string Text, long? Leaf = null, bool InExport = false)
{
    private static readonly (string Table, string Key, string Column, string Kind)[] Columns =
    [
        ("jit_log_leaf", "idx", "idx", "number"),
        ("jit_log_leaf", "idx", "seq", "number"),
        ("jit_log_leaf", "idx", "leaf", "bytes"),
        ("jit_log_leaf", "idx", "hash", "bytes"),
        ("jit_log_leaf", "idx", "data", "bytes"),
        ("jit_log_leaf", "idx", "headers", "bytes"),
        ("jit_log_disclosure", "idx", "idx", "number"),
        ("jit_log_disclosure", "idx", "digest", "text"),
        ("jit_log_disclosure", "idx", "disclosure", "text"),
        ("jit_log_tile", "tile", "level", "number"),
        ("jit_log_tile", "tile", "tile", "number"),
        ("jit_log_tile", "tile", "hashes", "bytes"),
        ("jit_log_tile", "tile", "root", "bytes"),
        ("jit_log_head", "size", "size", "number"),
        ("jit_log_head", "size", "frontier", "bytes"),
        ("jit_log_head", "size", "root", "bytes"),
        ("jit_log_head", "size", "seq", "number"),
        ("jit_log_checkpoint", "size", "size", "number"),
        ("jit_log_checkpoint", "size", "note", "text"),
        ("mt_events", "seq_id", "seq_id", "number"),
        ("mt_events", "seq_id", "id", "uuid"),
        ("mt_events", "seq_id", "stream_id", "text"),
        ("mt_events", "seq_id", "version", "number"),
        ("mt_events", "seq_id", "type", "text"),
        ("mt_events", "seq_id", "timestamp", "time"),
        ("mt_events", "seq_id", "data", "json"),
        ("mt_events", "seq_id", "headers", "json"),
        ("mt_events", "seq_id", "correlation_id", "text"),
        ("mt_events", "seq_id", "user_name", "text"),
    ];

    // These have all that an export has.
    private static readonly string[] Exported = ["leaf", "data", "headers", "disclosure", "note"];

    /// <returns>Null if there was nothing to change, or the database refused it.</returns>
    public static Task<Tampering?> TryAsync(NpgsqlConnection connection, Random random) =>
        random.Next(10) switch
        {
            0 => RemoveAsync(connection, random),
            1 => AddAsync(connection, random),
            2 => SwapAsync(connection, random),
            _ => ChangeAsync(connection, random, Columns[random.Next(Columns.Length)]),
        };

    private static async Task<Tampering?> ChangeAsync(
        NpgsqlConnection connection,
        Random random,
        (string Table, string Key, string Column, string Kind) column
    )
    {
        var (table, key, name, kind) = column;
        var at = await ReadAsync(
            connection,
            $"select ctid::text, {key}, {name}::text, {name} is null from jit.{table} order by random() limit 1"
        );
        if (at is not [var row, var index, var text, false])
            return null;
        object value = kind switch
        {
            "number" => long.Parse((string)text) + (random.Next(2) == 0 ? 1 : random.Next(-5, 1000)),
            "bytes" => Changed(Convert.FromHexString(((string)text)[2..]), random),
            "text" => Changed((string)text, random),
            "uuid" => Guid.NewGuid(),
            "time" => DateTime.UnixEpoch.AddMicroseconds(random.NextInt64(1L << 50)),
            _ => Changed(JsonNode.Parse((string)text)!, random),
        };
        var cast =
            kind is "json" ? "::jsonb"
            : kind is "number" && name is "level" ? "::int"
            : "";
        if (value.ToString() == (string)text)
            return null;
        if (!await ExecuteAsync(connection, $"update jit.{table} set {name} = $1{cast} where ctid = '{row}'", value))
            return null;
        var inExport =
            Exported.Contains(name)
            && table is not "mt_events"
            && (table is not "jit_log_checkpoint" || await IsLast(connection, index));
        return new(
            $"changed {table}.{name} of {key} {index}",
            inExport && table is "jit_log_leaf" ? Convert.ToInt64(index) : null,
            inExport
        );
    }

    private static async Task<Tampering?> RemoveAsync(NpgsqlConnection connection, Random random)
    {
        var (table, key, _, _) = Columns[random.Next(Columns.Length)];
        var at = await ReadAsync(connection, $"select ctid::text, {key} from jit.{table} order by random() limit 1");
        // Removing an older checkpoint, or the newest one, hides nothing: what was published stays published.
        if (at is null || table is "jit_log_checkpoint")
            return null;
        return await ExecuteAsync(connection, $"delete from jit.{table} where ctid = '{at[0]}'")
            ? new(
                $"removed {key} {at[1]} from {table}",
                table is "jit_log_leaf" ? Convert.ToInt64(at[1]) : null,
                table is "jit_log_leaf" or "jit_log_disclosure"
            )
            : null;
    }

    private const string OtherColumns = "leaf, hash, data, headers";

    private static async Task<Tampering?> AddAsync(NpgsqlConnection connection, Random random)
    {
        var added = new[]
        {
            $"insert into jit.jit_log_leaf select idx + 100000, seq + 100000, {OtherColumns} from jit.jit_log_leaf",
            $"insert into jit.jit_log_leaf select idx - 100000, seq - 100000, {OtherColumns} from jit.jit_log_leaf",
            "insert into jit.jit_log_disclosure select idx + 1, digest, disclosure from jit.jit_log_disclosure",
            "insert into jit.jit_log_tile select level + 1, tile, hashes, root from jit.jit_log_tile",
            "insert into jit.jit_log_checkpoint select size + 1, note, at from jit.jit_log_checkpoint",
            """
                insert into jit.mt_events (seq_id, id, stream_id, version, data, type, timestamp, tenant_id, mt_dotnet_type)
                select 0, gen_random_uuid(), stream_id, version + 1000, data, type, timestamp, tenant_id, mt_dotnet_type
                from jit.mt_events
                """,
        }[random.Next(6)];
        return await ExecuteAsync(connection, $"{added} order by random() limit 1") ? new(added) : null;
    }

    private static async Task<Tampering?> SwapAsync(NpgsqlConnection connection, Random random)
    {
        var (table, key, column) = new[]
        {
            ("jit_log_leaf", "idx", "leaf"),
            ("jit_log_leaf", "idx", "data"),
            ("jit_log_leaf", "idx", "headers"),
            ("mt_events", "seq_id", "data"),
            ("mt_events", "seq_id", "timestamp"),
        }[random.Next(5)];
        var isSwapped = await ExecuteAsync(
            connection,
            $"""
            with two as (select {key} as k, {column} as v from jit.{table} order by random() limit 2),
              pairs as (select a.k, b.v from two a join two b on a.k <> b.k where a.v <> b.v)
            update jit.{table} t set {column} = pairs.v from pairs where t.{key} = pairs.k
            """
        );
        return isSwapped ? new($"swapped {table}.{column}", InExport: table is "jit_log_leaf") : null;
    }

    private static async Task<bool> IsLast(NpgsqlConnection connection, object size) =>
        await ReadAsync(connection, "select max(size) from jit.jit_log_checkpoint") is [var last] && last.Equals(size);

    private static byte[] Changed(byte[] bytes, Random random)
    {
        if (bytes.Length == 0)
            return [1];
        bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
        return bytes;
    }

    private static string Changed(string text, Random random)
    {
        var at = random.Next(Math.Max(1, text.Length));
        var other = (char)random.Next(' ', '~');
        return text.Length == 0 ? "x" : $"{text[..at]}{other}{text[(at + 1)..]}";
    }

    private static string Changed(JsonNode json, Random random)
    {
        var members = new List<JsonObject>();
        Collect(json, members);
        var members1 = members[random.Next(members.Count)];
        var name = members1.Count == 0 ? "added" : members1.ElementAt(random.Next(members1.Count)).Key;
        switch (random.Next(3))
        {
            case 0:
                members1.Remove(name);
                break;
            case 1:
                members1[$"{name}x"] = "added";
                break;
            default:
                members1[name] =
                    members1[name] is JsonValue value && value.TryGetValue(out string? text)
                        ? Changed(text, random)
                        : "changed";
                break;
        }

        return json.ToJsonString();
    }

    private static void Collect(JsonNode? json, List<JsonObject> found)
    {
        if (json is JsonObject one)
        {
            found.Add(one);
            foreach (var (_, value) in one)
                Collect(value, found);
        }
        else if (json is JsonArray items)
        {
            foreach (var item in items)
                Collect(item, found);
        }
    }

    private static async Task<object[]?> ReadAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await using var rows = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        if (!await rows.ReadAsync(TestContext.Current.CancellationToken))
            return null;
        var values = new object[rows.FieldCount];
        rows.GetValues(values);
        return values;
    }

    private static async Task<bool> ExecuteAsync(NpgsqlConnection connection, string sql, object? value = null)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        if (value is not null)
            command.Parameters.Add(new() { Value = value });
        try
        {
            return await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken) > 0;
        }
        // A key that exists already, or a character that the encoding does not have.
        catch (PostgresException e) when (e.SqlState[..2] is "22" or "23")
        {
            return false;
        }
    }
}
