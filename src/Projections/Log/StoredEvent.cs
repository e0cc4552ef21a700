using System.Text.Json.Nodes;
using JitFunctions.TransparencyLog.Json;
using Npgsql;

namespace JitFunctions.Projections.Log;

/// <summary>
/// A row of the event store as it is: what Marten gives out has gone through .NET types, whose JSON may differ.
/// </summary>
/// <param name="At">When the event was stored, to the microsecond.</param>
/// <param name="Data">JSON.</param>
/// <param name="Headers">JSON; null if there are none.</param>
internal sealed record StoredEvent(
    long Sequence,
    Guid Id,
    string Stream,
    long Version,
    string Type,
    DateTimeOffset At,
    string Data,
    string? Headers,
    string? CorrelationId,
    string? UserName
)
{
    public const string Table = $"{LogTables.Schema}.mt_events";

    /// <summary>The columns that <see cref="Read"/> expects, of the table <c>e</c>.</summary>
    public const string Columns =
        "e.seq_id, e.id, e.stream_id, e.version, e.type, e.timestamp, e.data::text, e.headers::text, "
        + "e.correlation_id, e.user_name";

    /// <param name="row">A row that begins with <see cref="Columns"/>.</param>
    public static StoredEvent Read(NpgsqlDataReader row) =>
        new(
            row.GetInt64(0),
            row.GetGuid(1),
            row.GetString(2),
            row.GetInt64(3),
            row.GetString(4),
            row.GetFieldValue<DateTimeOffset>(5),
            row.GetString(6),
            Text(row, 7),
            Text(row, 8),
            Text(row, 9)
        );

    /// <summary>What is known about the event beside its data, in canonical form: who caused it, and how.</summary>
    /// <exception cref="FormatException">It has no canonical form.</exception>
    public byte[] CanonicalHeaders()
    {
        var all = new JsonObject();
        if (Headers is not null)
            all["headers"] = JsonNode.Parse(Headers);
        if (CorrelationId is not null)
            all["correlationId"] = CorrelationId;
        if (UserName is not null)
            all["userName"] = UserName;
        return CanonicalJson.Format(all.ToJsonString());
    }

    /// <exception cref="FormatException">It has no canonical form, such as with a fraction in it.</exception>
    public byte[] CanonicalData() => CanonicalJson.Format(Data);

    private static string? Text(NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.GetString(column);
}
