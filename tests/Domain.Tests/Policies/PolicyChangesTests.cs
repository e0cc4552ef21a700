using CsCheck;
using JitFunctions.Domain.Policies;

namespace JitFunctions.Domain.Tests.Policies;

public sealed class PolicyChangesTests
{
    private static readonly Gen<string> Text = Gen.OneOf(
            "a",
            "b",
            "\n",
            "\n",
            "\r\n",
            "\r",
            "\f",
            "\u2028",
            "\u0085",
            "␍",
            " ",
            ""
        )
        .Array[0, 8]
        .Select(string.Concat);

    [Fact]
    public void Lines_that_went_and_came_are_told_with_their_numbers() =>
        Assert.Equal(["p.yaml:2: - b", "p.yaml:2: + x", "p.yaml:3: + y"], Between("a\nb\nc\n", "a\nx\ny\nc\n"));

    [Fact]
    public void Files_that_are_new_or_gone_are_told() =>
        Assert.Equal(
            ["a.yaml: removed", "b.yaml: new, 2 lines", "c.yaml: new, 2 lines"],
            PolicyChanges.Between([new("a.yaml", "x\n")], [new("c.yaml", "x\ny"), new("b.yaml", "x\ny\n")])
        );

    [Fact]
    public void Lines_at_the_ends_are_told_where_they_are()
    {
        Assert.Equal(["p.yaml:3: + c"], Between("a\nb\n", "a\nb\nc\n"));
        Assert.Equal(["p.yaml:1: - a"], Between("a\nb\n", "b\n"));
    }

    [Fact]
    public void Carriage_returns_are_seen() =>
        Assert.Equal(["p.yaml:1: - a", "p.yaml:1: + a␍"], Between("a\nb\n", "a\r\nb\n"));

    [Theory]
    [InlineData("# limits\nexceptUsers: [x]", "# limits\u2028exceptUsers: [x]")]
    [InlineData("# limits\nexceptUsers: [x]", "# limits\u0085exceptUsers: [x]")]
    [InlineData("# limits\nexceptUsers: [x]", "# limits\fexceptUsers: [x]")]
    [InlineData("# limits\nexceptUsers: [x]", "# limits\rexceptUsers: [x]")]
    [InlineData("a\n", "a\r\n")]
    [InlineData("a\n", "a\n\n")]
    [InlineData("a", "a ")]
    public void Nothing_that_changes_the_version_goes_untold(string before, string after) =>
        Assert.NotEmpty(Between(before, after));

    [Fact]
    public void There_are_changes_exactly_where_the_files_differ() =>
        Gen.Select(Text, Text)
            .Sample((before, after) => Assert.Equal(before == after, Between(before, after) is []), iter: 5_000);

    private static IReadOnlyList<string> Between(string before, string after) =>
        PolicyChanges.Between([new("p.yaml", before)], [new("p.yaml", after)]);
}
