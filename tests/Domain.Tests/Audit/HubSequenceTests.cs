using System.Text;
using JitFunctions.Domain.Audit;

namespace JitFunctions.Domain.Tests.Audit;

public sealed class HubSequenceTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(null, 0, null)]
    [InlineData(null, 90, null)] // nothing was read before: the retention is no gap
    [InlineData(4L, 5, null)]
    [InlineData(4L, 6, "1 events of audit/0 were removed before they were read: 5 to 5, ")]
    [InlineData(4L, 90, "85 events of audit/0 were removed before they were read: 5 to 89, ")]
    [InlineData(
        4L,
        0,
        "audit/0 was created again, and what it had after the last event that was read is gone: after 4, "
    )]
    [InlineData(
        4L,
        4,
        "audit/0 was created again, and what it had after the last event that was read is gone: after 4, "
    )]
    public void A_hole_in_the_sequence_numbers_is_a_gap_that_names_them(long? last, long next, string? expected)
    {
        var gap = HubSequence.Missing("audit/0", last, Noon, next, Noon.AddHours(1));

        Assert.Equal(
            expected is null ? null : expected + "between 2026-03-02T12:00:00.000Z and 2026-03-02T13:00:00.000Z",
            gap is null ? null : Encoding.UTF8.GetString(gap.Raw.Span)
        );
        if (gap is not null)
            Assert.Equal((GapReason.Removed, gap.Raw.Length), (gap.Reason, gap.Length));
    }
}
