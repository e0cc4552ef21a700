using System.Text;
using JitFunctions.TransparencyLog.Checkpoints;
using JitFunctions.TransparencyLog.Exports;
using JitFunctions.TransparencyLog.Notes;
using JitFunctions.TransparencyLog.Tests.Exports;
using JitFunctions.TransparencyLog.Verification;

namespace JitFunctions.TransparencyLog.Tests.Verification;

/// <summary>
/// Ten thousand random changes of an export, each of which has to be found. Where the place is defined, the first leaf
/// that is wrong has to be named.
/// </summary>
public sealed class TamperingTests
{
    private const int Size = 40;
    private const int Known = 23;
    private const int Tamperings = 10_000;

    private static readonly int[] Some = [0, 3, 4, 15, 16, 31, 38];

    /// <param name="Export">What was changed.</param>
    /// <param name="Index">The first leaf that is wrong; null if that is not defined.</param>
    /// <param name="MayBeAnotherKey">
    /// The change may have turned a signature into one of an unknown key, which has to be ignored, but is counted.
    /// </param>
    private sealed record Tampering(string What, MemoryExport Export, long? Index = null, bool MayBeAnotherKey = false);

    [Fact]
    public async Task Every_tampering_is_found_and_the_first_wrong_leaf_is_named()
    {
        var seed = Environment.GetEnvironmentVariable("TAMPERING_SEED") is { } set
            ? int.Parse(set, System.Globalization.CultureInfo.InvariantCulture)
            : Random.Shared.Next();
        var (random, cancel) = (new Random(seed), TestContext.Current.CancellationToken);
        var (log, fork) = (SampleLog.Of(Size), SampleLog.Of(Size, "fork"));
        var (whole, some) = (await log.ExportAllAsync(), await log.ExportSomeAsync(Some, Known));
        var (forked, forkedSome) = (await fork.ExportAllAsync(), await fork.ExportSomeAsync(Some, Known));
        var old = new List<MemoryExport>();
        for (var size = 0; size < Known; size++)
            old.Add(await SampleLog.Of(size).ExportAllAsync());
        var known = await log.CheckpointAsync(Known);
        var verifier = new ExportVerifier(SampleLog.Policy, known);
        Assert.True((await verifier.VerifyAsync(whole, cancel)).IsValid);
        Assert.True((await verifier.VerifyAsync(some, cancel)).IsValid);

        var kinds = new Dictionary<string, int>();
        for (var i = 0; i < Tamperings; i++)
        {
            var tampering = random.Next(13) switch
            {
                0 or 1 or 2 => ByteOfRows(whole, random),
                3 => ByteOfSomeRows(some, random),
                4 => ByteOfCheckpoint(random.Next(2) == 0 ? whole : some, random),
                5 => ByteOfProof(some, random),
                6 => RowRemoved(whole, random),
                7 => RowAdded(whole, random),
                8 => RowsSwapped(whole, random),
                9 => TailCut(whole, random),
                10 => ByteOfHashes(whole, random),
                11 => await HeadReplacedAsync(log, whole, random),
                _ => OtherLog(random, old, forked, forkedSome, whole),
            };
            kinds[tampering.What] = kinds.GetValueOrDefault(tampering.What) + 1;

            var found = await verifier.VerifyAsync(tampering.Export, cancel);

            var about = $"{tampering.What}, seed {seed}, number {i}: {found.Problem}";
            Assert.True(!found.IsValid || (tampering.MayBeAnotherKey && found.UnknownSignatures > 0), about);
            if (tampering.Index is { } index)
                Assert.True(index == found.Problem!.Index, $"{about}, but not {index}");
        }

        Assert.Equal(16, kinds.Count);
        Assert.Each(kinds, kind => Assert.True(kind.Value > 50, $"{kind.Key}: {kind.Value}"));
    }

    private static Tampering ByteOfRows(MemoryExport whole, Random random)
    {
        var export = whole.Copy();
        var (bytes, at) = Change(export, ExportFiles.Leaves, random);
        // A line feed that went away makes the row and the next one a row that is none.
        return new("byte of a row", export, bytes.AsSpan(0, at).Count((byte)'\n'));
    }

    private static Tampering ByteOfSomeRows(MemoryExport some, Random random)
    {
        var export = some.Copy();
        Change(export, ExportFiles.Leaves, random);
        return new("byte of one of some rows", export);
    }

    private static Tampering ByteOfCheckpoint(MemoryExport from, Random random)
    {
        var export = from.Copy();
        Change(export, ExportFiles.Checkpoint, random);
        return new("byte of the checkpoint", export, MayBeAnotherKey: true);
    }

