using System.Globalization;
using System.Text.RegularExpressions;

namespace JitFunctions.KubectlJit.Output;

internal static partial class Durations
{
    /// <summary>Reads <c>30m</c>, <c>1h30m</c> or <c>90s</c>; more than 99999 of a unit is refused.</summary>
    public static bool TryParse(string text, out TimeSpan duration)
    {
        var match = Form().Match(text);
        duration = match.Success
            ? new TimeSpan(Number(match, "h"), Number(match, "m"), Number(match, "s"))
            : TimeSpan.Zero;
        return duration > TimeSpan.Zero;
    }

    /// <summary>The usual format of durations, to the second: <c>1h30m</c>.</summary>
    public static string Exact(TimeSpan span)
    {
        var (hours, minutes, seconds) = ((int)span.TotalHours, span.Minutes, span.Seconds);
        var text =
            (hours > 0 ? $"{hours}h" : "") + (minutes > 0 ? $"{minutes}m" : "") + (seconds > 0 ? $"{seconds}s" : "");
        return text is "" ? "0s" : text;
    }

    /// <summary>The format of ages in <c>kubectl get</c>: longer durations are less precise.</summary>
    public static string Human(TimeSpan span) =>
        span switch
        {
            { Ticks: < 0 } => "0s",
            { TotalMinutes: < 2 } => $"{(int)span.TotalSeconds}s",
            { TotalMinutes: < 10 } => Two((int)span.TotalMinutes, "m", span.Seconds, "s"),
            { TotalHours: < 3 } => $"{(int)span.TotalMinutes}m",
            { TotalHours: < 8 } => Two((int)span.TotalHours, "h", span.Minutes, "m"),
            { TotalHours: < 48 } => $"{(int)span.TotalHours}h",
            { TotalDays: < 8 } => Two((int)span.TotalDays, "d", span.Hours, "h"),
            _ => $"{(int)span.TotalDays}d",
        };

    private static string Two(int large, string largeUnit, int small, string smallUnit) =>
        small == 0 ? $"{large}{largeUnit}" : $"{large}{largeUnit}{small}{smallUnit}";

    private static int Number(Match match, string unit) =>
        match.Groups[unit] is { Success: true } group ? int.Parse(group.ValueSpan, CultureInfo.InvariantCulture) : 0;

    [GeneratedRegex(@"\A(?:(?<h>[0-9]{1,5})h)?(?:(?<m>[0-9]{1,5})m)?(?:(?<s>[0-9]{1,5})s)?\z")]
    private static partial Regex Form();
}
