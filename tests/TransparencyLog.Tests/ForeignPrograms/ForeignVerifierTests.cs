using System.Text;
using JitFunctions.TransparencyLog.Checkpoints;
using JitFunctions.TransparencyLog.Notes;
using JitFunctions.TransparencyLog.Proofs;
using JitFunctions.TransparencyLog.Tests.Exports;

namespace JitFunctions.TransparencyLog.Tests.ForeignPrograms;

/// <summary>
/// Programs that none of us wrote accept our checkpoints and proofs, with either key of the log, and refuse changed
/// ones.
/// </summary>
public sealed class ForeignVerifierTests : IDisposable
{
    private const int Size = 40;

    private readonly string _folder = Directory.CreateTempSubdirectory("log-verify-").FullName;
    private readonly SampleLog _log = SampleLog.Of(Size);

    public static TheoryData<string, SignatureType> Verifiers =>
        new()
        {
            { "golang.org/x/mod", SignatureType.Ed25519 },
            { "golang.org/x/mod", SignatureType.Ecdsa },
            { "@sigstore/verify", SignatureType.Ecdsa },
        };

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(Verifiers))]
    public async Task Proofs_of_all_leaves_are_accepted_and_changed_ones_refused(string verifier, SignatureType type)
    {
        var checkpoint = await _log.CheckpointAsync();
        var files = new List<string>();
        for (var i = 0; i < Size; i++)
        {
            var (proof, leaf) = (Proof(i, checkpoint), _log.Leaves[i].Leaf.ToArray());
            AddPair(proof.ToString(), leaf);
            // A wrong leaf, index, hash, size, root, and signatures of another checkpoint.
            byte[] other = [.. leaf];
            other[i % other.Length] ^= 1;
            AddPair(proof.ToString(), other);
            AddPair((proof with { Index = proof.Index ^ 1 }).ToString(), leaf);
            AddPair((proof with { Hashes = [.. proof.Hashes.Skip(1), default] }).ToString(), leaf);
            AddPair(proof.ToString().Replace($"\n{Size}\n", $"\n{Size + 1}\n", StringComparison.Ordinal), leaf);
            var root = _log.Tree.Root().ToBase64();
            AddPair(
                proof.ToString().Replace(root, _log.Tree.Root(Size - 1).ToBase64(), StringComparison.Ordinal),
                leaf
            );
        }

        var answers = await (verifier is "@sigstore/verify" ? ForeignProgram.Sigstore : ForeignProgram.Go).RunAsync([
            .. verifier is "@sigstore/verify" ? Array.Empty<string>() : ["proof"],
            Vkey(type),
            .. files,
        ]);

        Assert.Equal(6 * Size, answers.Length);
        for (var i = 0; i < answers.Length; i++)
        {
            Assert.StartsWith(
                i % 6 == 0 ? $"ok: leaf {i / 6} of {Size}" : "refused: ",
                answers[i],
                StringComparison.Ordinal
            );
        }

        void AddPair(string proof, byte[] leaf)
        {
            files.Add(Write(proof));
            files.Add(Write(leaf));
        }
    }

    /// <summary>Azure Key Vault gives r and s, which is what a log would write that forgot to convert them.</summary>
    [Theory]
    [MemberData(nameof(Verifiers))]
    public async Task A_signature_of_another_key_or_form_is_refused(string verifier, SignatureType type)
    {
        var checkpoint = await _log.CheckpointAsync();
        var signatures = checkpoint
            .Note.Signatures.Select(one =>
                one with
                {
                    Signature = [.. one.Signature[..^1], (byte)(one.Signature[^1] ^ 1)],
                }
            )
            .ToList();
        var wrong = checkpoint with { Note = checkpoint.Note with { Signatures = signatures } };
        var files = new[] { Write(Proof(3, wrong).ToString()), Write(_log.Leaves[3].Leaf.ToArray()) };

        var answers = await (verifier is "@sigstore/verify" ? ForeignProgram.Sigstore : ForeignProgram.Go).RunAsync([
            .. verifier is "@sigstore/verify" ? Array.Empty<string>() : ["proof"],
            Vkey(type),
            .. files,
        ]);

        Assert.StartsWith("refused: ", Assert.Single(answers), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(SignatureType.Ed25519)]
    [InlineData(SignatureType.Ecdsa)]
    public async Task Notes_and_consistency_are_verified_by_go(SignatureType type)
    {
        var (known, checkpoint) = (await _log.CheckpointAsync(23), await _log.CheckpointAsync());
        var note = Write(checkpoint.ToString());
        var changed = Write(
            checkpoint.ToString().Replace(SampleLog.Origin, "log.example.org", StringComparison.Ordinal)
        );
        var proof = new ConsistencyFile(23, _log.Tree.ProveConsistency(23, Size), checkpoint);
        var fork = SampleLog.Of(Size, "fork");
        var forked = new ConsistencyFile(23, fork.Tree.ProveConsistency(23, Size), await fork.CheckpointAsync());

        var notes = await ForeignProgram.Go.RunAsync(["note", Vkey(type), note, changed]);
        var good = await ForeignProgram.Go.RunAsync([
            "consistency",
            Vkey(type),
            Write(known.ToString()),
            Write(proof.ToString()),
        ]);
        var bad = await ForeignProgram.Go.RunAsync([
            "consistency",
            Vkey(type),
            Write(known.ToString()),
            Write(forked.ToString()),
        ]);

        Assert.Equal($"ok: signed by {SampleLog.Origin}", notes[0]);
        Assert.StartsWith("refused: ", notes[1], StringComparison.Ordinal);
        Assert.Equal([$"ok: {Size} continues 23"], good);
        Assert.StartsWith("refused: ", Assert.Single(bad), StringComparison.Ordinal);
    }

    private TlogProof Proof(int index, SignedCheckpoint checkpoint) =>
        new(index, _log.Tree.ProveInclusion(index, Size), checkpoint);

    private static string Vkey(SignatureType type) =>
        SampleLog.Signers.Single(signer => signer.Key.Type == type).Key.ToString();

    private string Write(string text) => Write(Encoding.UTF8.GetBytes(text));

    private string Write(byte[] bytes)
    {
        var path = Path.Combine(_folder, Guid.NewGuid().ToString("n"));
        File.WriteAllBytes(path, bytes);
        return path;
    }
}
