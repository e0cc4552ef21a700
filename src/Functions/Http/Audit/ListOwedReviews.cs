using JitFunctions.Functions.Http.Requests;
using JitFunctions.Projections;
using Marten;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace JitFunctions.Functions.Http.Audit;

/// <summary>
/// <c>GET /api/audit/break-glass</c>: the break-glass requests that wait for their review, the earliest deadline first.
/// </summary>
public sealed class ListOwedReviews(IQuerySession session)
{
    [Function(nameof(ListOwedReviews))]
    [ReadsRecord]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "audit/break-glass")] HttpRequest http,
        FunctionContext context,
        CancellationToken cancellation
    )
    {
        if (!context.Caller().IsAuditor)
            return Problems.NotAllowed(
                "Only auditors may list pending reviews of break-glass. Ask the platform team for the auditors' group."
            );
        if (new QueryFields(http).Problem is { } problem)
            return problem;

        var owed = await session.FindOwedReviews(cancellation);
        var requests = await session.LoadManyAsync<RequestDetails>(cancellation, owed.Select(review => review.Id));
        return ApiJson.Result(
            new Page<RequestView>(
                [.. requests.OrderBy(request => request.BreakGlass!.ReviewBy).Select(RequestView.InList)],
                null
            )
        );
    }
}
