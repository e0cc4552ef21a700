using System.Globalization;
using CsCheck;
using JitFunctions.Domain.Policies;
using JitFunctions.Domain.Scopes;

namespace JitFunctions.Domain.Tests.Policies;

/// <summary>Thousands of hours and times. <c>./dev mutate</c> leaves these tests out: they take seconds.</summary>
public sealed class AccessHoursPropertyTests
{
    private static readonly DayOfWeek[] EveryDay = Enum.GetValues<DayOfWeek>();

    /// <summary>
    /// Whole hours in the north and the south, half and quarter hours, a jump at midnight, of half an hour, of two
    /// hours, in winter.
    /// </summary>
    private static readonly string[] Zones =
    [
        "Europe/Berlin",
        "Australia/Sydney",
        "Asia/Kolkata",
        "Pacific/Chatham",
        "America/St_Johns",
        "America/Havana",
        "Australia/Lord_Howe",
        "Antarctica/Troll",
        "Europe/Dublin",
        "UTC",
    ];

    /// <summary>Mostly in the small hours, when clocks are changed.</summary>
    private static readonly Gen<TimeOnly> Clock = Gen.Frequency((3, Gen.Int[0, 16]), (1, Gen.Int[0, 95]))
        .Select(quarter => new TimeOnly(0).AddMinutes(15 * quarter));

    private static readonly Gen<AccessHours> SomeHours =
        from zone in Gen.OneOf(Zones)
        from windows in Gen.Select(
            Gen.Shuffle(EveryDay, 1, 7),
            Clock,
            Clock,
            (days, begin, end) => new HoursWindow(days, begin, end)
        ).Array[0, 4]
        select new AccessHours(zone, windows);

    /// <summary>Around both changes of the clock, in both hemispheres.</summary>
    private static readonly Gen<DateTimeOffset> SomeTime =
        from day in Gen.OneOf(
            "2026-03-08",
            "2026-03-29",
            "2026-04-05",
            "2026-09-27",
            "2026-10-04",
            "2026-10-25",
            "2026-11-01"
        )
        from minutes in Gen.Int[-18 * 60, 18 * 60]
        select DateTimeOffset.Parse($"{day}T00:00Z", CultureInfo.InvariantCulture).AddMinutes(minutes);

    [Fact]
    public void Hours_are_open_until_the_end_that_they_give_and_closed_at_that_time() =>
        Gen.Select(SomeHours, SomeTime)
            .Sample(
                (hours, at) =>
                {
                    if (hours.OpenUntil(at) is not { } end)
                        return;
                    Assert.True(end > at);
                    var endless = end > at + RequestForm.LongestDuration;
                    for (var t = at; t < end && t < at.AddDays(2); t = t.AddMinutes(15))
                        Assert.True(
                            endless ? hours.OpenUntil(t) >= at + RequestForm.LongestDuration : hours.OpenUntil(t) == end
                        );
                    Assert.NotNull(hours.OpenUntil(end.AddTicks(-1)));
                    Assert.True(endless || hours.OpenUntil(end) is null);
                },
                iter: 2_000
            );

    [Fact]
    public void Access_hours_follow_local_time_across_daylight_saving() =>
        Gen.Select(SomeHours, SomeTime)
            .Sample(
                (hours, at) =>
                {
                    var zone = TimeZoneInfo.FindSystemTimeZoneById(hours.TimeZone);
                    var wall = TimeZoneInfo.ConvertTime(at, zone).DateTime;
                    var open = hours.OpenUntil(at) is not null;
                    if (open || !ComesTwice(zone, at, wall))
                        Assert.Equal(hours.Windows.Any(window => Has(window, wall)), open);
                },
                iter: 5_000
            );

    private static bool Has(HoursWindow window, DateTime wall)
    {
        var time = TimeOnly.FromDateTime(wall);
        var begunToday = window.Days.Contains(wall.DayOfWeek) && window.From <= time;
        var begunYesterday = window.Days.Contains(wall.AddDays(-1).DayOfWeek);
        return window.From < window.To
            ? begunToday && time < window.To
            : begunToday || (begunYesterday && time < window.To);
    }

    private static bool ComesTwice(TimeZoneInfo zone, DateTimeOffset at, DateTime wall) =>
        new[] { -120, -60, -30, 30, 60, 120 }.Any(minutes =>
            TimeZoneInfo.ConvertTime(at.AddMinutes(minutes), zone).DateTime == wall
        );
}
