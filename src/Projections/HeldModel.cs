using System.Text.Json;
using JitFunctions.Domain.Requests;
using JitFunctions.Projections.Held;
using JitFunctions.Projections.Log;
using Npgsql;
using static JitFunctions.Domain.Requests.AccessRequestEvent;

namespace JitFunctions.Projections;

/// <summary>
/// Read model: who held what, when. It computes all rows of a grant from all of its events, so that a grant from before
/// this table is complete after its next event.
/// </summary>
public sealed class HeldModel : ILoggedReadModel
{
    /// <summary>These begin or end a period.</summary>
    private static readonly string[] Changes = Names(
        typeof(ActivationStarted),
        typeof(Activated),
        typeof(Extended),
        typeof(EndingStarted),
        typeof(Ended),
        typeof(Withdrawn),
        typeof(Failed)
    );

    private static readonly string[] Read = [.. Names(typeof(Requested), typeof(Narrowed)), .. Changes];

    private static readonly Dictionary<string, Type> Types = EventNames
        .All.Where(one => Read.Contains(one.Value))
        .ToDictionary(one => one.Value, one => one.Key, StringComparer.Ordinal);

    private static readonly JsonSerializerOptions Json = CreateJson();

    private const string Events = $"""
        select e.stream_id, e.version, l.idx, e.type, e.data::text
        from {StoredEvent.Table} e join {LogTables.Leaf} l on l.seq = e.seq_id
        """;

    private const string OfNew = $"""
        {Events} where e.type = any($2) and e.stream_id in (
          select e.stream_id from {LogTables.Leaf} l join {StoredEvent.Table} e on e.seq_id = l.seq
          where l.idx >= $1 and e.type = any($3))
        order by e.stream_id, e.version
        """;

    private const string OfOne = $"{Events} where e.type = any($2) and e.stream_id = $1 order by e.version";

    public Type StorageType => typeof(HeldTables);

    public async Task FollowAsync(NpgsqlConnection connection, long first, CancellationToken cancellation)
    {
        var streams = new Dictionary<string, List<PlacedEvent>>(StringComparer.Ordinal);
        await using (
            var command = new NpgsqlCommand(OfNew, connection)
            {
                Parameters =
                {
                    new() { Value = first },
                    new() { Value = Read },
                    new() { Value = Changes },
                },
            }
        )
        await using (var rows = await command.ExecuteReaderAsync(cancellation))
        {
            while (await rows.ReadAsync(cancellation))
            {
                var id = rows.GetString(0);
                if (!streams.TryGetValue(id, out var events))
                    streams[id] = events = [];
                events.Add(Placed(rows));
            }
        }

        var held = streams.SelectMany(stream => HeldRow.Of(stream.Key, stream.Value)).ToList();
        if (held is not [])
            await HeldRows.UpsertAsync(connection, held, cancellation);
    }

    /// <summary>The rows that a request has to have, by its events that are in the log.</summary>
    internal static async Task<IReadOnlyList<HeldRow>> ExpectedAsync(
        NpgsqlConnection connection,
        string id,
        CancellationToken cancellation
    )
    {
        await using var command = new NpgsqlCommand(OfOne, connection)
        {
            Parameters =
            {
                new() { Value = id },
                new() { Value = Read },
            },
        };
        var events = new List<PlacedEvent>();
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        while (await rows.ReadAsync(cancellation))
            events.Add(Placed(rows));
        return HeldRow.Of(id, events);
    }

    private static PlacedEvent Placed(NpgsqlDataReader row) =>
        new(
            row.GetInt64(1),
            row.GetInt64(2),
            (AccessRequestEvent)JsonSerializer.Deserialize(row.GetString(4), Types[row.GetString(3)], Json)!
        );

    private static string[] Names(params IEnumerable<Type> types) => [.. types.Select(type => EventNames.All[type])];

    private static JsonSerializerOptions CreateJson()
    {
        var options = new JsonSerializerOptions();
        EventStore.ConfigureJson(options);
        return options;
    }
}
