using JitFunctions.Domain.Evidence;
using JitFunctions.EvidenceFiles;
using JitFunctions.Functions.Http.Log;
using JitFunctions.Functions.Log;
using JitFunctions.Projections;
using JitFunctions.Projections.Evidence;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace JitFunctions.Functions.Http.Audit;

/// <summary><c>GET /api/audit/evidence?from=&amp;to=</c>: the evidence of a period, for auditors.</summary>
public sealed class ExportEvidence(ApiStore store, LogKeys keys, TimeProvider clock)
{
    // The log is about a second behind the events.
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);

    [Function(nameof(ExportEvidence))]
    [ReadsRecord]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "audit/evidence")] HttpRequest http,
        FunctionContext context,
        CancellationToken cancellation
    )
    {
        if (!context.Caller().IsAuditor)
            return Problems.NotAllowed(
                "Only auditors may make evidence. Ask the platform team for the auditors' group."
            );
        var query = new QueryFields(http, "from", "to");
        var (from, to) = (query.Time("from"), query.Time("to"));
        if (query.Problem is { } problem)
            return problem;
        if (from is null || to is null || from >= to || to > clock.GetUtcNow())
            return Problems.BadRequest(
                "invalid-query",
                "Evidence is of a period that is over: give 'from' and 'to', the earlier one first, and 'to' not later "
                    + "than now."
            );
        var period = new EvidencePeriod(from.Value, to.Value);
        if (!await IsInLogAsync(period, cancellation))
            return Problems.LogBehind();
        return await store.WithNewestAsync(
            (_, newest) =>
                store.ZipAsync(
                    http.HttpContext,
                    keys,
                    "evidence.zip",
                    (_, policy, zip) =>
                        new EvidenceExport(store.Database, newest, period).WriteAsync(
                            policy,
                            zip,
                            WriteDossierAsync,
                            cancellation
                        ),
                    cancellation
                ),
            cancellation
        );
    }

    private async Task WriteDossierAsync(
        string request,
        Func<string, Task<Stream>> create,
        CancellationToken cancellation
    )
    {
        var dossiers = new DossierReader(store.Documents, store.Database);
        if (await dossiers.ReadAsync(request, clock.GetUtcNow(), cancellation) is not { } dossier)
            return;
        foreach (
            var (name, form) in new[]
            {
                (EvidenceNames.DossierJson, DossierForm.Json),
                (EvidenceNames.DossierPage, DossierForm.Page),
            }
        )
        {
            await using var file = await create(name);
            await new DossierWriter(dossiers).WriteAsync(dossier, form, file, cancellation);
        }
    }

    /// <summary>
    /// Whether the signed log has all events that were stored before the end of the period. Otherwise requests would be
    /// missing, and the archive would still agree with its log.
    /// </summary>
    private async Task<bool> IsInLogAsync(EvidencePeriod period, CancellationToken cancellation)
    {
        var start = clock.GetTimestamp();
        while (true)
        {
            await using (var connection = await store.Database.OpenConnectionAsync(cancellation))
            {
                if (await connection.HasAllBeforeAsync(period.To, cancellation))
                    return true;
            }

            if (clock.GetElapsedTime(start) > LongestWait)
                return false;
            await Task.Delay(TimeSpan.FromMilliseconds(500), clock, cancellation);
        }
    }
}
