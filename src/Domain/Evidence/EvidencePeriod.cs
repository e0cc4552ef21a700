using System.Globalization;

namespace JitFunctions.Domain.Evidence;

/// <summary>The period of an evidence archive: its first instant belongs to it, its last does not.</summary>
public sealed record EvidencePeriod(DateTimeOffset From, DateTimeOffset To)
{
    private const string Form = "yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'";

    public bool Has(DateTimeOffset at) => at >= From && at < To;

    /// <summary>A time as all files of the archive have it: in UTC, to the microsecond.</summary>
    public static string Text(DateTimeOffset at) => at.UtcDateTime.ToString(Form, CultureInfo.InvariantCulture);

    public static bool TryParse(string text, out DateTimeOffset at) =>
        DateTimeOffset.TryParseExact(text, Form, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out at);
}
