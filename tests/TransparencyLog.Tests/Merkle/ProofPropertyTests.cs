using CsCheck;
using JitFunctions.TransparencyLog.Hashing;
using JitFunctions.TransparencyLog.Merkle;

namespace JitFunctions.TransparencyLog.Tests.Merkle;

public sealed class ProofPropertyTests
{
    private const int Largest = 64;

    private static readonly Gen<MerkleTree> Trees = Gen
        .Byte.Array[0, 40]
        .Array[1, 200]
        .Select(entries => new MerkleTree(entries.Select(entry => TreeHash.Leaf(entry))));

    [Fact]
    public void Every_leaf_of_every_small_tree_has_a_proof_for_its_own_place_only()
    {
        var tree = Of(Largest);
        for (var size = 1; size <= Largest; size++)
        {
            for (var index = 0; index < size; index++)
            {
                var (leaf, proof, root) = (Leaf(index), tree.ProveInclusion(index, size), tree.Root(size));
                Assert.True(InclusionProof.Verify(leaf, index, size, proof, root), $"{index} of {size}");
                for (var other = -1; other <= Largest; other++)
                    Assert.Equal(other == index, InclusionProof.Verify(leaf, other, size, proof, root));
                Assert.False(InclusionProof.Verify(leaf, index, size, [.. proof, root], root));
                Assert.False(proof is not [] && InclusionProof.Verify(leaf, index, size, [.. proof.SkipLast(1)], root));
            }
        }
    }

    [Fact]
    public void Every_pair_of_small_trees_has_a_proof_of_consistency()
    {
        var tree = Of(Largest);
        for (var to = 0; to <= Largest; to++)
        {
            for (var from = 0; from <= to; from++)
            {
                var proof = tree.ProveConsistency(from, to);
                Assert.True(Verify(tree, from, to, proof), $"{from} to {to}");
                Assert.False(Verify(tree, from, to, [.. proof, tree.Root()]), $"{from} to {to}, too long");
                Assert.False(proof is not [] && Verify(tree, from, to, [.. proof.SkipLast(1)]), $"{from} to {to}, cut");
                Assert.False(ConsistencyProof.Verify(to, tree.Root(to), from, tree.Root(from), proof) && from != to);
            }
        }
    }

    /// <summary>The proof of a fork: as many leaves, one of them another.</summary>
    [Fact]
    public void No_small_tree_is_consistent_with_one_in_which_an_early_leaf_differs()
    {
        for (var to = 2; to <= 20; to++)
        {
            for (var from = 1; from < to; from++)
            {
                for (var changed = 0; changed < from; changed++)
                {
                    var (honest, fork) = (Of(to), Of(to, changed));
                    Assert.False(
                        ConsistencyProof.Verify(
                            from,
                            honest.Root(from),
                            to,
                            fork.Root(),
                            fork.ProveConsistency(from, to)
                        )
                    );
                }
            }
        }
    }

    [Fact]
    public void Any_flipped_bit_of_a_proof_is_refused() =>
        Gen.Select(
                Trees,
                Gen.Long[0, long.MaxValue],
                Gen.Long[0, long.MaxValue],
                Gen.Int[0, int.MaxValue],
                Gen.Int[0, 255]
            )
            .Sample(
                (tree, first, second, which, bit) =>
                {
                    var (size, index) = (1 + (first % tree.Size), second % (1 + (first % tree.Size)));
                    var (leaf, root) = (tree.HashOf(new(0, index)), tree.Root(size));
                    var inclusion = tree.ProveInclusion(index, size);
                    Assert.True(InclusionProof.Verify(leaf, index, size, inclusion, root));
                    Assert.False(InclusionProof.Verify(Flipped(leaf, bit), index, size, inclusion, root));
                    Assert.False(InclusionProof.Verify(leaf, index, size, inclusion, Flipped(root, bit)));
                    if (inclusion is not [])
                        Assert.False(InclusionProof.Verify(leaf, index, size, Flipped(inclusion, which, bit), root));

                    var consistency = tree.ProveConsistency(index, size);
                    Assert.True(Verify(tree, index, size, consistency));
                    if (consistency is not [])
                        Assert.False(Verify(tree, index, size, Flipped(consistency, which, bit)));
                },
                iter: 1000
            );

    [Fact]
    public void A_compact_range_that_was_stored_goes_on_as_if_it_had_not_been() =>
        Gen.Select(Trees, Gen.Long[0, long.MaxValue])
            .Sample(
                (tree, at) =>
                {
                    var size = at % (tree.Size + 1);
                    var before = new CompactRange();
                    for (var i = 0L; i < size; i++)
                        before.Append(tree.HashOf(new(0, i)));
                    var after = new CompactRange(before.Size, before.Hashes);
                    for (var i = size; i < tree.Size; i++)
                        after.Append(tree.HashOf(new(0, i)));
                    Assert.Equal(tree.Root(), after.Root());
                    var bits = System.Numerics.BitOperations.PopCount((ulong)size);
                    Assert.Equal(bits, before.Hashes.Count);
                    Assert.Throws<ArgumentException>(() => new CompactRange(size, [.. before.Hashes, default]));
                },
                iter: 300
            );

    [Fact]
    public void A_plan_names_each_subtree_once_and_only_complete_ones() =>
        Gen.Select(Gen.Long[1, 1L << 40], Gen.Long[0, long.MaxValue])
            .Sample(
                (size, at) =>
                {
                    foreach (
                        var plan in new[]
                        {
                            InclusionProof.Plan(at % size, size),
                            ConsistencyProof.Plan(at % size, size),
                        }
                    )
                    {
                        var nodes = plan.Nodes.ToList();
                        Assert.Distinct(nodes);
                        Assert.True(nodes.Count <= 80);
                        Assert.All(
                            nodes,
                            node => Assert.True((node.Index + 1) << node.Height <= size),
                            throwIfEmpty: false
                        ); // none of the empty tree
                    }
                }
            );

    [Fact]
    public void What_is_in_no_tree_has_no_proof()
    {
        var tree = Of(3);
        Assert.Throws<ArgumentOutOfRangeException>(() => tree.ProveInclusion(3, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => tree.ProveInclusion(-1, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => tree.ProveInclusion(0, 4));
        Assert.Throws<ArgumentOutOfRangeException>(() => tree.ProveConsistency(4, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => tree.ProveConsistency(0, 4));
        Assert.Throws<ArgumentOutOfRangeException>(() => tree.Root(4));
    }

    private static MerkleTree Of(int size, int? changed = null) =>
        new(Enumerable.Range(0, size).Select(i => Leaf(i == changed ? i + 1000 : i)));

    private static Sha256Hash Leaf(int i) => TreeHash.Leaf(BitConverter.GetBytes(i));

    private static bool Verify(MerkleTree tree, long from, long to, IReadOnlyList<Sha256Hash> proof) =>
        ConsistencyProof.Verify(from, tree.Root(from), to, tree.Root(to), proof);

    private static Sha256Hash Flipped(Sha256Hash hash, int bit)
    {
        var bytes = hash.ToArray();
        bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        return new(bytes);
    }

    private static List<Sha256Hash> Flipped(IReadOnlyList<Sha256Hash> proof, int which, int bit)
    {
        List<Sha256Hash> changed = [.. proof];
        changed[which % changed.Count] = Flipped(changed[which % changed.Count], bit);
        return changed;
    }
}
