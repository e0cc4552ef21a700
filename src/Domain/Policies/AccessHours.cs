using JitFunctions.Domain.Scopes;

namespace JitFunctions.Domain.Policies;

/// <param name="To">Exclusive. Not after <paramref name="From"/>, it is on the day after.</param>
public sealed record HoursWindow(IReadOnlyList<DayOfWeek> Days, TimeOnly From, TimeOnly To);

/// <summary>
/// When rights may exist, in a named time zone. Outside nothing is activated, and what is active ends with the window.
/// </summary>
/// <param name="TimeZone">IANA name, such as <c>Europe/Berlin</c>.</param>
public sealed record AccessHours(string TimeZone, IReadOnlyList<HoursWindow> Windows)
{
    // Longer than any grant, so that hours without an end have one here.
    private static readonly TimeSpan Horizon = RequestForm.LongestDuration + TimeSpan.FromDays(1);

    /// <summary>
    /// False where this machine does not know the time zone: nobody can tell then what the hours are.
    /// </summary>
    public bool IsKnown() => TimeZoneInfo.TryFindSystemTimeZoneById(TimeZone, out _);

    /// <returns>When it closes next, or a time further off than any grant lasts; null when it is closed at this
    /// time.</returns>
    /// <exception cref="TimeZoneNotFoundException">When not <see cref="IsKnown"/>.</exception>
    public DateTimeOffset? OpenUntil(DateTimeOffset at)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(TimeZone);
        DateTimeOffset? end = null;
        while (end is null || end - at < Horizon)
        {
            // Adjacent windows make one.
            var next = Windows.Select(window => EndOf(window, end ?? at, zone)).Max();
            if (next is null)
                break;
            end = next;
        }

        return end;
    }

    /// <summary>The same, but closed where nobody can tell.</summary>
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

    // Where the clock is put back an hour comes twice: the later one begins a window, the earlier one ends it. Where it
    // is put forward an hour does not come at all: what begins or ends in it does so with the jump. TimeZoneInfo tells
    // what comes twice or not at all, but wrongly for zones whose winter is the exception, such as Europe/Dublin; so
    // only offsets at instants are asked.
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
