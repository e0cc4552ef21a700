using System.Globalization;
using JitFunctions.Domain.Scopes;
using JitFunctions.Projections;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace JitFunctions.Functions.Http.Requests;

/// <summary><c>GET /api/requests/{id}</c>: one request, immediately or when it changes.</summary>
public sealed class GetRequest(ApiStore store, LongPolls polls)
{
    private const int LongestWaitSeconds = 60;
    private const string RetryAfterSeconds = "5";

    [Function(nameof(GetRequest))]
    [ReadsRecord]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "requests/{id}")] HttpRequest http,
        string id,
        FunctionContext context,
        CancellationToken cancellation
    )
    {
        if (!TryReadWait(http, out var wait))
            return Problems.BadRequest(
                "invalid-query",
                $"'wait' must be a number of seconds from 0 to {LongestWaitSeconds}."
            );
        if (!RequestAnswer.TryReadVersion(http.Headers, "If-None-Match", out var known))
            return Problems.BadRequest(
                "invalid-header",
                "If-None-Match must contain one version in quotes, as in the ETag."
            );

        var details = await LoadAsync(id, cancellation);
        if (details is null || !context.Caller().MaySee(details))
            return Problems.From(Rejection.NotFound(id));
        context.ReadsOwn(details);

        var seen = known ?? details.Version;
        if (details.Version == seen && wait > TimeSpan.Zero)
        {
            if (await polls.WaitAsync(context.Caller(), id, seen, wait, cancellation) is { } tooMany)
            {
                http.HttpContext.Response.Headers.RetryAfter = RetryAfterSeconds;
                return Problems.TooManyWaits(tooMany);
            }

            details = (await LoadAsync(id, cancellation))!;
        }

        if (details.Version != known)
            return RequestAnswer.With(http, details);
        http.HttpContext.Response.Headers.ETag = RequestAnswer.ETag(details.Version);
        return TypedResults.StatusCode(StatusCodes.Status304NotModified);
    }

    // Each poll opens its own session: a waiting call must not hold a connection or an old copy.
    private async Task<RequestDetails?> LoadAsync(string id, CancellationToken cancellation)
    {
        await using var session = store.Documents.QuerySession();
        return await session.LoadAsync<RequestDetails>(id, cancellation);
    }

    private static bool TryReadWait(HttpRequest http, out TimeSpan wait)
    {
        wait = TimeSpan.Zero;
        if (!http.Query.TryGetValue("wait", out var values))
            return true;
        if (
            values is not [{ } text]
            || !int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            || seconds > LongestWaitSeconds
        )
            return false;
        wait = TimeSpan.FromSeconds(seconds);
        return true;
    }
}
