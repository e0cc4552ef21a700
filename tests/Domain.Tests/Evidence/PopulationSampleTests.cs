using JitFunctions.Domain.Evidence;

namespace JitFunctions.Domain.Tests.Evidence;

public sealed class PopulationSampleTests
{
    private static readonly string[] Ids = [.. Enumerable.Range(0, 200).Select(n => $"request{n}")];

    // printf '%s:%s' 426 3f9k2m7xq0ab | sha256sum
    [Fact]
    public void The_order_is_that_of_sha256_of_seed_and_id() =>
        Assert.Equal(
            "0948b672b96f9484f2073de7a3021de8faa8c07fa36b3b072f755a51a3858547",
            PopulationSample.Hash("426", "3f9k2m7xq0ab")
        );

    [Fact]
    public void A_sample_depends_on_the_seed_and_not_on_the_order_of_the_rows()
    {
        var one = Draw(Ids, "a", 25);

        Assert.Equal(one, Draw([.. Ids.Reverse()], "a", 25));
        Assert.NotEqual(one, Draw(Ids, "b", 25));
        Assert.Equal(25, one.Distinct().Count());
    }

    [Fact]
    public void A_larger_sample_contains_a_smaller_one_of_the_same_seed()
    {
        Assert.Equal(Draw(Ids, "a", 25), Draw(Ids, "a", 60)[..25]);
        Assert.Equal(200, Draw(Ids, "a", 1000).Length);
    }

    private static string[] Draw(string[] ids, string seed, int count) =>
        [.. PopulationSample.Draw(ids, seed, count).Select(row => row.Id)];
}
