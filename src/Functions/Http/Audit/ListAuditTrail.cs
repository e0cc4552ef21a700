using JitFunctions.Projections;
using Marten;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace JitFunctions.Functions.Http.Audit;

/// <summary><c>GET /api/audit/trail</c>: the flat trail, newest first.</summary>
public sealed class ListAuditTrail(IQuerySession session)
{
    [Function(nameof(ListAuditTrail))]
    [ReadsRecord]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "audit/trail")] HttpRequest http,
        FunctionContext context,
        CancellationToken cancellation
    )
    {
        if (!context.Caller().IsAuditor)
            return Problems.NotAllowed(
                "Only auditors may read the trail. Ask the platform team for the auditors' group."
            );

        var query = new QueryFields(http, "since", "until", "actor", "cluster", "request", "limit", "cursor");
        var limit = (int)query.Number("limit", fallback: 100, least: 1, most: 1000);
        var filter = new TrailFilter(
            query.Time("since"),
            query.Time("until"),
            query.Text("actor"),
            query.Text("cluster"),
            query.Text("request"),
            query.Cursor("cursor", id => Guid.TryParse(id, out _)),
            limit
        );
        if (query.Problem is { } problem)
            return problem;

        var found = await session.FindTrail(filter, cancellation);
        var page = found.Take(limit).ToList();
        var next = found.Count > limit ? new PageMark(page[^1].At, page[^1].Id.ToString()) : null;
        return ApiJson.Result(new Page<AuditEntry>(page, QueryFields.NextCursor(next)));
    }
}
