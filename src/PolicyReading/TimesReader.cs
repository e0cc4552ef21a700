using JitFunctions.Domain.Policies;
using JitFunctions.Domain.Scopes;

namespace JitFunctions.PolicyReading;

/// <summary>Reads when, and for how long, a policy allows rights.</summary>
internal static class TimesReader
{
    public static readonly string[] Fields =
    [
        "maxDuration",
        "defaultDuration",
        "pendingWindow",
        "scheduledStart",
        "hours",
    ];

    /// <summary>Replaces an invalid maximum duration, so that it causes no further errors.</summary>
    public static readonly TimeSpan Unknown = TimeSpan.MaxValue;

    private static readonly TimeSpan DefaultPendingWindow = TimeSpan.FromHours(24);
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(30);
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    public static TimeLimits Read(YamlFields fields)
    {
        fields.Check(fields.Has("maxDuration"), "say the longest duration: 'maxDuration'.");
        var longest =
            fields.Duration("maxDuration", RequestForm.ShortestDuration, RequestForm.LongestDuration) ?? Unknown;
        return new(
            fields.Duration("defaultDuration", RequestForm.ShortestDuration, longest) ?? longest,
            longest,
            fields.Duration("pendingWindow", Second, LongestWait) ?? DefaultPendingWindow,
            fields.Duration("scheduledStart", Second, LongestWait) ?? TimeSpan.Zero,
            HoursReader.Read(fields)
        );
    }
}
