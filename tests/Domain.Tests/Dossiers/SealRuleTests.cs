using JitFunctions.Domain.Audit;
using JitFunctions.Domain.Dossiers;

namespace JitFunctions.Domain.Tests.Dossiers;

public sealed class SealRuleTests
{
    private static readonly DateTimeOffset End = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(15);

    /// <summary>
    /// Whether the cluster had the rights; by how many seconds the feed has passed the end (null: no event that can be
    /// read; empty: no feed); the seconds since the end; what is done.
    /// </summary>
    public static TheoryData<bool, string, int, string> Cases =>
        new()
        {
            { false, "", 0, "Seal" },
            { true, "", 0, "NoActionFeed" },
            { true, "null", 60, "Wait" },
            { true, "null", 900, "FeedStopped" },
            { true, "-10", 899, "Wait" },
            { true, "-10", 900, "FeedStopped" },
            // The clock of the API server may be two seconds ahead.
            { true, "2", 600, "Wait" },
            { true, "2", 900, "FeedStopped" },
            { true, "3", 600, "Seal" },
            // A batch may be repeated: earlier events follow.
            { true, "3", 119, "Wait" },
            { true, "3", 120, "Seal" },
            { true, "3", 9000, "Seal" },
        };

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_dossier_is_sealed_when_the_feed_has_passed_its_end_or_with_a_named_gap(
        bool wasLive,
        string passed,
        int seconds,
        string expected
    )
    {
        FeedFacts? feed =
            passed.Length == 0 ? null
            : passed == "null" ? new(null)
            : new(End.AddSeconds(int.Parse(passed, System.Globalization.CultureInfo.InvariantCulture)));

        var step = SealRule.Decide(wasLive ? End.AddHours(-1) : null, End, feed, End.AddSeconds(seconds), Longest);

        Assert.Equal(
            expected,
            step switch
            {
                SealStep.Wait => "Wait",
                SealStep.Seal { Gap: { } gap } => $"{gap.Kind}",
                _ => "Seal",
            }
        );
    }

    [Fact]
    public void A_feed_that_stopped_before_the_grant_is_a_gap_of_the_whole_grant()
    {
        var start = End.AddHours(-1);
        var step = SealRule.Decide(start, End, new(start.AddDays(-1)), End + Longest, Longest);
        var gap = Assert.IsType<SealStep.Seal>(step).Gap;
        Assert.Equal((SealGapKind.FeedStopped, start, End), (gap!.Kind, gap.From, gap.Until));
    }
}
