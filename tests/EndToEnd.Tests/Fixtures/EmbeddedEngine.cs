using Npgsql;

namespace JitFunctions.EndToEnd.Tests;

/// <summary>
/// The embedded host's engine, which keeps its instances in the schema <c>taskhub</c> of the function app's database.
/// </summary>
internal sealed class EmbeddedEngine(string database) : DurableEngine
{
    public override async Task DeleteAsync(string instance)
    {
        foreach (var table in new[] { "inbox", "activities", "history" })
            await ExecuteAsync($"delete from taskhub.{table} where instance_id = $1", instance);
        await ExecuteAsync("delete from taskhub.instances where id = $1", instance);
    }

    public override async Task TerminateAsync(string instance)
    {
        await ExecuteAsync("update taskhub.instances set status = 'Terminated' where id = $1", instance);
        await ExecuteAsync("delete from taskhub.inbox where instance_id = $1", instance);
    }

    public override async Task<bool> IsRunningAsync(string instance) =>
        await ExecuteAsync("select status from taskhub.instances where id = $1", instance) is "Running";

    public override async IAsyncEnumerable<string> ContentsAsync()
    {
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync(Cancellation);
        foreach (var table in new[] { "inbox", "activities", "history", "instances" })
        {
            await using var command = new NpgsqlCommand($"select x::text from taskhub.{table} x", connection);
            await using var rows = await command.ExecuteReaderAsync(Cancellation);
            while (await rows.ReadAsync(Cancellation))
                yield return rows.GetString(0);
        }
    }

    private async Task<object?> ExecuteAsync(string sql, string instance)
    {
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync(Cancellation);
        await using var command = new NpgsqlCommand(sql, connection) { Parameters = { new() { Value = instance } } };
        return await command.ExecuteScalarAsync(Cancellation);
    }
}
