using Microsoft.DurableTask.Client;
using Npgsql;
using NpgsqlTypes;

namespace JitFunctions.EmbeddedHost.Durable.Storage;

/// <summary>The conditions that queries and purges have in common; a null does not restrict.</summary>
internal static class Filters
{
    public static void Add(
        NpgsqlCommand command, DateTimeOffset? from, DateTimeOffset? until, IEnumerable<OrchestrationRuntimeStatus>? statuses)
    {
        command.Parameters.Add(new NpgsqlParameter("from", NpgsqlDbType.TimestampTz) { Value = Utc(from) });
        command.Parameters.Add(new NpgsqlParameter("until", NpgsqlDbType.TimestampTz) { Value = Utc(until) });
        command.Parameters.Add(new NpgsqlParameter("statuses", NpgsqlDbType.Array | NpgsqlDbType.Text)
        {
            Value = (object?)statuses?.Select(status => status.ToString()).ToArray() ?? DBNull.Value,
        });
    }

    private static object Utc(DateTimeOffset? instant) => (object?)instant?.UtcDateTime ?? DBNull.Value;
}
