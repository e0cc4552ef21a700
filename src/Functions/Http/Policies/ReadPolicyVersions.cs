using JitFunctions.Domain.Policies;
using JitFunctions.Functions.Policies;
using JitFunctions.Projections;
using Marten;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace JitFunctions.Functions.Http.Policies;

/// <summary>The history of the policies: what was in force on any day, who published it, and what changed.</summary>
public sealed class ReadPolicyVersions(IQuerySession session, PublishedPolicies policies, PolicyReferences references)
{
    private const string InForce = "in-force";

    /// <summary><c>GET /api/policies/versions</c>: every version, newest first.</summary>
    [Function(nameof(ListPolicyVersions))]
    public async Task<IResult> ListPolicyVersions(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "policies/versions")] HttpRequest http,
        FunctionContext context,
        CancellationToken cancellation
    )
    {
        if (WhyNot(context) is { } refusal)
            return refusal;
        if (new QueryFields(http).Problem is { } problem)
            return problem;
        return ApiJson.Result(
            new Page<PolicyVersionView>(
                [.. (await ReadAsync(cancellation)).Reverse().Select(e => PolicyVersionView.From(e, withFiles: false))],
                null
            )
        );
    }

    /// <summary>
    /// <c>GET /api/policies/versions/{version}</c>: one version, or the one in force now or at a time.
    /// </summary>
    [Function(nameof(ShowPolicyVersion))]
    public async Task<IResult> ShowPolicyVersion(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "policies/versions/{version}")] HttpRequest http,
        string version,
        FunctionContext context,
        CancellationToken cancellation
    )
    {
        if (WhyNot(context) is { } refusal)
            return refusal;
        var query = new QueryFields(http, version == InForce ? ["at"] : []);
        var at = query.Time("at");
        if (query.Problem is { } problem)
            return problem;

        var found = (await ReadAsync(cancellation)).LastOrDefault(e =>
            version == InForce ? e is PolicyEvent.Published published && !(published.At > at) : VersionOf(e) == version
        );
        return found is null
            ? Problems.NotFound(
                "There is no such version of the policies, or none was in force then. GET /api/policies/versions "
                    + "lists all."
            )
            : ApiJson.Result(
                PolicyVersionView.From(found, withFiles: true) with
                {
                    Warnings = await WarningsAsync(found, cancellation),
                }
            );
    }

    /// <summary><c>GET /api/policies/schema</c>: the JSON Schema of policy files, for editors.</summary>
    [AllowAnonymous]
    [Function(nameof(PolicySchema))]
    public static IResult PolicySchema(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "policies/schema")] HttpRequest http
    ) => TypedResults.Text(Functions.Policies.PolicySchema.Text, "application/schema+json");

    private static IResult? WhyNot(FunctionContext context) =>
        context.Caller() is { IsAdministrator: false, IsAuditor: false }
            ? Problems.NotAllowed(
                "Only administrators and auditors may read all policies. GET /api/policies shows yours."
            )
            : null;

    // A version that was valid once but is not valid here gives nobody any rights.
    private async Task<IReadOnlyList<string>?> WarningsAsync(PolicyEvent found, CancellationToken cancellation) =>
        found is PolicyEvent.Published published
        && await policies.OfVersionAsync(published.Version, cancellation) is { } set
            ? await references.WarningsAsync(set, cancellation)
            : null;

    private static string VersionOf(PolicyEvent e) =>
        e switch
        {
            PolicyEvent.Published published => published.Version,
            PolicyEvent.Rejected rejected => rejected.Version,
            _ => string.Empty,
        };

    private async Task<IReadOnlyList<PolicyEvent>> ReadAsync(CancellationToken cancellation) =>
        [.. (await session.ReadPolicyLog(cancellation)).Select(e => e.Data).OfType<PolicyEvent>()];
}
