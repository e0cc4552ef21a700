using JitFunctions.Domain.Identity;
using JitFunctions.Domain.Scopes;
using JitFunctions.Functions.Http.Requests;
using JitFunctions.Functions.Lifecycle;
using JitFunctions.Functions.Policies;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace JitFunctions.Functions.Http.Policies;

/// <summary>Explains what somebody may request, why a request would be refused, and who can get a right.</summary>
public sealed class ExplainPolicies(
    PublishedPolicies policies,
    RequestSubmission submission,
    WhoCan whoCan,
    CallerLine line,
    TimeProvider clock
)
{
    private const string OnlyForThem =
        "Only administrators and auditors may ask this about others. Leave 'as' out to ask about yourself.";

    /// <summary><c>GET /api/policies</c>: the policies that apply to the caller.</summary>
    [Function(nameof(ListPolicies))]
    public async Task<IResult> ListPolicies(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "policies")] HttpRequest http,
        FunctionContext context,
        CancellationToken cancellation
    )
    {
        if (new QueryFields(http).Problem is { } problem)
            return problem;
        var caller = context.Caller();
        var mine = (await policies.GetAsync(cancellation)).Policies.Where(policy => policy.Subjects.Include(caller));
        return ApiJson.Result(new Page<OfferView>([.. mine.Select(OfferView.From)], null));
    }

    /// <summary><c>POST /api/policies/simulate</c>: how a request would be decided.</summary>
    [Function(nameof(SimulateRequest))]
    public async Task<IResult> SimulateRequest(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "policies/simulate")] HttpRequest http,
        FunctionContext context,
        CancellationToken cancellation
    )
    {
        var (body, problem) = await ApiJson.ReadAsync<SimulateBody>(http, cancellation);
        if (body is null)
            return problem!;
        var caller = context.Caller();
        if (body.As is not null && !caller.IsAdministrator && !caller.IsAuditor)
            return Problems.NotAllowed(OnlyForThem);

        var (draft, errors) = (body with { Reason = body.Reason ?? SimulateBody.NoReason }).Parse();
        if (draft is null)
            return Problems.Invalid(errors);

        using var turn = await line.TryWaitAsync(caller, draft.Scope.Cluster, breakGlass: false, cancellation);
        if (turn is null)
            return CallerLine.Refuse(http);
        var who = body.As is { } other ? (await policies.GetAsync(cancellation)).WithRoles(other.Caller()) : caller;
        return ApiJson.Result(
            SimulationView.From(await submission.ForeseeAsync(who, draft, cancellation), clock.GetUtcNow())
        );
    }

    /// <summary><c>POST /api/policies/who-can</c>: who can get a right, across all policies.</summary>
    [Function(nameof(WhoCanGet))]
    public async Task<IResult> WhoCanGet(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "policies/who-can")] HttpRequest http,
        FunctionContext context,
        CancellationToken cancellation
    )
    {
        if (context.Caller() is { IsAdministrator: false, IsAuditor: false })
            return Problems.NotAllowed("Only administrators and auditors may ask who can get what.");
        var (body, problem) = await ApiJson.ReadAsync<WhoCanBody>(http, cancellation);
        if (body is null)
            return problem!;
        if (body.Errors().ToList() is [_, ..] errors)
            return Problems.Invalid(errors);
        using var turn = await line.TryWaitAsync(context.Caller(), body.Cluster!, breakGlass: false, cancellation);
        if (turn is null)
            return CallerLine.Refuse(http);
        return whoCan.Knows(body.Cluster!)
            ? ApiJson.Result(await whoCan.AskAsync(body.Parse(), cancellation))
            : Problems.From(Rejection.UnknownCluster(body.Cluster!, whoCan.Clusters));
    }
}

/// <summary>The body of a request, and the person for whom it is evaluated.</summary>
internal sealed record SimulateBody : RequestBody
{
    public const string NoReason = "(none given)";

    public AsBody? As { get; init; }
}

internal sealed record AsBody
{
    public string? Username { get; init; }

    public IReadOnlyList<string?>? Groups { get; init; }

    public Caller Caller() =>
        new(new($"simulated#{Username}", Username ?? string.Empty), [.. (Groups ?? []).OfType<string>()]);
}

internal sealed record WhoCanBody
{
    public string? Cluster { get; init; }

    public string? Namespace { get; init; }

    public bool? ClusterWide { get; init; }

    public string? Verb { get; init; }

    public string? ApiGroup { get; init; }

    public string? Resource { get; init; }

    public string? Name { get; init; }

    public IEnumerable<FieldError> Errors()
    {
        if (!RequestForm.IsDnsLabel(Cluster))
            yield return new("cluster", "name the cluster.");
        if (
            (Namespace is null) != (ClusterWide == true)
            || (Namespace is not null && !RequestForm.IsDnsLabel(Namespace))
        )
            yield return new("namespace", "name one namespace, or give \"clusterWide\": true.");
        if (string.IsNullOrWhiteSpace(Verb) || Verb.Contains('*', StringComparison.Ordinal))
            yield return new("verb", "one verb, such as delete.");
        if (string.IsNullOrWhiteSpace(Resource) || Resource.Contains('*', StringComparison.Ordinal))
            yield return new("resource", "one resource, such as secrets or pods/exec.");
    }

    public WhoCanQuestion Parse() => new(Cluster!, Namespace, new(Verb!, ApiGroup ?? string.Empty, Resource!, Name));
}
