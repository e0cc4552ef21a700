using System.Globalization;
using CsCheck;
using JitFunctions.Domain.Policies;
using JitFunctions.Domain.Scopes;

namespace JitFunctions.Domain.Tests.Policies;

/// <summary>In Berlin the clock goes forward on 29 March 2026 at 2:00, and back on 25 October 2026 at 3:00.</summary>
public sealed class AccessHoursTests
{
    private const string Berlin = "Europe/Berlin";
    private static readonly DayOfWeek[] EveryDay = Enum.GetValues<DayOfWeek>();
    private static readonly DayOfWeek[] Weekdays =
    [
        DayOfWeek.Monday,
        DayOfWeek.Tuesday,
        DayOfWeek.Wednesday,
        DayOfWeek.Thursday,
        DayOfWeek.Friday,
    ];

    /// <summary>
    /// Whole hours in the north and the south, half and quarter hours, a jump at midnight, of half an hour, of two
    /// hours, in winter.
    /// </summary>
    private static readonly string[] Zones =
    [
        Berlin,
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
        select At($"{day}T00:00Z").AddMinutes(minutes);

    [Fact]
    public void Access_hours_include_their_first_minute_and_exclude_their_last()
    {
        var hours = Hours(Berlin, Weekdays, "08:00", "18:00");
        Assert.Null(hours.OpenUntil(At("2026-03-02T07:59:59+01:00")));
        Assert.Equal(At("2026-03-02T18:00+01:00"), hours.OpenUntil(At("2026-03-02T08:00+01:00")));
        Assert.Equal(At("2026-03-02T18:00+01:00"), hours.OpenUntil(At("2026-03-02T16:59:59Z")));
        Assert.Null(hours.OpenUntil(At("2026-03-02T18:00+01:00")));
    }

    [Fact]
    public void Other_days_are_closed_and_days_are_those_of_the_zone()
    {
        Assert.Null(Hours(Berlin, Weekdays, "08:00", "18:00").OpenUntil(At("2026-03-01T12:00+01:00")));
        Assert.Equal(
            At("2026-03-02T18:00+13:45"),
            Hours("Pacific/Chatham", [DayOfWeek.Monday], "08:00", "18:00").OpenUntil(At("2026-03-01T20:00Z"))
        );
        Assert.Equal(
            At("2026-03-02T18:00+05:30"),
            Hours("Asia/Kolkata", [DayOfWeek.Monday], "08:00", "18:00").OpenUntil(At("2026-03-02T02:30Z"))
        );
    }

    [Fact]
    public void A_window_over_midnight_belongs_to_the_day_on_which_it_begins()
    {
        var hours = Hours(Berlin, [DayOfWeek.Friday], "22:00", "06:00");
        Assert.Equal(At("2026-03-07T06:00+01:00"), hours.OpenUntil(At("2026-03-06T22:00+01:00")));
        Assert.Equal(At("2026-03-07T06:00+01:00"), hours.OpenUntil(At("2026-03-07T05:59+01:00")));
        Assert.Null(hours.OpenUntil(At("2026-03-06T05:59+01:00")));
        Assert.Null(hours.OpenUntil(At("2026-03-07T22:00+01:00")));
    }

    [Fact]
    public void Windows_that_touch_make_one()
    {
        var hours = new AccessHours(
            Berlin,
            [
                Window([DayOfWeek.Monday], "08:00", "12:00"),
                Window([DayOfWeek.Monday], "12:00", "18:00"),
                Window([DayOfWeek.Monday], "11:00", "13:00"),
            ]
        );
        Assert.Equal(At("2026-03-02T18:00+01:00"), hours.OpenUntil(At("2026-03-02T08:00+01:00")));
    }

    [Fact]
    public void The_same_time_twice_is_a_whole_day()
    {
        var hours = Hours(Berlin, [DayOfWeek.Monday], "10:00", "10:00");
        Assert.Null(hours.OpenUntil(At("2026-03-02T09:59+01:00")));
        Assert.Equal(At("2026-03-03T10:00+01:00"), hours.OpenUntil(At("2026-03-02T10:00+01:00")));
        Assert.Null(hours.OpenUntil(At("2026-03-03T10:00+01:00")));
    }

    [Fact]
    public void Always_is_longer_than_any_grant_however_many_windows_it_is_made_of()
    {
        var now = At("2026-03-02T12:00Z");
        var hourly = new AccessHours(
            "UTC",
            [
                .. Enumerable
                    .Range(0, 24)
                    .Select(hour => new HoursWindow(EveryDay, new(hour, 0), new((hour + 1) % 24, 0))),
            ]
        );
        Assert.True(Hours(Berlin, EveryDay, "00:00", "00:00").OpenUntil(now) > now + RequestForm.LongestDuration);
        Assert.True(hourly.OpenUntil(now) > now + RequestForm.LongestDuration);
    }

    [Fact]
    public void Where_the_clock_goes_forward_the_night_is_an_hour_shorter() =>
        Assert.Equal(
            TimeSpan.FromHours(3),
            Hours(Berlin, EveryDay, "01:00", "05:00").OpenUntil(At("2026-03-29T01:00+01:00"))
                - At("2026-03-29T01:00+01:00")
        );

    [Fact]
    public void Where_the_clock_goes_back_the_night_is_an_hour_longer() =>
        Assert.Equal(
            TimeSpan.FromHours(5),
            Hours(Berlin, EveryDay, "01:00", "05:00").OpenUntil(At("2026-10-25T01:00+02:00"))
                - At("2026-10-25T01:00+02:00")
        );

    [Fact]
    public void What_ends_in_the_hour_that_does_not_come_ends_with_the_jump() =>
        Assert.Equal(
            At("2026-03-29T01:00Z"),
            Hours(Berlin, EveryDay, "01:00", "02:30").OpenUntil(At("2026-03-29T01:00+01:00"))
        );

    [Fact]
    public void What_begins_in_the_hour_that_does_not_come_begins_with_the_jump()
    {
        var hours = Hours(Berlin, EveryDay, "02:30", "05:00");
        Assert.Null(hours.OpenUntil(At("2026-03-29T00:59Z")));
        Assert.Equal(At("2026-03-29T05:00+02:00"), hours.OpenUntil(At("2026-03-29T01:00Z")));
    }

    [Fact]
    public void What_ends_in_the_hour_that_comes_twice_ends_the_first_time()
    {
        var hours = Hours(Berlin, EveryDay, "01:00", "02:30");
        Assert.Equal(At("2026-10-25T02:30+02:00"), hours.OpenUntil(At("2026-10-25T01:00+02:00")));
        Assert.Null(hours.OpenUntil(At("2026-10-25T02:15+01:00")));
    }

    [Fact]
    public void What_begins_in_the_hour_that_comes_twice_begins_the_second_time()
    {
        var hours = Hours(Berlin, EveryDay, "02:30", "05:00");
        Assert.Null(hours.OpenUntil(At("2026-10-25T02:45+02:00")));
        Assert.Equal(At("2026-10-25T05:00+01:00"), hours.OpenUntil(At("2026-10-25T02:30+01:00")));
    }

    [Fact]
    public void Where_summer_time_is_the_standard_the_clock_goes_forward_all_the_same()
    {
        var hours = Hours("Europe/Dublin", EveryDay, "01:00", "03:30");
        Assert.Null(hours.OpenUntil(At("2026-03-29T00:59Z")));
        Assert.Equal(At("2026-03-29T02:30Z"), hours.OpenUntil(At("2026-03-29T01:00Z")));
    }

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

    [Fact]
    public void An_unknown_zone_is_never_surely_open()
    {
        var hours = Hours("Europe/Atlantis", EveryDay, "00:00", "00:00");
        Assert.False(hours.IsKnown());
        Assert.Null(hours.SurelyOpenUntil(At("2026-03-02T12:00Z")));
        Assert.Throws<TimeZoneNotFoundException>(() => hours.OpenUntil(At("2026-03-02T12:00Z")));
        Assert.NotNull(Hours(Berlin, EveryDay, "00:00", "00:00").SurelyOpenUntil(At("2026-03-02T12:00Z")));
    }

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

    private static AccessHours Hours(string zone, IReadOnlyList<DayOfWeek> days, string from, string to) =>
        new(zone, [Window(days, from, to)]);

    private static HoursWindow Window(IReadOnlyList<DayOfWeek> days, string from, string to) =>
        new(days, TimeOnly.Parse(from, CultureInfo.InvariantCulture), TimeOnly.Parse(to, CultureInfo.InvariantCulture));

    private static DateTimeOffset At(string time) => DateTimeOffset.Parse(time, CultureInfo.InvariantCulture);
}
