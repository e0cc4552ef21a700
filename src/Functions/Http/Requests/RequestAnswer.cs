using System.Globalization;
using JitFunctions.Projections;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace JitFunctions.Functions.Http.Requests;

/// <summary>Writes the response with one request, and its version as the ETag.</summary>
internal static class RequestAnswer
{
    public static IResult With(HttpRequest http, RequestDetails details, int status = StatusCodes.Status200OK)
    {
        http.HttpContext.Response.Headers.ETag = ETag(details.Version);
        if (status == StatusCodes.Status201Created)
            http.HttpContext.Response.Headers.Location = $"/api/requests/{details.Id}";
        return ApiJson.Result(RequestView.From(details), status);
    }

    public static string ETag(long version) => $"\"{version.ToString(CultureInfo.InvariantCulture)}\"";

    /// <summary>
    /// Reads the version in an <c>If-Match</c> or <c>If-None-Match</c> header; false when there is one that is not a
    /// version. A weak tag is accepted in <c>If-None-Match</c> only, according to RFC 9110: a proxy that compresses
    /// changes our <c>"4"</c> to <c>W/"4"</c>.
    /// </summary>
    public static bool TryReadVersion(IHeaderDictionary headers, string name, out long? version)
    {
        version = null;
        if (!headers.TryGetValue(name, out var values))
            return true;
        if (
            values is not [{ } text]
            || !EntityTagHeaderValue.TryParse(text, out var tag)
            || (tag.IsWeak && name != HeaderNames.IfNoneMatch)
            || !long.TryParse(
                tag.Tag.AsSpan().Trim('"'),
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out var number
            )
        )
        {
            return false;
        }

        version = number;
        return true;
    }
}
