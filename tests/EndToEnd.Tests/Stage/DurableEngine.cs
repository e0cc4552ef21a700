using Npgsql;

namespace JitFunctions.EndToEnd.Tests;

/// <summary>
/// Sabotage of the engine that runs the orchestrations: the one part of these tests that knows which host they run on. This is
/// the embedded host, which keeps them in the schema <c>durable</c> of the function app's database.
/// </summary>
internal sealed class DurableEngine(string database)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>As if the instance had never been started.</summary>
    public async Task DeleteAsync(string instance)
    {
        foreach (var table in new[] { "inbox", "activities", "history" })
            await ExecuteAsync($"delete from durable.{table} where instance_id = $1", instance);
        await ExecuteAsync("delete from durable.instances where id = $1", instance);
    }

    public async Task TerminateAsync(string instance)
    {
        await ExecuteAsync("update durable.instances set status = 'Terminated' where id = $1", instance);
        await ExecuteAsync("delete from durable.inbox where instance_id = $1", instance);
    }

    public async Task<bool> IsRunningAsync(string instance) =>
        await ExecuteAsync("select status from durable.instances where id = $1", instance) is "Running";

    /// <summary>Whether any row that the engine keeps, of any instance, holds this text.</summary>
    public async Task<bool> MentionsAsync(string text)
    {
        foreach (var table in new[] { "inbox", "activities", "history", "instances" })
            if (await ExecuteAsync($"select 1 from durable.{table} x where strpos(x::text, $1) > 0 limit 1", text) is not null) return true;
        return false;
    }

    private async Task<object?> ExecuteAsync(string sql, string instance)
    {
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync(Cancellation);
        await using var command = new NpgsqlCommand(sql, connection) { Parameters = { new() { Value = instance } } };
        return await command.ExecuteScalarAsync(Cancellation);
    }
}
