using Npgsql;

namespace JitFunctions.EmbeddedHost.Storage;

/// <summary>
/// A node's right to work. It consists of an advisory lock on a dedicated connection, which ends with the process, and
/// a lease, which expires when the process does not respond. Each heartbeat also frees the work of nodes that have lost
/// either.
/// </summary>
internal sealed class NodeLease : IAsyncDisposable
{
    public const string Channel = "taskhub";

    private const string LockClass = "1246905927";

    private const string Extend = "update taskhub.nodes set lease_until = clock_timestamp() + @lease where id = @me";

    private const string RemoveTheDead = $"""
        delete from taskhub.nodes node
        where id <> @me and (lease_until < clock_timestamp() or not exists (
            select from pg_locks
            where locktype = 'advisory' and classid = {LockClass} and objid = node.id::oid and objsubid = 2 and granted
              and database = (select oid from pg_database where datname = current_database())))
        """;

    private readonly TaskHubDatabase _database;
    private readonly NpgsqlConnection _connection;
    private readonly TimeSpan _duration;

    private NodeLease(TaskHubDatabase database, NpgsqlConnection connection, int nodeId, TimeSpan duration)
    {
        _database = database;
        _connection = connection;
        _duration = duration;
        NodeId = nodeId;
    }

    public int NodeId { get; }

    private TimeSpan Heartbeat => TimeSpan.FromMilliseconds(Math.Min(500, _duration.TotalMilliseconds / 4));

    public static async Task<NodeLease> AcquireAsync(
        TaskHubDatabase database,
        TimeSpan duration,
        CancellationToken cancellation
    )
    {
        var connection = await database.OpenSessionAsync(duration, cancellation);
        try
        {
            // Take the lock before inserting the row: other nodes treat a row without a lock as a dead node.
            await using var command = connection.CreateCommand();
            command.CommandText = "select nextval('taskhub.node_ids')::int";
            var id = (int)(await command.ExecuteScalarAsync(cancellation))!;
            command.CommandText = $"""
                select pg_advisory_lock({LockClass}, @me);
                insert into taskhub.nodes (id, lease_until) values (@me, clock_timestamp() + @lease);
                listen {Channel};
                """;
            command.Parameters.AddWithValue("me", id);
            command.Parameters.AddWithValue("lease", duration);
            await command.ExecuteNonQueryAsync(cancellation);
            return new NodeLease(database, connection, id, duration);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Keeps the lease alive until cancelled.</summary>
    /// <param name="wake">
    /// Called on a notification from another node, or when the work of a dead node was freed.
    /// </param>
    /// <exception cref="NodeLostException">Another node has removed this one as dead.</exception>
    /// <exception cref="NpgsqlException">The connection is lost, and the lock with it.</exception>
    public async Task KeepAsync(Action wake, TimeProvider time, CancellationToken cancellation)
    {
        _connection.Notification += (_, _) => wake();
        while (!cancellation.IsCancellationRequested)
        {
            if (await BeatAsync(cancellation))
                wake();
            var beaten = time.GetTimestamp();
            while (Heartbeat - time.GetElapsedTime(beaten) is { Ticks: > TimeSpan.TicksPerMillisecond } rest)
                await _connection.WaitAsync(rest, cancellation);
        }
    }

    /// <summary>Frees what the node still owns, so that other nodes need not wait for its lease to expire.</summary>
    public async ValueTask DisposeAsync()
    {
        await using (_connection)
        {
            await using var batch = _database.Source.CreateBatch();
            batch.Add("delete from taskhub.nodes where id = @me", ("me", NodeId));
            Orphans.AddRelease(batch);
            batch.AddWakeUp();
            try
            {
                await batch.ExecuteNonQueryAsync();
            }
            catch (NpgsqlException)
            {
                // PostgreSQL is unavailable. The lock ends with the connection, and the next heartbeat of any node
                // frees the work.
            }
        }
    }

    /// <returns>Whether work was freed.</returns>
    private async Task<bool> BeatAsync(CancellationToken cancellation)
    {
        await using var batch = _connection.CreateBatch();
        var extended = batch.Add(Extend, ("lease", _duration), ("me", NodeId));
        batch.Add(RemoveTheDead, ("me", NodeId));
        var released = Orphans.AddRelease(batch);
        await batch.ExecuteNonQueryAsync(cancellation);
        return extended.RecordsAffected == 1
            ? released.Any(command => command.RecordsAffected > 0)
            : throw new NodeLostException();
    }
}

internal sealed class NodeLostException()
    : Exception("The node did not extend its lease in time, so other nodes have taken over its work.");
