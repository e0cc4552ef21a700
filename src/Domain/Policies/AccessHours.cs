namespace JitFunctions.Domain.Policies;

/// <param name="To">Exclusive. Not after <paramref name="From"/>, it is on the day after.</param>
public sealed record HoursWindow(IReadOnlyList<DayOfWeek> Days, TimeOnly From, TimeOnly To);

/// <summary>When rights may exist, in a named time zone. Outside nothing is activated, and what is active ends with the window.</summary>
/// <param name="TimeZone">IANA name, such as <c>Europe/Berlin</c>.</param>
public sealed record AccessHours(string TimeZone, IReadOnlyList<HoursWindow> Windows)
{
    // Adjacent windows make one; a grant lasts a week at most.
    private const int MostMerged = 16;

    /// <returns>The end of the open window, or null when it is closed at this time.</returns>
    /// <exception cref="TimeZoneNotFoundException" />
    public DateTimeOffset? OpenUntil(DateTimeOffset at)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(TimeZone);
        DateTimeOffset? end = null;
        for (var i = 0; i < MostMerged; i++)
        {
            var next = Windows.Select(window => EndOf(window, end ?? at, zone)).Max();
            if (next is null)
                break;
            end = next;
        }

        return end;
    }

    public override string ToString() =>
        $"{string.Join("; ", Windows.Select(window => $"{string.Join(",", window.Days.Select(day => day.ToString()[..3]))} {window.From:HH:mm}–{window.To:HH:mm}"))} {TimeZone}";

    private static DateTimeOffset? EndOf(HoursWindow window, DateTimeOffset at, TimeZoneInfo zone)
    {
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(at, zone).DateTime);
        foreach (var day in new[] { today.AddDays(-1), today }.Where(day => window.Days.Contains(day.DayOfWeek)))
        {
            var start = Moment(day.ToDateTime(window.From), zone, earlier: false);
            var end = Moment((window.To <= window.From ? day.AddDays(1) : day).ToDateTime(window.To), zone, earlier: true);
            if (start <= at && at < end)
                return end;
        }

        return null;
    }

    // Where the clock is put back an hour comes twice: the later one begins a window, the earlier one ends it.
    private static DateTimeOffset Moment(DateTime local, TimeZoneInfo zone, bool earlier)
    {
        if (!zone.IsAmbiguousTime(local))
            return new DateTimeOffset(local, zone.GetUtcOffset(local)).ToUniversalTime();
        var offsets = zone.GetAmbiguousTimeOffsets(local);
        return new DateTimeOffset(local, earlier ? offsets.Max() : offsets.Min()).ToUniversalTime();
    }
}
