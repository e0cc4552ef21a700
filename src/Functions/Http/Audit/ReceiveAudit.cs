using JitFunctions.Functions.Actions;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace JitFunctions.Functions.Http.Audit;

/// <summary>
/// <c>POST /api/clusters/{cluster}/audit</c>: the audit log of a cluster, from the API server's audit webhook or from
/// what forwards the log of a managed cluster. It has a credential of the cluster instead of somebody's token.
/// </summary>
public sealed class ReceiveAudit(AuditCredentials credentials, AuditIntake intake)
{
    private const string Scheme = "Bearer ";

    // The API server waits for so long, and then sends the delivery again within the same try.
    private const string RetryAfterSeconds = "1";

    [AllowAnonymous]
    [Function(nameof(ReceiveAudit))]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "clusters/{cluster}/audit")] HttpRequest http,
        string cluster,
        CancellationToken cancellation
    )
    {
        // Before anything of the body is read.
        if (!credentials.Accept(cluster, TokenOf(http)))
        {
            http.HttpContext.Response.Headers.WWWAuthenticate = "Bearer";
            return Problems.Unauthenticated(
                "Send one header 'Authorization: Bearer <token>' with an audit token of this cluster."
            );
        }

        switch (await intake.TakeAsync(cluster, http.Body, http.ContentLength, cancellation))
        {
            case IntakeResult.Recorded { IsUnreadable: true }:
                return Problems.BadRequest(
                    "invalid-audit-log",
                    "The body is neither an EventList of audit.k8s.io/v1 nor a record of AKS, EKS or GKE. Its "
                        + "beginning is recorded as a gap."
                );
            case IntakeResult.Recorded { Delivery: var delivery }:
                return ApiJson.Result(
                    new
                    {
                        kept = delivery.Kept,
                        gaps = delivery.Gaps,
                        counted = delivery.Counted,
                    }
                );
            case IntakeResult.TooLarge:
                return Problems.TooLarge(AuditIntake.LargestBody);
            default:
                http.HttpContext.Response.Headers.RetryAfter = RetryAfterSeconds;
                return Problems.Overloaded();
        }
    }

    private static string? TokenOf(HttpRequest http) =>
        http.Headers.Authorization is [{ } header] && header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            ? header[Scheme.Length..].Trim()
            : null;
}
