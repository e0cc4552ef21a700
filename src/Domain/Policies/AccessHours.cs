using JitFunctions.Domain.Scopes;

namespace JitFunctions.Domain.Policies;

/// <param name="To">Exclusive. If it is not after <paramref name="From"/>, it is on the next day.</param>
public sealed record HoursWindow(IReadOnlyList<DayOfWeek> Days, TimeOnly From, TimeOnly To);

/// <summary>
/// The hours in which rights may exist, in a named time zone. Outside these hours nothing is activated, and an active
/// grant ends with the window.
/// </summary>
/// <param name="TimeZone">IANA name, such as <c>Europe/Berlin</c>.</param>
public sealed record AccessHours(string TimeZone, IReadOnlyList<HoursWindow> Windows)
{
    // Longer than any grant. It limits the search for hours that never end.
    private static readonly TimeSpan Horizon = RequestForm.LongestDuration + TimeSpan.FromDays(1);

    /// <summary>False if this machine does not know the time zone: the hours can then not be determined.</summary>
    public bool IsKnown() => TimeZoneInfo.TryFindSystemTimeZoneById(TimeZone, out _);

    /// <returns>The end of the current hours, or a time that is later than the end of any grant; null outside the
    /// hours.</returns>
    /// <exception cref="TimeZoneNotFoundException">The time zone is not known, see <see cref="IsKnown"/>.</exception>
    public DateTimeOffset? OpenUntil(DateTimeOffset at)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(TimeZone);
        DateTimeOffset? end = null;
        while (end is null || end - at < Horizon)
        {
            // Adjacent windows count as one.
            var next = Windows.Select(window => EndOf(window, end ?? at, zone)).Max();
            if (next is null)
                break;
            end = next;
        }

        return end;
    }

    /// <summary>Like <see cref="OpenUntil"/>, but null if the time zone is not known.</summary>
    public DateTimeOffset? SurelyOpenUntil(DateTimeOffset at) => IsKnown() ? OpenUntil(at) : null;

    public override string ToString() => $"{string.Join("; ", Windows.Select(Describe))} {TimeZone}";

    private static string Describe(HoursWindow window) =>
        $"{string.Join(",", window.Days.Select(day => day.ToString()[..3]))} {window.From:HH:mm}–{window.To:HH:mm}";

    private static DateTimeOffset? EndOf(HoursWindow window, DateTimeOffset at, TimeZoneInfo zone)
    {
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(at, zone).DateTime);
        foreach (var day in new[] { today.AddDays(-1), today }.Where(day => window.Days.Contains(day.DayOfWeek)))
        {
            var start = Moment(day.ToDateTime(window.From), zone, earlier: false);
            var end = Moment(
                (window.To <= window.From ? day.AddDays(1) : day).ToDateTime(window.To),
                zone,
                earlier: true
            );
            if (start <= at && at < end)
                return end;
        }

        return null;
    }

    // When clocks go back, one hour occurs twice: a window begins at the later one and ends at the earlier one. When
    // clocks go forward, one hour does not occur: a window that begins or ends in it does so at the transition.
    // TimeZoneInfo has methods for such times, but they are wrong for time zones whose winter time is the exception,
    // such as Europe/Dublin. Therefore only the offsets at instants are used.
    private static DateTimeOffset Moment(DateTime local, TimeZoneInfo zone, bool earlier)
    {
        var wall = new DateTimeOffset(local, TimeSpan.Zero);
        var offsets = new[] { zone.GetUtcOffset(wall.AddDays(-1)), zone.GetUtcOffset(wall.AddDays(1)) };
        var (first, second) = (wall - offsets.Max(), wall - offsets.Min());
        return (Shows(first), Shows(second)) switch
        {
            (true, true) => earlier ? first : second,
            (true, false) => first,
            (false, true) => second,
            (false, false) => JumpBetween(first, second, zone),
        };

        bool Shows(DateTimeOffset at) => at + zone.GetUtcOffset(at) == wall;
    }

    private static DateTimeOffset JumpBetween(DateTimeOffset before, DateTimeOffset after, TimeZoneInfo zone)
    {
        var offset = zone.GetUtcOffset(before);
        while ((after - before).Ticks > 1)
        {
            var between = before + ((after - before) / 2);
            (before, after) = zone.GetUtcOffset(between) == offset ? (between, after) : (before, between);
        }

        return after;
    }
}
