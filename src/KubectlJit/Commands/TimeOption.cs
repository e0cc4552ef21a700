using System.CommandLine;
using System.Globalization;
using JitFunctions.KubectlJit.Output;
using JitFunctions.KubectlJit.Terminal;

namespace JitFunctions.KubectlJit.Commands;

/// <summary>A point in time as people write it.</summary>
internal static class TimeOption
{
    private static readonly string[] Local =
    [
        "yyyy-MM-dd'T'HH:mm",
        "yyyy-MM-dd'T'HH:mm:ss",
        "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF",
    ];
    private static readonly string[] Exact =
    [
        "yyyy-MM-dd'T'HH:mmK",
        "yyyy-MM-dd'T'HH:mm:ssK",
        "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK",
    ];

    public static Option<DateTimeOffset?> Start(Shell shell) =>
        Of(
            "--start",
            "Not before this time: 2026-12-01T22:00 (here), 2026-12-01T22:00:00Z, or 2h from now",
            text =>
            {
                var (at, wrong) = Durations.TryParse(text, out var ahead)
                    ? (shell.Now + ahead, null)
                    : Parse(text, shell.Clock.LocalTimeZone);
                return at <= shell.Now
                    ? (null, "is past; leave --start out to begin as soon as it is approved")
                    : (at, wrong);
            }
        );

    /// <summary>A point in time in the past, or a duration before now.</summary>
    public static Option<DateTimeOffset?> Past(Shell shell, string name, string description) =>
        Of(
            name,
            $"{description}: 2026-12-01T22:00 (here), 2026-12-01T22:00:00Z, 2026-12-01, or 24h ago as 24h",
            text =>
            {
                if (Durations.TryParse(text, out var ago))
                    return (shell.Now - ago, null);
                var day = DateOnly.TryParseExact(
                    text,
                    "yyyy-MM-dd",
                    CultureInfo.InvariantCulture,
                    DateTimeStyles.None,
                    out _
                );
                return Parse(day ? $"{text}T00:00" : text, shell.Clock.LocalTimeZone);
            }
        );

    public static Option<DateTimeOffset?> At(Shell shell, string description) =>
        Of("--at", description, text => Parse(text, shell.Clock.LocalTimeZone));

    /// <summary>Returns the point in time, or the reason why the text does not denote exactly one.</summary>
    public static (DateTimeOffset? At, string? Wrong) Parse(string text, TimeZoneInfo here)
    {
        // Without an offset the text is local time. It is refused if it is ambiguous or skipped because of a clock
        // change.
        if (DateTime.TryParseExact(text, Local, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local))
        {
            if (here.IsInvalidTime(local))
                return (null, $"does not exist in {here.Id}: the clock is put forward then");
            if (here.IsAmbiguousTime(local))
                return (null, $"is twice in {here.Id}: the clock is put back then; write it with its offset from UTC");
            return (new DateTimeOffset(local, here.GetUtcOffset(local)), null);
        }

        return DateTimeOffset.TryParseExact(
            text,
            Exact,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal,
            out var exact
        )
            ? (exact, null)
            : (null, "is no time: write 2026-12-01T22:00, or 2026-12-01T22:00:00Z");
    }

    private static Option<DateTimeOffset?> Of(
        string name,
        string description,
        Func<string, (DateTimeOffset? At, string? Wrong)> read
    ) =>
        new(name)
        {
            Description = description,
            HelpName = "time",
            CustomParser = result =>
            {
                var text = result.Tokens[0].Value;
                var (at, wrong) = read(text);
                if (wrong is not null)
                    result.AddError($"{name} {text} {wrong}");
                return at?.ToUniversalTime();
            },
        };
}
