using Npgsql;

namespace JitFunctions.Projections.Log;

/// <summary>Reads the next events that are not in the log.</summary>
internal static class EventBatch
{
    /// <summary>The most events of one transaction.</summary>
    public const int MostEvents = 5000;

    /// <summary>Policies can be large: a batch ends when its events have about this many characters.</summary>
    private const int MostCharacters = 16 * 1024 * 1024;

    private const string Next = $"""
        select {StoredEvent.Columns} from {StoredEvent.Table} e
        where e.seq_id > $1 and e.seq_id <= $2 order by e.seq_id limit $3
        """;

    /// <returns>The rows of the log for these events; none if nothing is left.</returns>
    /// <exception cref="UnloggableEventException">The next event has no canonical form.</exception>
    public static async Task<IReadOnlyList<LogRow>> ReadAsync(
        NpgsqlConnection connection,
        long after,
        long upTo,
        CancellationToken cancellation
    )
    {
        await using var command = new NpgsqlCommand(Next, connection)
        {
            Parameters =
            {
                new() { Value = after },
                new() { Value = upTo },
                new() { Value = MostEvents },
            },
        };
        var rows = new List<LogRow>();
        var characters = 0;
        await using var events = await command.ExecuteReaderAsync(cancellation);
        while (characters < MostCharacters && await events.ReadAsync(cancellation))
        {
            var stored = StoredEvent.Read(events);
            characters += stored.Data.Length + (stored.Headers?.Length ?? 0);
            try
            {
                rows.Add(LogRow.Of(stored));
            }
            // What comes before it is logged first.
            catch (UnloggableEventException) when (rows is not [])
            {
                break;
            }
        }

        return rows;
    }
}
