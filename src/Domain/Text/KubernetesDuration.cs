using System.Globalization;
using System.Text.RegularExpressions;

namespace JitFunctions.Domain.Text;

/// <summary>
/// Durations in the format of Kubernetes: whole hours, minutes and seconds such as <c>1h30m</c> or <c>90s</c>.
/// </summary>
public static partial class KubernetesDuration
{
    public static TimeSpan? TryParse(string? text)
    {
        if (text is null || Pattern().Match(text) is not { Success: true, Length: > 0 } match)
            return null;

        return TimeSpan.FromSeconds((3600 * Part("h")) + (60 * Part("m")) + Part("s"));

        long Part(string unit) =>
            match.Groups[unit] is { Success: true, Value: var digits }
                ? long.Parse(digits, CultureInfo.InvariantCulture)
                : 0;
    }

    public static string Format(TimeSpan duration)
    {
        var (hours, minutes, seconds) = ((long)duration.TotalHours, duration.Minutes, duration.Seconds);
        var text = (hours, minutes, seconds) switch
        {
            (0, 0, _) => $"{seconds}s",
            (0, _, 0) => $"{minutes}m",
            (0, _, _) => $"{minutes}m{seconds}s",
            (_, 0, 0) => $"{hours}h",
            (_, _, 0) => $"{hours}h{minutes}m",
            _ => $"{hours}h{minutes}m{seconds}s",
        };
        return text;
    }

    // Six digits keep the sum far below any overflow. Durations that are too long are rejected later, by value.
    [GeneratedRegex(
        @"^(?:(?<h>[0-9]{1,6})h)?(?:(?<m>[0-9]{1,6})m)?(?:(?<s>[0-9]{1,6})s)?\z",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex Pattern();
}
