using JitFunctions.Projections;
using Npgsql;

namespace JitFunctions.Functions.EventHubs;

/// <summary>
/// Which partitions of a hub this node reads: locks of one connection, which end with it. They keep nodes from doing
/// the same work. That nothing is stored twice does not depend on them.
/// </summary>
internal sealed class HubLeases : IAsyncDisposable
{
    private const int NodeClass = 0x6a69746e; // "jitn"
    private const int PartitionClass = 0x6a697470; // "jitp"

    private readonly NpgsqlConnection _connection;
    private readonly string _source;

    private HubLeases(NpgsqlConnection connection, string source) => (_connection, _source) = (connection, source);

    public static async Task<HubLeases> OpenAsync(
        NpgsqlDataSource database,
        HubSource source,
        CancellationToken cancellation
    )
    {
        var leases = new HubLeases(await database.OpenConnectionAsync(cancellation), source.ToString());
        try
        {
            await leases.AskAsync<object>(
                $"select pg_advisory_lock_shared({NodeClass}, hashtext($1))",
                leases._source,
                cancellation
            );
            return leases;
        }
        catch
        {
            await leases.DisposeAsync();
            throw;
        }
    }

    /// <summary>Returns how many nodes have leases of the hub open, this one among them.</summary>
    public async Task<int> CountNodesAsync(CancellationToken cancellation) =>
        (int)
            await AskAsync<long>(
                $"""
                select count(*) from pg_locks
                where locktype = 'advisory' and granted and objsubid = 2 and classid = {NodeClass}::oid
                    and objid = hashtext($1)::oid
                    and database = (select oid from pg_database where datname = current_database())
                """,
                _source,
                cancellation
            );

    public async Task<bool> TryTakeAsync(HubPartition partition, CancellationToken cancellation) =>
        await AskAsync<bool>(
            $"select pg_try_advisory_lock({PartitionClass}, hashtext($1))",
            partition.ToString(),
            cancellation
        );

    public async Task ReleaseAsync(HubPartition partition, CancellationToken cancellation) =>
        await AskAsync<bool>(
            $"select pg_advisory_unlock({PartitionClass}, hashtext($1))",
            partition.ToString(),
            cancellation
        );

    /// <summary>The pool ends the locks of a connection that it gets back.</summary>
    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private async Task<T> AskAsync<T>(string sql, string text, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, _connection);
        command.Parameters.Add(new() { Value = text });
        return (T)(await command.ExecuteScalarAsync(cancellation))!;
    }
}
