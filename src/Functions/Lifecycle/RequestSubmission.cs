using JitFunctions.Domain.Identity;
using JitFunctions.Domain.Policies;
using JitFunctions.Domain.Requests;
using JitFunctions.Domain.Rights;
using JitFunctions.Domain.Scopes;
using JitFunctions.Functions.Notices;
using JitFunctions.Functions.Platform.Notifications;
using JitFunctions.Functions.Policies;
using JitFunctions.Projections;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace JitFunctions.Functions.Lifecycle;

/// <summary>The expected result of a request that is submitted now.</summary>
/// <param name="refusal">Null when the request may be opened.</param>
public sealed class ForeseenRequest(RequestDraft draft, EvaluatedRequest evaluated, Rejection? refusal)
{
    public Rejection? Refusal => refusal;

    public EvaluatedRequest Evaluated => evaluated;

    /// <summary>The live grant that is extended instead; null if the request is opened.</summary>
    public OverlapResult.Merged? Merged { get; init; }

    /// <summary>Null when the rights that the scope gives are not known.</summary>
    public IReadOnlyList<DangerousRight>? Dangers { get; } =
        evaluated.Facts.Rights is { } rights ? DangerousRights.In(rights, draft.Scope.Role?.Name) : null;

    /// <summary>
    /// The policy that covers the request. This member and the ones below are available only without a refusal.
    /// </summary>
    public AccessPolicy Policy => evaluated.Evaluation.Covering!;

    public RequestTerms Terms => Policy.Complete(draft);

    public PolicySnapshot SnapshotAt(DateTimeOffset now) =>
        Policy.Snapshot(evaluated.Policies.Version, Terms, Dangers!, now);
}

/// <summary>What became of a request that was submitted.</summary>
/// <param name="Opened">Null if it was rejected or merged.</param>
/// <param name="Why">Why it was rejected.</param>
public sealed record Submitted(RequestDetails? Opened, Rejection? Why)
{
    /// <summary>The live grant to be extended instead.</summary>
    public OverlapResult.Merged? Merged { get; init; }
}

/// <summary>
/// Opens a request: evaluates it, stores it and starts its orchestration. It can also only predict the result.
/// </summary>
public sealed class RequestSubmission(
    ApiStore store,
    WriteTurns turns,
    PolicyEvaluator evaluator,
    HeldRights rights,
    Notifier notifier,
    Reviewers reviewers,
    TimeProvider clock,
    ILogger<RequestSubmission> log
)
{
    /// <exception cref="NoPoliciesException" />
    public async Task<ForeseenRequest> ForeseeAsync(Caller caller, RequestDraft draft, CancellationToken cancellation)
    {
        var evaluated = await evaluator.EvaluateAsync(caller, draft, cancellation);
        if (evaluated.Refusal is { } refusal)
            return new(draft, evaluated, refusal);
        if (draft.BreakGlass)
            return new(draft, evaluated, await WhyNoBreakGlassAsync(caller, cancellation));
        return await OverlapAsync(caller, draft, evaluated, cancellation) switch
        {
            OverlapResult.Refused { Why: var why } => new(draft, evaluated, why),
            OverlapResult.Merged merged => new(draft, evaluated, null) { Merged = merged },
            _ => new(draft, evaluated, null),
        };
    }

    private async Task<OverlapResult> OverlapAsync(
        Caller caller,
        RequestDraft draft,
        EvaluatedRequest evaluated,
        CancellationToken cancellation
    )
    {
        var policy = evaluated.Evaluation.Covering!;
        await using var session = store.Documents.QuerySession();
        return GrantOverlap.AtRequest(
            policy,
            caller.Principal,
            policy.Complete(draft),
            evaluated.Facts.Rights!,
            await session.GrantsOfUserAsync(caller.Principal.Username, draft.Scope.Cluster, cancellation),
            clock.GetUtcNow()
        );
    }

    /// <exception cref="NoPoliciesException" />
    /// <exception cref="Marten.Exceptions.ExistingStreamIdCollisionException">
    /// A request with this id exists.
    /// </exception>
    public async Task<Submitted> SubmitAsync(
        Caller caller,
        RequestDraft draft,
        string id,
        string fingerprint,
        DurableTaskClient orchestrations,
        CancellationToken cancellation
    )
    {
        // Checked before any call to a cluster; the binding check follows when the request is opened.
        var limits = await evaluator.LimitsAsync(cancellation);
        if (await WhyNotOneMoreAsync(limits, caller, draft.BreakGlass, cancellation) is { } tooMany)
            return new(null, tooMany);
        var foreseen = await ForeseeAsync(caller, draft, cancellation);
        if (foreseen.Refusal is { } why)
            return new(null, why);
        if (foreseen.Merged is { } merged)
            return new(null, null) { Merged = merged };

        var events = await DecideAsync(caller, foreseen, fingerprint, cancellation);
        var provenance = Channel.Api(caller.Principal);
        if (await turns.OpenAsync(store.Documents, limits, caller, id, events, provenance, cancellation) is { } full)
            return new(null, full);

        await orchestrations.StartLifecycleAsync(id, log, cancellation);
        await using var session = store.Documents.QuerySession();
        var details = await session.LoadAsync<RequestDetails>(id, cancellation);
        if (details!.Status is RequestStatus.Pending)
            reviewers.BeginToTell(id);
        return new(details, null);
    }

    private async Task<IReadOnlyList<AccessRequestEvent>> DecideAsync(
        Caller caller,
        ForeseenRequest foreseen,
        string fingerprint,
        CancellationToken cancellation
    )
    {
        var (terms, asked) = (foreseen.Terms, foreseen.Evaluated.Facts.Rights!);
        var held = await rights.FindAsync(caller, terms, asked, cancellation);
        var now = clock.GetUtcNow();
        return AccessRequestDecider.Open(
            caller,
            terms,
            foreseen.SnapshotAt(now),
            asked,
            foreseen.Dangers!,
            fingerprint,
            now,
            held
        );
    }

    private async Task<Rejection?> WhyNotOneMoreAsync(
        OpenRequestLimits limits,
        Caller caller,
        bool breakGlass,
        CancellationToken cancellation
    )
    {
        await using var session = store.Documents.QuerySession();
        return await session.WhyNotOneMore(limits, caller, breakGlass, cancellation);
    }

    private async Task<Rejection?> WhyNoBreakGlassAsync(Caller caller, CancellationToken cancellation)
    {
        if (!notifier.IsConfigured)
            return Rejection.BreakGlassSilent;
        await using var session = store.Documents.QuerySession();
        return await session.FindOverdueReview(caller, clock.GetUtcNow(), cancellation) is { } overdue
            ? Rejection.ReviewOverdue(overdue.Id)
            : null;
    }
}
