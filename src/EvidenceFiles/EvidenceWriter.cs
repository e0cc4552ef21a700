using System.Text;
using JitFunctions.Domain.Evidence;
using JitFunctions.TransparencyLog.Checkpoints;
using JitFunctions.TransparencyLog.Exports;
using JitFunctions.TransparencyLog.Proofs;

namespace JitFunctions.EvidenceFiles;

/// <summary>
/// Writes what is known of a request beside its events, one file after the other. Nothing in it is proven.
/// </summary>
/// <param name="create">Makes a file of this name: <see cref="EvidenceNames.DossierJson"/> or
/// <see cref="EvidenceNames.DossierPage"/>.</param>
public delegate Task WriteDossier(string request, Func<string, Task<Stream>> create, CancellationToken cancellation);

/// <summary>What the archive is made of. Each is read once, in this order.</summary>
/// <param name="Leaves">All of the log, in its order.</param>
/// <param name="Requests">
/// For each request of the period its leaves, in the order of their first ones. Others may be among them: these are
/// left out.
/// </param>
/// <param name="Others">
/// The leaves of the period that belong to no request: <see cref="ClusterEvidence.Types"/>.
/// </param>
/// <param name="Prove">The proofs of some leaves.</param>
/// <param name="Dossier">Null where there are none.</param>
public sealed record EvidenceParts(
    IAsyncEnumerable<ExportLeaf> Leaves,
    IAsyncEnumerable<IReadOnlyList<ExportLeaf>> Requests,
    IAsyncEnumerable<ExportLeaf> Others,
    Func<IReadOnlyList<long>, CancellationToken, Task<IReadOnlyList<TlogProof>>> Prove,
    WriteDossier? Dossier = null
);

/// <summary>
/// Writes the evidence of a period. It holds one request in memory, whatever the number of requests and the size of the
/// log.
/// </summary>
public sealed class EvidenceWriter(IExportTarget target, EvidencePeriod period)
{
    /// <param name="policy">The trust policy that the log suggests.</param>
    /// <param name="asOf">When the last leaf of the checkpoint was recorded.</param>
    public async Task<EvidenceAbout> WriteAsync(
        SignedCheckpoint checkpoint,
        string policy,
        DateTimeOffset asOf,
        EvidenceParts parts,
        CancellationToken cancellation = default
    )
    {
        await new ExportWriter(target) { AsTheyAre = true }.WriteAllAsync(
            checkpoint,
            policy,
            parts.Leaves,
            cancellation
        );

        // The archive has one file after the other.
        await using var population = Spool(Population.Header);
        await using var exceptions = Spool(ExceptionRow.Header);
        var (requests, found) = (0L, 0L);
        await foreach (var leaves in parts.Requests.WithCancellation(cancellation))
        {
            if (await RequestAsync(checkpoint, leaves, parts, cancellation) is not { } request)
                continue;
            requests++;
            var its = request.Exceptions(asOf);
            await population.WriteAsync(Population.Line(request, its));
            foreach (var one in its)
                await ExceptionAsync(one);
        }

        await foreach (var leaf in parts.Others.WithCancellation(cancellation))
        {
            using var read = TryRead(leaf);
            if (read is not null && ClusterEvidence.Of(read.Fact, period) is { } one)
                await ExceptionAsync(one);
        }

        var about = new EvidenceAbout(
            period,
            checkpoint.Checkpoint.Origin,
            checkpoint.Checkpoint.Size,
            asOf,
            requests,
            found
        );
        await CopyAsync(EvidenceNames.Exceptions, exceptions, cancellation);
        await CopyAsync(EvidenceNames.Population, population, cancellation);
        await TextAsync(EvidenceNames.ControlsTable, ControlMap.Table(), cancellation);
        await TextAsync(EvidenceNames.Controls, ControlMap.Page(), cancellation);
        await TextAsync(EvidenceNames.About, about.ToString(), cancellation);
        await TextAsync(EvidenceNames.Readme, EvidenceReadme.Of(about, checkpoint), cancellation);
        return about;

        async Task ExceptionAsync(ExceptionRow one)
        {
            found++;
            await exceptions.WriteAsync(one.Line());
        }
    }

    /// <returns>Null if the request is not in the population.</returns>
    private async Task<RequestEvidence?> RequestAsync(
        SignedCheckpoint checkpoint,
        IReadOnlyList<ExportLeaf> leaves,
        EvidenceParts parts,
        CancellationToken cancellation
    )
    {
        RequestEvidence? request = null;
        using var lines = new MemoryStream();
        var indexes = new List<long>();
        foreach (var leaf in leaves)
        {
            // A leaf that somebody changed is left out here, and is among all leaves: the verifier names it.
            using var read = TryRead(leaf);
            if (read is null)
                continue;
            request ??= new(read.Leaf.Stream, period);
            request.Take(read.Fact);
            lines.Write(read.ToLine(checkpoint.Checkpoint.Origin));
            indexes.Add(read.Index);
        }

        if (request is not { IsInPopulation: true })
            return null;
        await BytesAsync(EvidenceNames.Of(request.Id, EvidenceNames.Events), lines.ToArray(), cancellation);
        if (parts.Dossier is not null)
        {
            await parts.Dossier(
                request.Id,
                name => target.CreateAsync(EvidenceNames.Of(request.Id, name), cancellation),
                cancellation
            );
        }

        foreach (var proof in await parts.Prove(indexes, cancellation))
            await TextAsync(EvidenceNames.ProofOf(request.Id, proof.Index), proof.ToString(), cancellation);
        return request;
    }

    private static LeafEvent? TryRead(ExportLeaf leaf)
    {
        try
        {
            return LeafEvent.Read(leaf);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static StreamWriter Spool(string header)
    {
        var file = new FileStream(
            Path.GetTempFileName(),
            FileMode.Truncate,
            FileAccess.ReadWrite,
            FileShare.None,
            bufferSize: 64 * 1024,
            FileOptions.DeleteOnClose
        );
        var writer = new StreamWriter(file, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        writer.Write(header);
        return writer;
    }

    private async Task CopyAsync(string name, StreamWriter from, CancellationToken cancellation)
    {
        await from.FlushAsync(cancellation);
        from.BaseStream.Position = 0;
        await using var file = await target.CreateAsync(name, cancellation);
        await from.BaseStream.CopyToAsync(file, cancellation);
    }

    private Task TextAsync(string name, string text, CancellationToken cancellation) =>
        BytesAsync(name, Encoding.UTF8.GetBytes(text), cancellation);

    private async Task BytesAsync(string name, ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        await using var file = await target.CreateAsync(name, cancellation);
        await file.WriteAsync(bytes, cancellation);
    }
}
