using System.Runtime.CompilerServices;
using JitFunctions.Domain.Evidence;
using JitFunctions.EvidenceFiles;
using JitFunctions.Projections.Log;
using JitFunctions.TransparencyLog.Checkpoints;
using JitFunctions.TransparencyLog.Exports;
using JitFunctions.TransparencyLog.Leaves;
using Npgsql;

namespace JitFunctions.Projections.Evidence;

/// <summary>The evidence of a period, made of the log as it is in the database.</summary>
/// <param name="database">Two connections are in use: one for the rows, one for their proofs.</param>
public sealed class EvidenceExport(NpgsqlDataSource database, SignedCheckpoint checkpoint, EvidencePeriod period)
{
    // A wide choice: who is in the population is decided by RequestEvidence, from the leaves. Where the rows of the
    // event store are not those of the log, the verifier finds that.
    private const string Chosen = $"""
        with chosen as (
          select e.stream_id, min(l.idx) as first
          from {LogTables.Leaf} l join {StoredEvent.Table} e on e.seq_id = l.seq
          where l.idx < $1
          group by e.stream_id
          having min(e.timestamp) filter (where e.type = '{FactNames.Requested}') < $3
            and (max(e.timestamp) >= $2 or not bool_or(e.type in
              ('{FactNames.Denied}', '{FactNames.Withdrawn}', '{FactNames.Lapsed}',
               '{FactNames.Ended}', '{FactNames.Failed}')))
        )
        """;

    private const string Requests = $"""
        {Chosen}
        {LogExport.Columns}
        join {StoredEvent.Table} e on e.seq_id = l.seq join chosen on chosen.stream_id = e.stream_id
        where l.idx < $1 order by chosen.first, l.idx
        """;

    private const string Others = $"""
        {LogExport.Columns} join {StoredEvent.Table} e on e.seq_id = l.seq
        where l.idx < $1 and e.timestamp >= $2 and e.timestamp < $3 and e.type = any($4) order by l.idx
        """;

    private const string LastLeaf = $"select leaf from {LogTables.Leaf} where idx = $1 - 1";

    private long Size => checkpoint.Checkpoint.Size;

    /// <exception cref="LogInconsistentException">Somebody changed the tables so that there are no proofs.</exception>
    public async Task<EvidenceAbout> WriteAsync(
        string policy,
        IExportTarget target,
        WriteDossier? dossier,
        CancellationToken cancellation
    )
    {
        await using var rows = await database.OpenConnectionAsync(cancellation);
        await using var nodes = await database.OpenConnectionAsync(cancellation);
        var tiles = new LogTileCache(nodes, Size);
        return await new EvidenceWriter(target, period).WriteAsync(
            checkpoint,
            policy,
            await AsOfAsync(rows, cancellation),
            new(
                rows.ReadAllAsync(checkpoint, cancellation),
                ByRequest(rows, cancellation),
                rows.ReadLeavesAsync(
                    Others,
                    [Size, period.From, period.To, ClusterEvidence.Types.ToArray()],
                    cancellation
                ),
                async (indexes, stop) => await tiles.ProveAsync(indexes, checkpoint, stop),
                dossier
            ),
            cancellation
        );
    }

    private async Task<DateTimeOffset> AsOfAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(LastLeaf, connection) { Parameters = { new() { Value = Size } } };
        if (await command.ExecuteScalarAsync(cancellation) is not byte[] leaf)
            throw new LogInconsistentException($"The log of {Size} leaves does not have the last one.");
        try
        {
            return EventLeaf.Parse(leaf).At;
        }
        catch (FormatException)
        {
            throw new LogInconsistentException($"The last leaf of the log of {Size} leaves is not in its form.");
        }
    }

    private async IAsyncEnumerable<IReadOnlyList<ExportLeaf>> ByRequest(
        NpgsqlConnection connection,
        [EnumeratorCancellation] CancellationToken cancellation
    )
    {
        var (stream, request) = (string.Empty, new List<ExportLeaf>());
        await foreach (var leaf in connection.ReadLeavesAsync(Requests, [Size, period.From, period.To], cancellation))
        {
            var its = StreamOf(leaf, stream);
            if (its != stream && request is not [])
            {
                yield return request;
                request = [];
            }

            stream = its;
            request.Add(leaf);
        }

        if (request is not [])
            yield return request;
    }

    // A leaf that cannot be read stays with those before it; the verifier names it.
    private static string StreamOf(ExportLeaf leaf, string before)
    {
        try
        {
            return EventLeaf.Parse(leaf.Leaf).Stream;
        }
        catch (FormatException)
        {
            return before;
        }
    }
}
