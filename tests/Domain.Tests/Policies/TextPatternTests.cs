using System.Diagnostics;
using JitFunctions.Domain.Policies;

namespace JitFunctions.Domain.Tests.Policies;

public sealed class TextPatternTests
{
    [Theory]
    [InlineData("INC-[0-9]+", "INC-4711", true)]
    [InlineData("INC-[0-9]+", "see INC-4711", false)]
    [InlineData("INC-[0-9]+", "INC-4711 or so", false)]
    [InlineData("INC-[0-9]+", "INC-4711\n", false)]
    [InlineData("INC-[0-9]+", "INC-٣", false)]
    [InlineData("INC|CHG", "INC", true)]
    [InlineData("INC|CHG", "xCHG", false)]
    [InlineData("INC|CHG", "INCx", false)]
    [InlineData("", "", true)]
    [InlineData("INC", null, false)]
    public void The_whole_text_has_to_match(string pattern, string? text, bool matches) =>
        Assert.Equal(matches, new TextPattern(pattern).Matches(text));

    [Theory]
    [InlineData("a)|(?:b")]
    [InlineData("a)|(b")]
    [InlineData("(")]
    [InlineData("[")]
    [InlineData("(?x)a # b")]
    public void What_is_no_pattern_by_itself_is_none(string pattern) =>
        Assert.ThrowsAny<ArgumentException>(() => new TextPattern(pattern));

    [Theory]
    [InlineData(@"(a)\1")]
    [InlineData("(?=a)a")]
    public void What_needs_backtracking_is_refused(string pattern) =>
        Assert.Throws<NotSupportedException>(() => new TextPattern(pattern));

    [Fact]
    public void Patterns_are_equal_when_their_texts_are()
    {
        Assert.Equal(new TextPattern("INC-[0-9]+"), new TextPattern("INC-[0-9]+"));
        Assert.NotEqual(new TextPattern("INC-[0-9]+"), new TextPattern("CHG-[0-9]+"));
    }

    [Fact]
    public void No_text_keeps_a_pattern_busy()
    {
        var since = Stopwatch.GetTimestamp();
        Assert.False(new TextPattern("(a|a)*(a|a)*(a|a)*b").Matches(new string('a', 1000)));
        Assert.True(Stopwatch.GetElapsedTime(since) < TimeSpan.FromSeconds(5));
    }
}
