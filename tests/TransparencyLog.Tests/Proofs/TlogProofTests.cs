using JitFunctions.TransparencyLog.Checkpoints;
using JitFunctions.TransparencyLog.Merkle;
using JitFunctions.TransparencyLog.Notes;
using JitFunctions.TransparencyLog.Proofs;
using JitFunctions.TransparencyLog.Tests.Merkle;

namespace JitFunctions.TransparencyLog.Tests.Proofs;

public sealed class TlogProofTests
{
    private const string Hash = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=";
    private const string Checkpoint = $"\na\n8\n{Hash}\n\n— a AAAAAAE=\n";

    private static readonly Ed25519NoteSigner Signer = new("log.example.com", Ed25519Key.Generate());

    [Fact]
    public async Task A_proof_is_written_and_read_and_holds_for_its_leaf_only()
    {
        var proof = await ProofAsync(5);

        var read = TlogProof.Parse(proof.ToString());

        Assert.Equal(proof.ToString(), read.ToString());
        Assert.Null(read.Extra);
        Assert.True(read.Includes(TreeHash.Leaf(Vectors.Leaves[5])));
        Assert.False(read.Includes(TreeHash.Leaf(Vectors.Leaves[4])));
        Assert.StartsWith("c2sp.org/tlog-proof@v1\nindex 5\nvBoGQ7EuTS", read.ToString(), StringComparison.Ordinal);
        Assert.True(TlogPolicy.Parse($"log {Signer.Key}\nquorum none\n").Verify(read.Checkpoint).IsTrusted);
    }

    [Fact]
    public async Task Extra_data_is_kept()
    {
        var proof = await ProofAsync(0) with { Extra = "more"u8.ToArray() };

        Assert.Contains("\nextra bW9yZQ==\nindex 0\n", proof.ToString(), StringComparison.Ordinal);
        Assert.Equal("more"u8.ToArray(), TlogProof.Parse(proof.ToString()).Extra);
    }

    [Fact]
    public async Task Any_changed_character_of_a_proof_is_refused()
    {
        var text = (await ProofAsync(5)).ToString();
        var policy = TlogPolicy.Parse($"log {Signer.Key}\nquorum none\n");
        for (var i = 0; i < text.Length; i++)
        {
            var changed = text[..i] + (char)(text[i] ^ 1) + text[(i + 1)..];
            Assert.False(Holds(changed), changed);
        }

        Assert.True(Holds(text));

        bool Holds(string proof)
        {
            try
            {
                var read = TlogProof.Parse(proof);
                return read.Includes(TreeHash.Leaf(Vectors.Leaves[5])) && policy.Verify(read.Checkpoint).IsTrusted;
            }
            catch (FormatException)
            {
                return false;
            }
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData($"c2sp.org/tlog-proof@v2\nindex 0\n{Checkpoint}")]
    [InlineData($"c2sp.org/tlog-proof@v1\n{Checkpoint}")]
    [InlineData($"c2sp.org/tlog-proof@v1\nindex 00\n{Checkpoint}")]
    [InlineData($"c2sp.org/tlog-proof@v1\nindex -1\n{Checkpoint}")]
    [InlineData($"c2sp.org/tlog-proof@v1\nindex  1\n{Checkpoint}")]
    [InlineData($"c2sp.org/tlog-proof@v1\nindex 0\nextra AAAA\n{Checkpoint}")]
    [InlineData($"c2sp.org/tlog-proof@v1\nextra AAA\nindex 0\n{Checkpoint}")]
    [InlineData($"c2sp.org/tlog-proof@v1\nindex 0\nindex 0\n{Checkpoint}")]
    [InlineData($"c2sp.org/tlog-proof@v1\nindex 0\n{Hash} \n{Checkpoint}")]
    [InlineData($"c2sp.org/tlog-proof@v1\nindex 0\n{Hash}\n")]
    [InlineData($"c2sp.org/tlog-proof@v1\nindex 0\n{Hash}\n\nnot a checkpoint\n")]
    [InlineData($"c2sp.org/tlog-proof@v1\r\nindex 0\r\n{Checkpoint}")]
    public void What_is_not_a_proof_is_refused(string text) =>
        Assert.Throws<FormatException>(() => TlogProof.Parse(text));

    [Fact]
    public void A_proof_has_at_most_63_hashes()
    {
        var lines = string.Concat(Enumerable.Repeat($"{Hash}\n", 63));

        Assert.Equal(63, TlogProof.Parse($"c2sp.org/tlog-proof@v1\nindex 0\n{lines}{Checkpoint}").Hashes.Count);
        Assert.Throws<FormatException>(() =>
            TlogProof.Parse($"c2sp.org/tlog-proof@v1\nindex 0\n{lines}{Hash}\n{Checkpoint}")
        );
    }

    private static async Task<TlogProof> ProofAsync(int index) =>
        new(
            index,
            Vectors.Tree.ProveInclusion(index, 8),
            await SignedCheckpoint.SignAsync(
                new("log.example.com", 8, Vectors.Root(8)),
                [Signer],
                TestContext.Current.CancellationToken
            )
        );
}
