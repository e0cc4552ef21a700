using JitFunctions.Domain.Identity;
using JitFunctions.Projections;
using Marten;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace JitFunctions.Functions.Http.Requests;

/// <summary><c>GET /api/requests</c>: the requests that the caller may see, newest first.</summary>
public sealed class ListRequests(IQuerySession session)
{
    [Function(nameof(ListRequests))]
    [ReadsRecord]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "requests")] HttpRequest http,
        FunctionContext context,
        CancellationToken cancellation
    )
    {
        var query = new QueryFields(
            http,
            "status",
            "cluster",
            "requester",
            "mine",
            "reviewable",
            "limit",
            "cursor",
            "id"
        );
        var limit = (int)query.Number("limit", fallback: 50, least: 1, most: 200);
        var filter = new RequestFilter(
            query.Statuses("status"),
            query.Text("cluster"),
            query.Text("requester"),
            query.Flag("mine"),
            query.Flag("reviewable"),
            query.Cursor("cursor", RequestId.IsValid),
            limit
        )
        {
            IdPrefix = query.IdPrefix("id"),
        };
        if (query.Problem is { } problem)
            return problem;

        if (context.Caller() is { IsAdministrator: false, IsAuditor: false } || filter.Mine || filter.Reviewable)
            context.ReadsOwn();
        var found = await session.Find(context.Caller(), filter, cancellation);
        var page = found.Take(limit).ToList();
        var next = found.Count > limit ? new PageMark(page[^1].RequestedAt, page[^1].Id) : null;
        return ApiJson.Result(
            new Page<RequestView>([.. page.Select(RequestView.InList)], QueryFields.NextCursor(next))
        );
    }
}
