using System.Security.Cryptography;
using System.Text;
using JitFunctions.TransparencyLog.Checkpoints;
using JitFunctions.TransparencyLog.Disclosures;
using JitFunctions.TransparencyLog.Exports;
using JitFunctions.TransparencyLog.Hashing;
using JitFunctions.TransparencyLog.Leaves;
using JitFunctions.TransparencyLog.Merkle;
using JitFunctions.TransparencyLog.Notes;
using JitFunctions.TransparencyLog.Proofs;

namespace JitFunctions.TransparencyLog.Tests.Exports;

/// <summary>A log of events of requests, with both keys and a witness.</summary>
internal sealed class SampleLog
{
    public const string Origin = "log.example.com/jit";

    public static readonly DateTimeOffset Start = new(2026, 11, 23, 8, 0, 0, TimeSpan.Zero);

    private static readonly Ed25519NoteSigner Ed25519 = new(Origin, Ed25519Key.FromSeed(Seed("log")));
    private static readonly EcdsaNoteSigner Ecdsa = new(Origin, ECDsa.Create(ECCurve.NamedCurves.nistP256));
    private static readonly Cosigner Witness = new("auditor.example.com", Ed25519Key.FromSeed(Seed("witness")));

    private readonly List<ExportLeaf> _leaves = [];

    public MerkleTree Tree { get; } = new();

    public static IReadOnlyList<INoteSigner> Signers => [Ecdsa, Ed25519];

    /// <summary>Trusts both keys of the log, and asks for the witness.</summary>
    public static TlogPolicy Policy { get; } = TlogPolicy.Parse(PolicyText);

    public static string PolicyText =>
        $"log {Ecdsa.Key}\nlog {Ed25519.Key}\nwitness auditor {Witness.Key}\nquorum auditor\n";

    public IReadOnlyList<ExportLeaf> Leaves => _leaves;

    /// <param name="fork">Another text gives other leaves.</param>
    public static SampleLog Of(int size, string fork = "")
    {
        var log = new SampleLog();
        for (var i = 0; i < size; i++)
            log.Add(fork);
        return log;
    }

    /// <summary>One more event: of every third, the name of the person is erased.</summary>
    public void Add(string fork = "")
    {
        var index = _leaves.Count;
        var data = Redact(
            $$"""
            {"at":"2026-11-23T08:52:31.204118Z","by":{"subject":"u-{{index}}","username":"bob{{index}}{{fork}}@example.com"},"comment":"\"ok\"\n","n":{{index}}}
            """
        );
        var headers = Redact($$"""{"actor":{"username":"bob{{index}}@example.com"},"channel":"api"}""");
        var leaf = new EventLeaf(
            new Guid(Sha256Hash.Of(Encoding.UTF8.GetBytes($"id {index}")).ToArray().AsSpan(0, 16)),
            Start.AddSeconds(index),
            $"request-{index / 4}",
            1 + (index % 4),
            10 * index,
            "access_reviewed",
            Sha256Hash.Of(data.Data),
            Sha256Hash.Of(headers.Data)
        );
        var row = new ExportLeaf(
            index,
            leaf.ToBytes(),
            data.Data,
            headers.Data,
            [
                .. data
                    .Disclosures.Concat(headers.Disclosures)
                    .Where(disclosure => index % 3 != 2 || disclosure.Name is not "username")
                    .Select(disclosure => disclosure.Encoded),
            ]
        );
        _leaves.Add(row);
        Tree.Append(TreeHash.Leaf(row.Leaf.Span));

        RedactedJson Redact(string json)
        {
            var salt = 0;
            return Redaction.Redact(
                Encoding.UTF8.GetBytes(json),
                path => path is "/by/username" or "/comment" or "/actor/username",
                () => Seed($"{index} {json.Length} {salt++}")[..16]
            );
        }
    }

    public Task<SignedCheckpoint> CheckpointAsync(int? size = null) =>
        SignAsync(Tree.Root(size ?? Tree.Size), size ?? Tree.Size, Signers);

    public static async Task<SignedCheckpoint> SignAsync(Sha256Hash root, long size, IReadOnlyList<INoteSigner> signers)
    {
        var checkpoint = await SignedCheckpoint.SignAsync(new(Origin, size, root), signers);
        return checkpoint.With(Witness.Sign(checkpoint.Note.Text, Start.AddHours(1)));
    }

    public async Task<MemoryExport> ExportAllAsync()
    {
        var export = new MemoryExport();
        await new ExportWriter(export).WriteAllAsync(await CheckpointAsync(), PolicyText, Leaves.ToAsyncEnumerable());
        return export;
    }

    public async Task<MemoryExport> ExportSomeAsync(IReadOnlyList<int> indexes, int? from = null)
    {
        var (export, checkpoint) = (new MemoryExport(), await CheckpointAsync());
        await new ExportWriter(export).WriteSomeAsync(
            checkpoint,
            PolicyText,
            indexes.Select(index => Leaves[index]).ToAsyncEnumerable(),
            indexes
                .Select(index => new TlogProof(index, Tree.ProveInclusion(index, Tree.Size), checkpoint))
                .ToAsyncEnumerable(),
            from is { } old ? new ConsistencyFile(old, Tree.ProveConsistency(old, Tree.Size), checkpoint) : null
        );
        return export;
    }

    private static byte[] Seed(string of) => Sha256Hash.Of(Encoding.UTF8.GetBytes(of)).ToArray();
}
