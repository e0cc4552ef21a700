using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace JitFunctions.Projections;

/// <summary>One partition of an event hub, as one consumer group reads it.</summary>
/// <param name="Namespace">The host name of the namespace.</param>
public sealed record HubPartition(string Namespace, string Hub, string ConsumerGroup, string Partition)
{
    public override string ToString() => $"{Namespace}/{Hub}/{ConsumerGroup}/{Partition}";

    internal byte[] DeliveryId(HubPosition? from, HubPosition to) =>
        SHA256.HashData(Encoding.UTF8.GetBytes($"{this}\n{from?.Sequence}\n{to.Sequence}\n{to.EnqueuedAt:O}"));
}

/// <summary>The event of a partition that was stored last.</summary>
public sealed record HubPosition(long Sequence, string Offset, DateTimeOffset EnqueuedAt);

/// <summary>How far the partitions of event hubs were read.</summary>
internal static class HubOffsets
{
    /// <summary>Moves the position, if it is still the given one.</summary>
    public static async Task<bool> AdvanceAsync(
        NpgsqlConnection connection,
        HubPartition partition,
        HubPosition? from,
        HubPosition to,
        int unassigned,
        DateTimeOffset at,
        CancellationToken cancellation
    )
    {
        await using var write = new NpgsqlCommand(
            from is null
                ? $"""
                insert into {ActionTables.Offsets}
                    (namespace, hub, consumer_group, partition, sequence, hub_offset, enqueued_at, unassigned, read_at)
                values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict do nothing
                """
                : $"""
                update {ActionTables.Offsets} set sequence = $5, hub_offset = $6, enqueued_at = $7,
                    unassigned = unassigned + $8, read_at = $9
                where namespace = $1 and hub = $2 and consumer_group = $3 and partition = $4
                    and sequence = $10 and hub_offset = $11
                """,
            connection
        );
        AddKey(write, partition);
        foreach (var value in new object[] { to.Sequence, to.Offset, to.EnqueuedAt, (long)unassigned, at })
            write.Parameters.Add(new() { Value = value });
        if (from is not null)
        {
            write.Parameters.Add(new() { Value = from.Sequence });
            write.Parameters.Add(new() { Value = from.Offset });
        }

        return await write.ExecuteNonQueryAsync(cancellation) == 1;
    }

    public static async Task<HubPosition?> ReadAsync(
        NpgsqlConnection connection,
        HubPartition partition,
        CancellationToken cancellation
    )
    {
        await using var query = new NpgsqlCommand(
            $"""
            select sequence, hub_offset, enqueued_at from {ActionTables.Offsets}
            where namespace = $1 and hub = $2 and consumer_group = $3 and partition = $4
            """,
            connection
        );
        AddKey(query, partition);
        await using var row = await query.ExecuteReaderAsync(cancellation);
        return await row.ReadAsync(cancellation)
            ? new(row.GetInt64(0), row.GetString(1), row.GetFieldValue<DateTimeOffset>(2))
            : null;
    }

    private static void AddKey(NpgsqlCommand command, HubPartition partition)
    {
        foreach (
            var value in new[] { partition.Namespace, partition.Hub, partition.ConsumerGroup, partition.Partition }
        )
            command.Parameters.Add(new() { Value = value });
    }
}
