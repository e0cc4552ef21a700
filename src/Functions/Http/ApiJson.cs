using System.Text.Json;
using JitFunctions.Domain.Scopes;
using JitFunctions.Projections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace JitFunctions.Functions.Http;

/// <summary>The JSON of the API; input is read strictly.</summary>
internal static class ApiJson
{
    public const int LargestBody = 16 * 1024;

    public static JsonHttpResult<T> Result<T>(T body, int status = StatusCodes.Status200OK) =>
        TypedResults.Json(body, JsonForm.Options, statusCode: status);

    /// <param name="optional">True when a missing body counts as an empty one.</param>
    /// <returns>The body, or the problem to return.</returns>
    public static async Task<(T? Body, IResult? Problem)> ReadAsync<T>(
        HttpRequest request,
        CancellationToken cancellation,
        bool optional = false
    )
        where T : class, new()
    {
        if (request.ContentLength > LargestBody)
            return (null, Problems.TooLarge(LargestBody));

        // One byte more than allowed distinguishes a body that is too large from one that just fits.
        var buffer = new byte[LargestBody + 1];
        int length;
        try
        {
            length = await request.Body.ReadAtLeastAsync(
                buffer,
                buffer.Length,
                throwOnEndOfStream: false,
                cancellation
            );
        }
        catch (IOException e) when (e is not BadHttpRequestException && !cancellation.IsCancellationRequested)
        {
            // Kestrel reports this for a chunk whose size it cannot parse, and for a connection that broke.
            return (
                null,
                Problems.BadRequest(
                    "invalid-request",
                    "The body is incomplete: a chunk is malformed, or the connection broke."
                )
            );
        }

        if (length > LargestBody)
            return (null, Problems.TooLarge(LargestBody));
        if (length == 0 && optional)
            return (new T(), null);
        if (!request.HasJsonContentType())
            return (null, Problems.UnsupportedMediaType());

        try
        {
            return JsonSerializer.Deserialize<T>(buffer.AsSpan(0, length), JsonForm.Options) is { } body
                ? (body, null)
                : (null, Problems.BadRequest("malformed-json", "The body must be a JSON object, not null."));
        }
        catch (JsonException e)
        {
            return (null, Problem(e));
        }
    }

    private static IResult Problem(JsonException e)
    {
        var field = e.Path?.TrimStart('$').TrimStart('.') ?? string.Empty;
        if (field == string.Empty && e.Message.StartsWith("The JSON value", StringComparison.Ordinal))
            return Problems.BadRequest("malformed-json", "The body must be a JSON object.");
        return
            e.Message.StartsWith("The JSON property", StringComparison.Ordinal)
            || e.Message.StartsWith("The JSON value", StringComparison.Ordinal)
            || e.Message.StartsWith("Duplicate property", StringComparison.Ordinal)
            ? Problems.Invalid([
                new FieldError(field, "is not a known field, is given twice, or has a value of the wrong kind."),
            ])
            : Problems.BadRequest(
                "malformed-json",
                $"Not JSON at line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}."
            );
    }
}
