namespace JitFunctions.EmbeddedHost.Storage;

/// <summary>Decides which node runs an occurrence of a timer function.</summary>
internal sealed class TimerStore(TaskHubDatabase database)
{
    // The row stays owned while the function runs, so that a slow run does not overlap with the next one.
    private const string Claim = """
        insert into taskhub.timers as timer (name, last_occurrence, owner)
        select @name, @occurrence, @me where exists (select from taskhub.nodes where nodes.id = @me)
        on conflict (name) do update set last_occurrence = excluded.last_occurrence, owner = excluded.owner
        where timer.owner is null and timer.last_occurrence < excluded.last_occurrence
        returning 1
        """;

    private const string Release = "update taskhub.timers set owner = null where name = @name and owner = @me";

    /// <returns>Whether this node must run the occurrence.</returns>
    public async Task<bool> TryClaimAsync(int node, string name, DateTime occurrence, CancellationToken cancellation)
    {
        await using var command = database.Source.CreateCommand(Claim);
        command.Parameters.AddWithValue("me", node);
        command.Parameters.AddWithValue("name", name);
        command.Parameters.AddWithValue("occurrence", occurrence);
        return await command.ExecuteScalarAsync(cancellation) is not null;
    }

    public async Task ReleaseAsync(int node, string name, CancellationToken cancellation)
    {
        await using var command = database.Source.CreateCommand(Release);
        command.Parameters.AddWithValue("me", node);
        command.Parameters.AddWithValue("name", name);
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
