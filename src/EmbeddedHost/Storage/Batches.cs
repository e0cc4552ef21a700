using Npgsql;
using NpgsqlTypes;

namespace JitFunctions.EmbeddedHost.Storage;

/// <summary>A batch is one round trip and one transaction.</summary>
internal static class Batches
{
    public static NpgsqlBatchCommand Add(
        this NpgsqlBatch batch,
        string sql,
        params (string Name, object? Value)[] parameters
    )
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var (name, value) in parameters)
            command.Parameters.Add(Parameter(name, value));
        batch.BatchCommands.Add(command);
        return command;
    }

    /// <summary>Wakes the other nodes once the batch has committed.</summary>
    public static void AddWakeUp(this NpgsqlBatch batch) => batch.Add($"select pg_notify('{NodeLease.Channel}', '')");

    // PostgreSQL needs the type of a null. Every column that a batch may set to null is of type text.
    private static NpgsqlParameter Parameter(string name, object? value) =>
        value switch
        {
            null => new NpgsqlParameter(name, NpgsqlDbType.Text) { Value = DBNull.Value },
            DateTimeOffset instant => new NpgsqlParameter(name, instant.UtcDateTime),
            _ => new NpgsqlParameter(name, value),
        };
}
