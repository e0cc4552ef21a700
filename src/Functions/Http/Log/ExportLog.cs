using JitFunctions.Domain.Scopes;
using JitFunctions.Functions.Log;
using JitFunctions.Projections;
using JitFunctions.Projections.Log;
using Marten;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace JitFunctions.Functions.Http.Log;

/// <summary>Exports that <c>kubectl jit verify</c> verifies offline.</summary>
public sealed class ExportLog(ApiStore store, IQuerySession session, LogKeys keys)
{
    /// <summary><c>GET /api/log/export</c>: the whole log.</summary>
    [Function(nameof(ExportLog))]
    [ReadsRecord]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "log/export")] HttpRequest http,
        FunctionContext context,
        CancellationToken cancellation
    )
    {
        if (!context.Caller().IsAuditor)
            return Task.FromResult(LogAnswers.ForAuditors());
        if (new QueryFields(http).Problem is { } problem)
            return Task.FromResult(problem);
        return store.WithNewestAsync(
            (_, newest) =>
                store.ZipAsync(
                    http.HttpContext,
                    keys,
                    "log.zip",
                    (connection, policy, zip) => connection.ExportLogAsync(newest, policy, zip, cancellation),
                    cancellation
                ),
            cancellation
        );
    }

    /// <summary><c>GET /api/requests/{id}/proof</c>: the events of one request, each with its proof.</summary>
    [Function(nameof(ProveRequest))]
    [ReadsRecord]
    public async Task<IResult> ProveRequest(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "requests/{id}/proof")] HttpRequest http,
        string id,
        FunctionContext context,
        CancellationToken cancellation
    )
    {
        if (new QueryFields(http).Problem is { } problem)
            return problem;
        if (
            await session.LoadAsync<RequestDetails>(id, cancellation) is not { } details
            || !context.Caller().MaySee(details)
        )
            return Problems.From(Rejection.NotFound(id));
        context.ReadsOwn(details);
        return await store.WithNewestAsync(
            (_, newest) =>
                store.ZipAsync(
                    http.HttpContext,
                    keys,
                    $"{id}.zip",
                    (connection, policy, zip) => connection.ExportStreamAsync(newest, policy, id, zip, cancellation),
                    cancellation
                ),
            cancellation
        );
    }
}
