using System.Globalization;
using System.Text;
using JitFunctions.Domain.Identity;
using JitFunctions.Domain.Scopes;
using JitFunctions.Projections;
using Microsoft.AspNetCore.Http;

namespace JitFunctions.Functions.Http;

/// <summary>
/// Reads a query string strictly: an unknown, repeated or empty parameter is an error, because it would silently widen
/// a filter.
/// </summary>
internal sealed class QueryFields
{
    // A looser format would read "12:00" as a time of today, and 03/02 in the American order.
    private static readonly string[] TimeForms =
    [
        "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK",
        "yyyy-MM-dd'T'HH:mmK",
        "yyyy-MM-dd",
    ];

    // UTC only: Npgsql refuses other offsets.
    private const string CursorTime = "yyyy-MM-dd'T'HH:mm:ss.fffffff'+00:00'";

    private readonly IQueryCollection _query;
    private readonly List<FieldError> _errors = [];

    public QueryFields(HttpRequest http, params IReadOnlyList<string> known)
    {
        _query = http.Query;
        foreach (var (name, values) in _query)
        {
            if (!known.Contains(name))
                _errors.Add(new(name, $"is not a known parameter; use one of {string.Join(", ", known)}."));
            else if (values.Count != 1)
                _errors.Add(new(name, "is given twice."));
            else if (values[0] is not { Length: > 0 })
                _errors.Add(new(name, "is empty; leave it out."));
            else if (values[0]!.Any(char.IsControl))
                _errors.Add(new(name, "contains control characters."));
        }
    }

    public IResult? Problem =>
        _errors is []
            ? null
            : Problems.BadRequest("invalid-query", string.Join(" ", _errors.Select(e => $"'{e.Field}' {e.Message}")));

    public string? Text(string name) =>
        _query.TryGetValue(name, out var values) && values is [{ Length: > 0 } text] ? text : null;

    public bool Flag(string name) =>
        Parse(
            name,
            text =>
                text switch
                {
                    "true" => true,
                    "false" => false,
                    _ => (bool?)null,
                },
            "true or false"
        ) ?? false;

    public long Number(string name, long fallback, long least, long most) =>
        Parse(
            name,
            text =>
                long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var n)
                && n >= least
                && n <= most
                    ? n
                    : (long?)null,
            $"a number from {least} to {most}"
        ) ?? fallback;

    public DateTimeOffset? Time(string name) =>
        Parse(
            name,
            text =>
                DateTimeOffset.TryParseExact(
                    text,
                    TimeForms,
                    CultureInfo.InvariantCulture,
                    DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
                    out var time
                )
                    ? time
                    : (DateTimeOffset?)null,
            "a time such as 2026-03-02T12:00:00Z"
        );

    /// <summary>The beginning of a request's id, in upper or lower case.</summary>
    public string? IdPrefix(string name)
    {
        if (Text(name)?.ToLowerInvariant() is not { } text)
            return null;
        if (RequestId.IsPrefix(text))
            return text;
        _errors.Add(
            new(name, "must be the beginning of a request's id: up to 12 letters and digits, without i, l, o and u.")
        );
        return null;
    }

    public IReadOnlyList<RequestStatus> Statuses(string name) =>
        [.. (Text(name)?.Split(',') ?? []).Select(text => Status(name, text)).OfType<RequestStatus>()];

    /// <param name="isId">Whether a text has the form of an id in this list.</param>
    public PageMark? Cursor(string name, Predicate<string> isId) =>
        Text(name) is { } text ? Mark(name, text, isId) : null;

    public static string? NextCursor(PageMark? mark) =>
        mark is null
            ? null
            : Convert
                .ToBase64String(
                    Encoding.UTF8.GetBytes(
                        $"{mark.At.ToUniversalTime().ToString(CursorTime, CultureInfo.InvariantCulture)} {mark.Id}"
                    )
                )
                .Replace('+', '-')
                .Replace('/', '_')
                .TrimEnd('=');

    private T? Parse<T>(string name, Func<string, T?> parse, string form)
        where T : struct
    {
        if (Text(name) is not { } text)
            return null;
        if (parse(text) is { } value)
            return value;
        _errors.Add(new(name, $"must be {form}."));
        return null;
    }

    private RequestStatus? Status(string name, string text)
    {
        foreach (var status in Enum.GetValues<RequestStatus>())
        {
            if (JsonForm.Name(status) == text)
                return status;
        }

        _errors.Add(new(name, $"contains '{text}', which is not a status."));
        return null;
    }

    private PageMark? Mark(string name, string text, Predicate<string> isId)
    {
        var buffer = new byte[text.Length];
        var padded = text.Replace('-', '+').Replace('_', '/').PadRight((text.Length + 3) / 4 * 4, '=');
        if (
            Convert.TryFromBase64String(padded, buffer, out var length)
            && Encoding.UTF8.GetString(buffer, 0, length).Split(' ') is [var time, var id]
            && isId(id)
            && DateTimeOffset.TryParseExact(
                time,
                CursorTime,
                CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal,
                out var at
            )
        )
        {
            return new(at, id);
        }

        _errors.Add(new(name, "must be the 'nextCursor' of an earlier response."));
        return null;
    }
}
