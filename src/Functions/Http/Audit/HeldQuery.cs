using System.Buffers.Text;
using System.Globalization;
using System.Text;
using JitFunctions.Projections.Held;
using Microsoft.AspNetCore.Http;

namespace JitFunctions.Functions.Http.Audit;

/// <summary>Where an answer goes on. It goes on about the same checkpoint.</summary>
internal sealed record HeldCursor(long Size, HeldMark After)
{
    private const char Between = ' ';

    public override string ToString() =>
        Base64Url.EncodeToString(
            Encoding.UTF8.GetBytes(
                string.Join(
                    Between,
                    Size.ToString(CultureInfo.InvariantCulture),
                    After.From.UtcTicks.ToString(CultureInfo.InvariantCulture),
                    After.Request,
                    After.Part.ToString(CultureInfo.InvariantCulture),
                    After.Namespace
                )
            )
        );

    /// <returns>Null if the text is no cursor.</returns>
    public static HeldCursor? Parse(string text) =>
        Base64Url.IsValid(text)
        && Encoding.UTF8.GetString(Base64Url.DecodeFromChars(text)).Split(Between)
            is [var size, var ticks, var request, var part, var ns]
        && Number(size) is { } leaves
        && Number(ticks) is { } from
        && from <= DateTimeOffset.MaxValue.Ticks
        && Number(part) is { } version
            ? new(leaves, new(new(from, TimeSpan.Zero), request, version, ns))
            : null;

    private static long? Number(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}

/// <summary>What <c>GET /api/audit/held</c> is asked.</summary>
/// <param name="Size">Of the checkpoint; null for the newest one.</param>
internal sealed record HeldQuery(HeldQuestion Question, DateTimeOffset? At, long? Size)
{
    private const int LargestPage = 1000;

    /// <returns>The question, or the problem with it.</returns>
    public static (HeldQuery? Query, IResult? Problem) Read(HttpRequest http, TimeProvider clock)
    {
        var query = new QueryFields(
            http,
            "at",
            "since",
            "until",
            "cluster",
            "person",
            "namespace",
            "atSize",
            "limit",
            "cursor"
        );
        var (at, since, until) = (query.Time("at"), query.Time("since"), query.Time("until"));
        var size = query.Number("atSize", fallback: 0, least: 1, most: long.MaxValue);
        var limit = (int)query.Number("limit", fallback: 100, least: 1, most: LargestPage);
        var cursor = query.Text("cursor") is { } text ? HeldCursor.Parse(text) : null;
        if (query.Problem is { } problem)
            return (null, problem);
        if (cursor is null && query.Text("cursor") is not null)
            return Wrong("invalid-query", "'cursor' must be the 'nextCursor' of an earlier response.");
        if (cursor is not null && size > 0 && cursor.Size != size)
            return Wrong("invalid-query", "'cursor' is about another checkpoint than 'atSize': leave one of them out.");
        if (since >= until)
            return Wrong("invalid-query", "'since' must be before 'until'.");
        if (at is not null && (since ?? until) is not null)
            return Wrong("at-with-period", "Ask for one time with 'at', or for a period with 'since' and 'until'.");
        var (person, ns) = (query.Text("person"), query.Text("namespace"));
        if ((at ?? since ?? until) is null && (person ?? ns) is null)
            return Wrong(
                "no-question",
                $"Name a time ('at={clock.GetUtcNow():yyyy-MM-dd'T'HH:mm:ss'Z'}'), a period ('since', 'until'), a "
                    + "'person' or a 'namespace'."
            );
        return (
            new(
                new(at ?? since, at ?? until, query.Text("cluster"), person, ns, cursor?.After, limit),
                at,
                cursor?.Size ?? (size > 0 ? size : null)
            ),
            null
        );
    }

    private static (HeldQuery?, IResult?) Wrong(string code, string detail) =>
        (null, Problems.BadRequest(code, detail));
}
