using Npgsql;

namespace JitFunctions.EmbeddedHost.Storage;

/// <summary>
/// A node's right to work: an advisory lock on a connection of its own, which ends with the process, and a lease, which
/// ends when the process merely stands still. Each heartbeat also frees the work of nodes that have lost either.
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
            // The lock comes before the row: a row without a lock looks dead to the others.
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
    /// <param name="wake">Called when another node asks for help, or when a dead node's work became free.</param>
    /// <exception cref="NodeLostException">Another node took this one for dead.</exception>
    /// <exception cref="NpgsqlException">The connection, and the lock with it, is gone.</exception>
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

    /// <summary>Gives up what the node still owns, so that others need not wait for its lease to run out.</summary>
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
                // PostgreSQL is away. The lock goes with the connection, and the next node to come frees the work.
            }
        }
    }

    /// <returns>Whether work became free.</returns>
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