    private static Tampering ByteOfProof(MemoryExport some, Random random)
    {
        var export = some.Copy();
        var index = Some[random.Next(Some.Length)];
        var name = ExportFiles.ProofOf(index);
        var (bytes, at) = Change(export, name, random);
        // A signature line in a proof is one of the checkpoint, of which the export has its own.
        var signatures = Encoding.UTF8.GetString(some.Files[name]).IndexOf("\n\n— ", StringComparison.Ordinal) + 2;
        if (at < signatures)
            return new("byte of a proof", export, index);
        export.Files[ExportFiles.Checkpoint] = bytes[(bytes.AsSpan().IndexOf("\n\n"u8) + 2)..];
        return new("byte of a signature in a proof and the checkpoint", export, MayBeAnotherKey: true);
    }

    private static Tampering ByteOfHashes(MemoryExport whole, Random random)
    {
        var export = whole.Copy();
        Change(export, ExportFiles.Hashes, random);
        return new("byte of the hashes", export);
    }

    private static Tampering RowRemoved(MemoryExport whole, Random random)
    {
        var (rows, at) = (Rows(whole), random.Next(Size));
        rows.RemoveAt(at);
        return new("row removed", With(whole, rows), at);
    }

    private static Tampering RowAdded(MemoryExport whole, Random random)
    {
        var (rows, at) = (Rows(whole), random.Next(Size + 1));
        // The row whose place it takes would be the next one twice: the first wrong one is then the one after it.
        var copied = random.Next(Size);
        rows.Insert(at, rows[copied]);
        return new("row added", With(whole, rows), copied == at ? at + 1 : at);
    }

    private static Tampering RowsSwapped(MemoryExport whole, Random random)
    {
        var (rows, one) = (Rows(whole), random.Next(Size));
        var other = (one + 1 + random.Next(Size - 1)) % Size;
        (rows[one], rows[other]) = (rows[other], rows[one]);
        return new("rows swapped", With(whole, rows), Math.Min(one, other));
    }

    private static Tampering TailCut(MemoryExport whole, Random random)
    {
        var bytes = whole.Files[ExportFiles.Leaves];
        var end = random.Next(bytes.Length);
        var export = whole.Copy();
        export.Files[ExportFiles.Leaves] = bytes[..end];
        return new("tail cut", export, bytes.AsSpan(0, end).Count((byte)'\n'));
    }

    /// <summary>The checkpoint of somebody who has no key, or an honest one of another size.</summary>
    private static async Task<Tampering> HeadReplacedAsync(SampleLog log, MemoryExport whole, Random random)
    {
        var export = whole.Copy();
        var size = random.Next(Size);
        var isForged = random.Next(2) == 0;
        var signer = new Ed25519NoteSigner(SampleLog.Origin, Ed25519Key.Generate());
        SignedCheckpoint head = isForged
            ? await SampleLog.SignAsync(log.Tree.Root(), Size, [signer])
            : await log.CheckpointAsync(size);
        export.Files[ExportFiles.Checkpoint] = Encoding.UTF8.GetBytes(head.ToString());
        return new(isForged ? "head forged" : "head of another size", export, isForged ? null : size);
    }

    private static Tampering OtherLog(
        Random random,
        List<MemoryExport> old,
        MemoryExport forked,
        MemoryExport forkedSome,
        MemoryExport whole
    )
    {
        switch (random.Next(4))
        {
            case 0:
                var size = random.Next(old.Count);
                return new("rolled back", old[size], size);
            case 1:
                return new("forked", forked);
            case 2:
                return new("forked, some leaves", forkedSome);
            default:
                // Rows that agree with themselves, which only the root refutes.
                var (rows, others, at) = (Rows(whole), Rows(forked), random.Next(Size));
                rows[at] = others[at];
                return new("row forged", With(whole, rows), at);
        }
    }

    private static (byte[] Bytes, int At) Change(MemoryExport export, string name, Random random)
    {
        byte[] bytes = [.. export.Files[name]];
        var at = random.Next(bytes.Length);
        bytes[at] ^= (byte)(1 + random.Next(255));
        export.Files[name] = bytes;
        return (bytes, at);
    }

    private static List<string> Rows(MemoryExport export) =>
        [.. Encoding.UTF8.GetString(export.Files[ExportFiles.Leaves]).Split('\n')[..^1]];

    private static MemoryExport With(MemoryExport from, List<string> rows)
    {
        var export = from.Copy();
        export.Files[ExportFiles.Leaves] = Encoding.UTF8.GetBytes(string.Concat(rows.Select(row => $"{row}\n")));
        return export;
    }
}
