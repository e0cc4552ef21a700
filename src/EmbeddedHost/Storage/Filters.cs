using Google.Protobuf.WellKnownTypes;
using Microsoft.DurableTask.Protobuf;
using Npgsql;
using NpgsqlTypes;

namespace JitFunctions.EmbeddedHost.Storage;

/// <summary>
/// The conditions that queries and purges share. A null, or an empty list of statuses, does not restrict the result.
/// </summary>
internal static class Filters
{
    public static void Add(
        NpgsqlCommand command,
        Timestamp? from,
        Timestamp? until,
        IReadOnlyCollection<OrchestrationStatus> statuses
    )
    {
        command.Parameters.Add(new NpgsqlParameter("from", NpgsqlDbType.TimestampTz) { Value = Utc(from) });
        command.Parameters.Add(new NpgsqlParameter("until", NpgsqlDbType.TimestampTz) { Value = Utc(until) });
        command.Parameters.Add(
            new NpgsqlParameter("statuses", NpgsqlDbType.Array | NpgsqlDbType.Text)
            {
                Value = statuses.Count == 0 ? DBNull.Value : statuses.Select(Statuses.Write).ToArray(),
            }
        );
    }

    private static object Utc(Timestamp? instant) => (object?)instant?.ToDateTime() ?? DBNull.Value;
}
