using System.Text;
using JitFunctions.TransparencyLog.Checkpoints;
using JitFunctions.TransparencyLog.Exports;
using JitFunctions.TransparencyLog.Hashing;
using JitFunctions.TransparencyLog.Leaves;
using JitFunctions.TransparencyLog.Merkle;
using JitFunctions.TransparencyLog.Notes;
using JitFunctions.TransparencyLog.Proofs;

namespace JitFunctions.KubectlJit.Tests;

/// <summary>A small log with one key, whose exports the plugin verifies.</summary>
internal sealed class SampleRecord
{
    public const string Origin = "log.example.com/jit";

    private readonly Ed25519NoteSigner _signer = new(Origin, Ed25519Key.Generate());
    private readonly List<ExportLeaf> _leaves = [];

    public SampleRecord(int size, string comment = "ok")
    {
        for (var index = 0; index < size; index++)
        {
            var data = Encoding.UTF8.GetBytes($$"""{"comment":"{{comment}}","n":{{index}}}""");
            var leaf = new EventLeaf(
                Guid.CreateVersion7(Plugin.Now),
                Plugin.Now,
                "3f9k2m7xq0ab",
                index + 1,
                index,
                "access_reviewed",
                Sha256Hash.Of(data),
                Sha256Hash.Of("{}"u8)
            );
            _leaves.Add(new(index, leaf.ToBytes(), data, "{}"u8.ToArray(), []));
            Tree.Append(TreeHash.Leaf(_leaves[^1].Leaf.Span));
        }
    }

    public MerkleTree Tree { get; } = new();

    public string Policy => $"log {_signer.Key}\nquorum none\n";

    public Task<SignedCheckpoint> CheckpointAsync(int? size = null) =>
        SignedCheckpoint.SignAsync(
            new(Origin, size ?? Tree.Size, Tree.Root(size ?? Tree.Size)),
            [_signer],
            TestContext.Current.CancellationToken
        );

    /// <summary>The body of a request to a witness.</summary>
    public async Task<string> RequestAsync(int old, int size) =>
        new ConsistencyFile(old, Tree.ProveConsistency(old, size), await CheckpointAsync(size)).ToString();

    public Task WriteAllAsync(string folder) => WriteAllAsync(new FolderTarget(folder));

    public async Task WriteAllAsync(IExportTarget target) =>
        await new ExportWriter(target).WriteAllAsync(
            await CheckpointAsync(),
            Policy,
            _leaves.ToAsyncEnumerable(),
            cancellation: TestContext.Current.CancellationToken
        );

    public async Task WriteSomeAsync(string folder, params int[] indexes)
    {
        var checkpoint = await CheckpointAsync();
        await new ExportWriter(new FolderTarget(folder)).WriteSomeAsync(
            checkpoint,
            Policy,
            indexes.Select(index => _leaves[index]).ToAsyncEnumerable(),
            indexes
                .Select(index => new TlogProof(index, Tree.ProveInclusion(index, Tree.Size), checkpoint))
                .ToAsyncEnumerable(),
            cancellation: TestContext.Current.CancellationToken
        );
    }
}
