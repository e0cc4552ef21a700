using System.Globalization;
using System.Security;
using JitFunctions.Domain.Policies;
using YamlDotNet.RepresentationModel;

namespace JitFunctions.PolicyReading;

internal static class HoursReader
{
    private static readonly string[] Days = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
    private const string EndOfDay = "24:00";

    public static AccessHours? Read(YamlFields parent)
    {
        if (parent.Mapping("hours", ["timeZone", "windows"]) is not { } fields)
            return null;
        fields.Check(fields.Has("timeZone"), "'hours' needs a 'timeZone', such as Europe/Berlin.");
        fields.Check(fields.Has("windows"), "'hours' needs 'windows'.");
        var zone = fields.Text("timeZone", TextForm.TimeZone);
        if (zone is not null && !IsKnown(zone))
            fields.Error(
                "timeZone",
                $"the time zone '{zone}' is not known on this machine: give its IANA name, and see that tzdata "
                    + "is installed."
            );
        return new(
            zone ?? string.Empty,
            [.. fields.Mappings("windows", "a window", ["days", "from", "to"]).Select(Window)]
        );
    }

    private static HoursWindow Window(YamlFields fields)
    {
        foreach (var name in new[] { "days", "from", "to" })
            fields.Check(fields.Has(name), $"a window needs '{name}'.");
        return new(
            DaysOf(fields),
            Time(fields.Text("from", TextForm.TimeOfDay)),
            Time(fields.Text("to", TextForm.EndOfWindow))
        );
    }

    private static List<DayOfWeek> DaysOf(YamlFields fields)
    {
        List<DayOfWeek> days = [];
        foreach (var item in fields.Items("days"))
        {
            var index = item is YamlScalarNode { Value: { } text } ? Array.IndexOf(Days, text) : -1;
            if (index < 0 || days.Contains((DayOfWeek)index))
                fields.Error(
                    item,
                    index < 0
                        ? $"'days' are mon, tue, wed, thu, fri, sat and sun, not {item.Quoted()}."
                        : $"'days' has {Days[index]} twice."
                );
            else
                days.Add((DayOfWeek)index);
        }

        return days;
    }

    private static TimeOnly Time(string? text) =>
        text is null or EndOfDay ? TimeOnly.MinValue : TimeOnly.ParseExact(text, "HH:mm", CultureInfo.InvariantCulture);

    private static bool IsKnown(string zone)
    {
        try
        {
            return TimeZoneInfo.TryFindSystemTimeZoneById(zone, out _);
        }
        catch (Exception e)
            when (e is InvalidTimeZoneException or SecurityException or IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
