using JitFunctions.Domain.Text;

namespace JitFunctions.Domain.Tests.Text;

public sealed class ShortTextTests
{
    [Fact]
    public void What_is_short_stays_as_it_is() => Assert.Equal("User/zoë 😀", ShortText.Name("User/zoë 😀"));

    [Fact]
    public void What_is_long_is_cut_and_can_be_told_from_another_that_begins_alike()
    {
        var (one, other) = (ShortText.Name(new('x', 1_400_000)), ShortText.Name(new string('x', 1_399_999) + "y"));

        Assert.Equal(ShortText.LongestName, one.Length);
        Assert.StartsWith("xxx", one, StringComparison.Ordinal);
        Assert.Contains("… (1400000 characters, sha256:", one, StringComparison.Ordinal);
        Assert.NotEqual(one, other);
        Assert.Equal(one, ShortText.Name(one));
    }

    [Theory]
    [InlineData("a\0b", "a\uFFFDb")]
    [InlineData("a\u202Eb", "a\uFFFDb")]
    [InlineData("two\r\nlines", "two lines")]
    public void What_cannot_be_seen_or_stored_is_replaced(string text, string shown) =>
        Assert.Equal(shown, ShortText.Message(text));

    [Fact]
    public void Half_a_character_is_not_left_where_it_is_cut()
    {
        foreach (var before in new[] { "", "x" })
            Assert.True(PlainText.IsText(ShortText.Name(before + string.Concat(Enumerable.Repeat("😀", 500)))));
    }

    [Fact]
    public void Of_many_the_first_are_told_with_how_many_more_there_are_and_a_hash_of_all()
    {
        Assert.Equal("a, b", ShortText.List(["a", "b"]));
        var many = ShortText.List([.. Enumerable.Range(0, 500).Select(i => $"u{i}")]);
        Assert.StartsWith("u0, u1, u2, u3, u4 and 495 more (sha256:", many, StringComparison.Ordinal);
        Assert.NotEqual(many, ShortText.List([.. Enumerable.Range(0, 499).Select(i => $"u{i}"), "mallory"]));
    }
}
