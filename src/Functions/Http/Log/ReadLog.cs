using JitFunctions.Projections;
using JitFunctions.Projections.Log;
using JitFunctions.TransparencyLog.Tiles;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace JitFunctions.Functions.Http.Log;

/// <summary>
/// The log as C2SP tlog-tiles describes it, below <c>/api/log</c>: any client of such logs can read it.
/// </summary>
public sealed class ReadLog(ApiStore store)
{
    /// <summary><c>GET /api/log/checkpoint</c>: the newest one.</summary>
    [Function(nameof(GetLogCheckpoint))]
    public Task<IResult> GetLogCheckpoint(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "log/checkpoint")] HttpRequest http,
        FunctionContext context,
        CancellationToken cancellation
    )
    {
        if (!context.Caller().IsAuditor)
            return Task.FromResult(LogAnswers.ForAuditors());
        if (new QueryFields(http).Problem is { } problem)
            return Task.FromResult(problem);
        http.HttpContext.Response.Headers.CacheControl = "no-store";
        return store.WithNewestAsync(
            (_, newest) => Task.FromResult<IResult>(TypedResults.Text(newest.ToString(), "text/plain; charset=utf-8")),
            cancellation
        );
    }

    /// <summary><c>GET /api/log/tile/…</c>: hashes, or entries. A tile never changes.</summary>
    [Function(nameof(GetLogTile))]
    public Task<IResult> GetLogTile(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "log/tile/{*path}")] HttpRequest http,
        string path,
        FunctionContext context,
        CancellationToken cancellation
    )
    {
        if (!context.Caller().IsAuditor)
            return Task.FromResult(LogAnswers.ForAuditors());
        if (new QueryFields(http).Problem is { } problem)
            return Task.FromResult(problem);
        return store.WithNewestAsync(
            async (connection, newest) =>
            {
                var size = newest.Checkpoint.Size;
                if (
                    !TileId.TryParse($"tile/{path}", out var tile)
                    || await connection.ReadTileAsync(tile, size, cancellation) is not { } bytes
                )
                    return Problems.NotFound($"The log of {size} leaves has no such tile.");
                http.HttpContext.Response.Headers.CacheControl = "private, max-age=31536000, immutable";
                return TypedResults.Bytes(bytes, "application/octet-stream");
            },
            cancellation
        );
    }

    /// <summary>
    /// <c>GET /api/log/consistency?from=</c>: that the newest checkpoint continues the log of an earlier size.
    /// </summary>
    [Function(nameof(GetLogConsistency))]
    public Task<IResult> GetLogConsistency(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "log/consistency")] HttpRequest http,
        FunctionContext context,
        CancellationToken cancellation
    )
    {
        if (!context.Caller().IsAuditor)
            return Task.FromResult(LogAnswers.ForAuditors());
        var query = new QueryFields(http, "from", "to");
        var from = query.Number("from", fallback: 0, least: 0, most: long.MaxValue);
        var to = query.Number("to", fallback: 0, least: 1, most: long.MaxValue);
        if (query.Problem is { } problem)
            return Task.FromResult(problem);
        return store.WithNewestAsync(
            async (connection, newest) =>
            {
                var later = to == 0 ? newest : await connection.ReadCheckpointAsync(to, cancellation);
                if (later is null || from > later.Checkpoint.Size)
                    return Problems.NotFound(
                        "'to' is the size of a checkpoint that was signed, and 'from' is not larger. Leave out 'to' "
                            + $"for the newest, {newest.Checkpoint.Size}."
                    );
                var proof = await connection.ProveConsistencyAsync(from, later, cancellation);
                return TypedResults.Text(proof.ToString(), "text/plain; charset=utf-8");
            },
            cancellation
        );
    }
}
