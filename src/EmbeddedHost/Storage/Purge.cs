using Microsoft.DurableTask.Protobuf;

namespace JitFunctions.EmbeddedHost.Storage;

/// <summary>Removes old instances and stray messages. Live instances are never removed.</summary>
internal sealed class Purge(TaskHubDatabase database, TimeProvider time)
{
    private const string Remove = """
        with gone as (
            delete from taskhub.instances where id in (
                select id from taskhub.instances
                where status not in ('Pending', 'Running')
                  and (@id is null or id = @id)
                  and (@from is null or created_at >= @from)
                  and (@until is null or created_at <= @until)
                  and (@statuses is null or status = any(@statuses))
                  and (@finished_before is null or updated_at < @finished_before)
                limit 1000
                for update skip locked)
            returning id),
        histories as (delete from taskhub.history using gone where instance_id = gone.id),
        activities as (delete from taskhub.activities using gone where instance_id = gone.id),
        messages as (delete from taskhub.inbox using gone where instance_id = gone.id)
        select count(*)::int from gone
        """;

    // Messages for instances that were never started, or that ended before the message was delivered.
    private const string RemoveStrayMessages = """
        delete from taskhub.inbox message
        where due_at < @before and not exists (
            select from taskhub.instances
            where id = instance_id and status in ('Pending', 'Running')
              and (message.execution is null or message.execution = instances.execution))
        """;

    public static readonly TimeSpan EarlyEventRetention = TimeSpan.FromMinutes(1);

    public Task<int> OneAsync(string id, CancellationToken cancellation) =>
        RemoveAsync(id, new PurgeInstanceFilter(), null, cancellation);

    public Task<int> AllAsync(PurgeInstanceFilter filter, CancellationToken cancellation) =>
        RemoveAsync(null, filter, null, cancellation);

    public Task<int> FinishedBeforeAsync(DateTimeOffset instant, CancellationToken cancellation) =>
        RemoveAsync(null, new PurgeInstanceFilter(), instant, cancellation);

    public async Task StrayMessagesAsync(CancellationToken cancellation)
    {
        await using var command = database.Source.CreateCommand(RemoveStrayMessages);
        command.Parameters.AddWithValue("before", (time.GetUtcNow() - EarlyEventRetention).UtcDateTime);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private async Task<int> RemoveAsync(
        string? id,
        PurgeInstanceFilter filter,
        DateTimeOffset? finishedBefore,
        CancellationToken cancellation
    )
    {
        var total = 0;
        while (true)
        {
            await using var command = database.Source.CreateCommand(Remove);
            command.Parameters.Add(new("id", NpgsqlTypes.NpgsqlDbType.Text) { Value = (object?)id ?? DBNull.Value });
            command.Parameters.Add(
                new("finished_before", NpgsqlTypes.NpgsqlDbType.TimestampTz)
                {
                    Value = (object?)finishedBefore?.UtcDateTime ?? DBNull.Value,
                }
            );
            Filters.Add(command, filter.CreatedTimeFrom, filter.CreatedTimeTo, filter.RuntimeStatus);
            var removed = (int)(await command.ExecuteScalarAsync(cancellation))!;
            total += removed;
            if (removed == 0)
                return total;
        }
    }
}
