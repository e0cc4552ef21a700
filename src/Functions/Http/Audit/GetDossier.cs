using JitFunctions.Domain.Scopes;
using JitFunctions.Projections;
using Marten;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace JitFunctions.Functions.Http.Audit;

/// <summary><c>GET /api/requests/{id}/dossier</c>: all that is known about one request.</summary>
public sealed class GetDossier(ApiStore store, IQuerySession session, TimeProvider clock)
{
    [Function(nameof(GetDossier))]
    [ReadsRecord]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "requests/{id}/dossier")] HttpRequest http,
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
        var dossiers = new DossierReader(store.Documents, store.Database);
        if (await dossiers.ReadAsync(id, clock.GetUtcNow(), cancellation) is not { } dossier)
            return Problems.From(Rejection.NotFound(id));
        var (form, type) = Form(http);
        var headers = http.HttpContext.Response.Headers;
        headers.CacheControl = "no-store";
        headers.Vary = "Accept";
        headers.ContentSecurityPolicy = DossierPage.ContentSecurityPolicy;
        headers.XContentTypeOptions = "nosniff";
        return TypedResults.Stream(
            body => new DossierWriter(dossiers).WriteAsync(dossier, form, body, http.HttpContext.RequestAborted),
            type
        );
    }

    private static (DossierForm Form, string Type) Form(HttpRequest http)
    {
        var accept = http.Headers.Accept.ToString();
        return accept switch
        {
            _ when Names("application/cloudevents-batch+json") => (
                DossierForm.CloudEventBatch,
                "application/cloudevents-batch+json"
            ),
            _ when Names("application/x-ndjson") => (DossierForm.CloudEvents, "application/x-ndjson"),
            _ when Names("text/html") => (DossierForm.Page, "text/html; charset=utf-8"),
            _ => (DossierForm.Json, "application/json"),
        };

        bool Names(string type) => accept.Contains(type, StringComparison.OrdinalIgnoreCase);
    }
}
