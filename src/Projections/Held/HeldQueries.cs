using JitFunctions.Projections.Log;
using JitFunctions.TransparencyLog.Checkpoints;
using Npgsql;
using NpgsqlTypes;

namespace JitFunctions.Projections.Held;

/// <summary>What is asked: what was held at some time in a period, by all filters that are given.</summary>
/// <param name="From">The beginning of the period; null for ever.</param>
/// <param name="To">Its end, which belongs to it only if it is also the beginning.</param>
/// <param name="Person">A user name, in any case, or the subject of a principal.</param>
/// <param name="After">The last row of the previous page.</param>
public sealed record HeldQuestion(
    DateTimeOffset? From,
    DateTimeOffset? To,
    string? Cluster,
    string? Person,
    string? Namespace,
    HeldMark? After,
    int Limit
);

/// <summary>The place of a row in an answer.</summary>
public sealed record HeldMark(DateTimeOffset From, string Request, long Part, string Namespace);

/// <summary>A period of a grant in one namespace, as it was known at a checkpoint.</summary>
/// <param name="Namespace"><c>*</c> for all namespaces.</param>
/// <param name="Account">Who held the rights in the cluster: the person, or the service account of the grant.</param>
/// <param name="Status">Of the request during the period.</param>
/// <param name="Promised">Until when the rights were promised; absent while the activation went on.</param>
/// <param name="Until">Absent if it was not known to have ended.</param>
/// <param name="Proof">What the cluster said about the removal, if that ended the period.</param>
public sealed record HeldItem(
    string Request,
    long Part,
    string Cluster,
    string Namespace,
    string Person,
    string Subject,
    string Account,
    string Role,
    string ScopeHash,
    string Status,
    DateTimeOffset From,
    DateTimeOffset? Until,
    DateTimeOffset? Promised,
    string? Proof
)
{
    public HeldMark Mark() => new(From, Request, Part, Namespace);
}

/// <summary>Answers who held what, when, as it was known at a checkpoint.</summary>
public static class HeldQueries
{
    /// <summary>
    /// The most by which the time of an event may be earlier than those of its predecessors in the sequence.
    /// </summary>
    private static readonly TimeSpan MostDisorder = TimeSpan.FromHours(1);

    private const string Columns =
        "grant_id, part, cluster, namespace, person, subject, account, role, scope_hash, status, live_from, "
        + "case when closed_idx < @size then live_until end as live_until, promised, "
        + "case when closed_idx < @size then proof end as proof";

    private const string Order = """live_from, grant_id collate "C", part, namespace collate "C" """;

    private const string LastEvent = $"""
        select e.timestamp from {LogTables.Leaf} l join {StoredEvent.Table} e on e.seq_id = l.seq
        where l.idx = $1 - 1
        """;

    /// <summary>
    /// Reads one more than the limit, so that the caller can tell whether there is a next page. The same question about
    /// the same checkpoint has the same answer, whatever happened since.
    /// </summary>
    /// <exception cref="LogInconsistentException">The log has not the last event of the checkpoint.</exception>
    public static async Task<IReadOnlyList<HeldItem>> FindHeldAsync(
        this NpgsqlConnection connection,
        HeldQuestion question,
        Checkpoint knownAt,
        CancellationToken cancellation
    )
    {
        if (knownAt.Size == 0)
            return [];
        var at = await LastTimeAsync(connection, knownAt.Size, cancellation);
        await using var command = Command(question, knownAt.Size, at);
        command.Connection = connection;
        var found = new List<HeldItem>();
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        while (await rows.ReadAsync(cancellation))
            found.Add(Read(rows));
        return found;
    }

    /// <param name="size">The number of events that were known.</param>
    /// <param name="at">When the last of them was stored.</param>
    internal static NpgsqlCommand Command(HeldQuestion question, long size, DateTimeOffset at)
    {
        var command = new NpgsqlCommand();
        Add("size", size);
        var conditions = new List<string> { "opened_idx < @size" };
        if (question.Cluster is { } cluster)
            conditions.Add($"cluster = {Add("cluster", cluster)}");
        if (question.Namespace is { } ns)
            conditions.Add($"namespace in ('{HeldRow.AllNamespaces}', {Add("namespace", ns)})");
        if (question.Person is { } person)
            conditions.Add($"(lower(person) = lower({Add("person", person)}) or subject = @person)");
        if (question.To is { } to)
        {
            var end = Add("to", to.ToUniversalTime(), NpgsqlDbType.TimestampTz);
            conditions.Add($"live_from {(question.From == to ? "<=" : "<")} {end}");
        }

        if (question.From is { } from)
        {
            conditions.Add(
                "(closed_idx is null or closed_idx >= @size or live_until > "
                    + $"{Add("from", from.ToUniversalTime(), NpgsqlDbType.TimestampTz)})"
            );
        }

        if (question.After is { } mark)
        {
            // The first comparison is for the index.
            conditions.Add($"live_from >= {Add("after", mark.From.ToUniversalTime(), NpgsqlDbType.TimestampTz)}");
            conditions.Add(
                $"""
                (live_from, grant_id collate "C", part, namespace collate "C")
                  > (@after, {Add("afterGrant", mark.Request)}, {Add("afterPart", mark.Part)},
                    {Add("afterNamespace", mark.Namespace)})
                """
            );
        }

        Add("limit", question.Limit + 1);
        var all = string.Join(" and ", conditions);
        if (question.From is not { } begin)
        {
            command.CommandText = Select(all);
            return command;
        }

        // A usual row that was held then, or was not known to have ended, began at most the longest duration before.
        var earliest = begin < at ? begin : at;
        Add("earliest", earliest.ToUniversalTime() - HeldRow.LongestUsual - MostDisorder, NpgsqlDbType.TimestampTz);
        command.CommandText = $"""
            select * from (
              ({Select($"not lasting and live_from >= @earliest and {all}")})
              union all
              ({Select($"lasting and {all}")})
            ) as held order by {Order} limit @limit
            """;
        return command;

        static string Select(string where) =>
            $"select {Columns} from {HeldTables.Held} where {where} order by {Order} limit @limit";

        string Add(string name, object value, NpgsqlDbType? type = null)
        {
            var parameter = new NpgsqlParameter(name, value);
            if (type is { } one)
                parameter.NpgsqlDbType = one;
            command.Parameters.Add(parameter);
            return $"@{name}";
        }
    }

    private static async Task<DateTimeOffset> LastTimeAsync(
        NpgsqlConnection connection,
        long size,
        CancellationToken cancellation
    )
    {
        await using var command = new NpgsqlCommand(LastEvent, connection) { Parameters = { new() { Value = size } } };
        await using var row = await command.ExecuteReaderAsync(cancellation);
        return await row.ReadAsync(cancellation)
            ? row.GetFieldValue<DateTimeOffset>(0)
            : throw new LogInconsistentException(
                FormattableString.Invariant($"The log has not the last event of the checkpoint of size {size}.")
            );
    }

    private static HeldItem Read(NpgsqlDataReader row) =>
        new(
            row.GetString(0),
            row.GetInt64(1),
            row.GetString(2),
            row.GetString(3),
            row.GetString(4),
            row.GetString(5),
            row.GetString(6),
            row.GetString(7),
            row.GetString(8),
            row.GetString(9),
            row.GetFieldValue<DateTimeOffset>(10),
            row.IsDBNull(11) ? null : row.GetFieldValue<DateTimeOffset>(11),
            row.IsDBNull(12) ? null : row.GetFieldValue<DateTimeOffset>(12),
            row.IsDBNull(13) ? null : row.GetString(13)
        );
}
