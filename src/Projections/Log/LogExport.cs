using System.Runtime.CompilerServices;
using JitFunctions.TransparencyLog.Checkpoints;
using JitFunctions.TransparencyLog.Exports;
using JitFunctions.TransparencyLog.Hashing;
using JitFunctions.TransparencyLog.Merkle;
using JitFunctions.TransparencyLog.Proofs;
using Npgsql;

namespace JitFunctions.Projections.Log;

/// <summary>Exports of the log, which an auditor verifies offline.</summary>
public static class LogExport
{
    /// <summary>The columns of a row, from the leaves <c>l</c>.</summary>
    internal const string Columns = $"""
        select l.idx, l.leaf, l.data, l.headers, l.hash,
          array(select d.disclosure from {LogTables.Disclosure} d where d.idx = l.idx order by d.digest collate "C")
        from {LogTables.Leaf} l
        """;

    private const string All = $"{Columns} where l.idx < $1 order by l.idx";

    private const string OfStream = $"""
        {Columns} join {StoredEvent.Table} e on e.seq_id = l.seq
        where l.idx < $1 and e.stream_id = $2 order by l.idx
        """;

    private const string IndexesOfStream = $"""
        select l.idx from {LogTables.Leaf} l join {StoredEvent.Table} e on e.seq_id = l.seq
        where l.idx < $1 and e.stream_id = $2 order by l.idx
        """;

    /// <summary>
    /// Writes all leaves of the checkpoint. If somebody removed some, the others are written: an auditor has to be able
    /// to verify them.
    /// </summary>
    public static Task ExportLogAsync(
        this NpgsqlConnection connection,
        SignedCheckpoint checkpoint,
        string policy,
        IExportTarget target,
        CancellationToken cancellation
    ) =>
        new ExportWriter(target) { AsTheyAre = true }.WriteAllAsync(
            checkpoint,
            policy,
            connection.ReadAllAsync(checkpoint, cancellation),
            cancellation
        );

    /// <summary>Writes the leaves of one stream, each with its proof.</summary>
    public static async Task ExportStreamAsync(
        this NpgsqlConnection connection,
        SignedCheckpoint checkpoint,
        string policy,
        string stream,
        IExportTarget target,
        CancellationToken cancellation
    )
    {
        var size = checkpoint.Checkpoint.Size;
        var plans = (await IndexesAsync(connection, size, stream, cancellation))
            .Select(index => (Index: index, Plan: InclusionProof.Plan(index, size)))
            .ToList();
        var nodes = await connection.ReadNodesAsync(plans.Select(one => one.Plan), size, cancellation);
        await new ExportWriter(target).WriteSomeAsync(
            checkpoint,
            policy,
            connection.ReadLeavesAsync(OfStream, [size, stream], cancellation),
            plans.Select(one => new TlogProof(one.Index, one.Plan.Build(nodes), checkpoint)).ToAsyncEnumerable(),
            consistency: null,
            cancellation
        );
    }

    /// <summary>The proof that the checkpoint continues a log of an earlier size.</summary>
    public static async Task<ConsistencyFile> ProveConsistencyAsync(
        this NpgsqlConnection connection,
        long from,
        SignedCheckpoint checkpoint,
        CancellationToken cancellation
    )
    {
        var plan = ConsistencyProof.Plan(from, checkpoint.Checkpoint.Size);
        var nodes = await connection.ReadNodesAsync([plan], checkpoint.Checkpoint.Size, cancellation);
        return new(from, plan.Build(nodes), checkpoint);
    }

    private static async Task<List<long>> IndexesAsync(
        NpgsqlConnection connection,
        long size,
        string stream,
        CancellationToken cancellation
    )
    {
        var indexes = new List<long>();
        await using var command = Command(connection, IndexesOfStream, [size, stream]);
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        while (await rows.ReadAsync(cancellation))
            indexes.Add(rows.GetInt64(0));
        return indexes;
    }

    /// <summary>All leaves of the checkpoint, in their order.</summary>
    internal static IAsyncEnumerable<ExportLeaf> ReadAllAsync(
        this NpgsqlConnection connection,
        SignedCheckpoint checkpoint,
        CancellationToken cancellation
    ) => connection.ReadLeavesAsync(All, [checkpoint.Checkpoint.Size], cancellation);

    /// <param name="text">A query that begins with <see cref="Columns"/>.</param>
    internal static async IAsyncEnumerable<ExportLeaf> ReadLeavesAsync(
        this NpgsqlConnection connection,
        string text,
        object[] values,
        [EnumeratorCancellation] CancellationToken cancellation
    )
    {
        await using var command = Command(connection, text, values);
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        while (await rows.ReadAsync(cancellation))
        {
            yield return new(
                rows.GetInt64(0),
                rows.GetFieldValue<byte[]>(1),
                rows.GetFieldValue<byte[]>(2),
                rows.GetFieldValue<byte[]>(3),
                rows.GetFieldValue<string[]>(5)
            )
            {
                // With the stored hash, a verifier can name the leaf whose bytes are not those of the log.
                StoredHash = rows.GetFieldValue<byte[]>(4) is { Length: Sha256Hash.Length } hash ? new(hash) : null,
            };
        }
    }

    private static NpgsqlCommand Command(NpgsqlConnection connection, string text, object[] values)
    {
        var command = new NpgsqlCommand(text, connection);
        foreach (var value in values)
            command.Parameters.Add(new() { Value = value });
        return command;
    }
}
