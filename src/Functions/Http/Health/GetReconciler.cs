using JitFunctions.Functions.Lifecycle;
using JitFunctions.Projections;
using Marten;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace JitFunctions.Functions.Http.Health;

/// <summary><c>GET /api/reconciler</c>: what the latest run of each schedule found.</summary>
public sealed class GetReconciler(IQuerySession session, CurrentInstallation installation)
{
    [Function(nameof(GetReconciler))]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "reconciler")] HttpRequest http,
        FunctionContext context,
        CancellationToken cancellation
    )
    {
        if (context.Caller() is { IsAdministrator: false, IsAuditor: false })
            return Problems.NotAllowed(
                "Only administrators and auditors may read the findings of the reconciler. "
                    + "Ask the platform team for one "
                    + "of their groups."
            );
        if (new QueryFields(http).Problem is { } problem)
            return problem;

        var reports = await session.Query<ReconcilerReport>().OrderBy(report => report.Id).ToListAsync(cancellation);
        return ApiJson.Result(
            new ReconcilerView([.. reports.Select(ReportView.Of)], (await installation.GetAsync(cancellation)).Id)
        );
    }

    /// <param name="Installation">The value of the label on this installation's objects in the clusters.</param>
    private sealed record ReconcilerView(IReadOnlyList<ReportView> Items, string Installation);

    /// <param name="Total">The number of all findings; only the first <see cref="MostFindings"/> are shown.</param>
    private sealed record ReportView(
        string Id,
        DateTimeOffset StartedAt,
        DateTimeOffset FinishedAt,
        int Total,
        IEnumerable<Finding> Findings
    )
    {
        private const int MostFindings = 200;

        public static ReportView Of(ReconcilerReport report) =>
            new(
                report.Id,
                report.StartedAt,
                report.FinishedAt,
                report.Findings.Count,
                report.Findings.Take(MostFindings)
            );
    }
}
