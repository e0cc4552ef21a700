using System.Globalization;
using JitFunctions.TransparencyLog.Hashing;
using JitFunctions.TransparencyLog.Merkle;

namespace JitFunctions.TransparencyLog.Tests.Merkle;

public sealed class VectorTests
{
    public static TheoryData<string, string[]> Proofs =>
        new()
        {
            {
                "inclusion 5 8",
                [
                    "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
                    "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                    Vectors.Roots[4],
                ]
            },
            { "inclusion 2 3", [Vectors.Roots[2]] },
            {
                "consistency 6 8",
                [
                    "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
                    "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                    Vectors.Roots[4],
                ]
            },
            {
                "consistency 3 7",
                [
                    "0298d122906dcfc10892cb53a73992fc5b9f493ea4c9badb27b791b4127a7fe7",
                    "07506a85fd9dd2f120eb694f86011e5bb4662e5c415a62917033d4a9624487e7",
                    Vectors.Roots[2],
                    "837dbb152e9b079010717e84e865da4ebc0fa198a806d59d31bf15accef22d0e",
                ]
            },
            {
                "consistency 2 5",
                [
                    "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                    "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
                ]
            },
        };

    [Fact]
    public void Leaves_and_nodes_have_the_hashes_of_the_vectors()
    {
        Assert.Equal("6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d", TreeHash.Leaf([]).ToString());
        Assert.Equal(
            "395aa064aa4c29f7010acfe3f25db9485bbd4b91897b6ad7ad547639252b4d56",
            TreeHash.Leaf("L123456"u8).ToString()
        );
    }

    // The vector has texts for the hashes of the children, which are no hashes: so it is checked as plain bytes.
    [Fact]
    public void A_node_is_the_hash_of_1_and_its_children()
    {
        Assert.Equal(
            "aa217fe888e47007fa15edab33c2b492a722cb106c64667fc2b044444de66bbb",
            Sha256Hash.Of([1, .. "N123"u8, .. "N456"u8]).ToString()
        );
        var (left, right) = (TreeHash.Leaf("l"u8), TreeHash.Leaf("r"u8));
        Assert.Equal(Sha256Hash.Of([1, .. left.ToArray(), .. right.ToArray()]), TreeHash.Node(left, right));
    }

    [Fact]
    public void An_entry_of_any_length_is_hashed_after_a_zero()
    {
        for (var length = 0; length < 5000; length += length is > 2040 and < 2056 ? 1 : 17)
        {
            var entry = Enumerable.Range(0, length).Select(i => (byte)i).ToArray();
            Assert.Equal(Sha256Hash.Of([0, .. entry]), TreeHash.Leaf(entry));
        }
    }

    [Fact]
    public void Trees_have_the_roots_of_the_vectors()
    {
        var range = new CompactRange();
        for (var size = 0; size <= 8; size++)
        {
            Assert.Equal(Vectors.Roots[size], Vectors.Tree.Root(size).ToString());
            Assert.Equal(Vectors.Roots[size], range.Root().ToString());
            if (size < 8)
                range.Append(TreeHash.Leaf(Vectors.Leaves[size]));
        }

        Assert.Equal("XcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg=", Vectors.Tree.Root().ToBase64());
    }

    [Theory]
    [MemberData(nameof(Proofs))]
    public void Proofs_are_those_of_the_vectors(string which, string[] expected)
    {
        var words = which.Split(' ');
        var (first, second) = (
            int.Parse(words[1], CultureInfo.InvariantCulture),
            int.Parse(words[2], CultureInfo.InvariantCulture)
        );
        var isInclusion = words[0] is "inclusion";

        var proof = isInclusion
            ? Vectors.Tree.ProveInclusion(first, second)
            : Vectors.Tree.ProveConsistency(first, second);

        Assert.Equal(expected, proof.Select(hash => hash.ToString()));
        Assert.True(
            isInclusion
                ? InclusionProof.Verify(
                    TreeHash.Leaf(Vectors.Leaves[first]),
                    first,
                    second,
                    proof,
                    Vectors.Root(second)
                )
                : ConsistencyProof.Verify(first, Vectors.Root(first), second, Vectors.Root(second), proof)
        );
    }
}
