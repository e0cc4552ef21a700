using System.Globalization;
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
    public void An_unknown_zone_is_never_surely_open()
    {
        var hours = Hours("Europe/Atlantis", EveryDay, "00:00", "00:00");
        Assert.False(hours.IsKnown());
        Assert.Null(hours.SurelyOpenUntil(At("2026-03-02T12:00Z")));
        Assert.Throws<TimeZoneNotFoundException>(() => hours.OpenUntil(At("2026-03-02T12:00Z")));
        Assert.NotNull(Hours(Berlin, EveryDay, "00:00", "00:00").SurelyOpenUntil(At("2026-03-02T12:00Z")));
    }

    private static AccessHours Hours(string zone, IReadOnlyList<DayOfWeek> days, string from, string to) =>
        new(zone, [Window(days, from, to)]);

    private static HoursWindow Window(IReadOnlyList<DayOfWeek> days, string from, string to) =>
        new(days, TimeOnly.Parse(from, CultureInfo.InvariantCulture), TimeOnly.Parse(to, CultureInfo.InvariantCulture));

    private static DateTimeOffset At(string time) => DateTimeOffset.Parse(time, CultureInfo.InvariantCulture);
}
