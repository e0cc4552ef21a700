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
        return new(
            draft,
            evaluated,
            evaluated.Refusal ?? (draft.BreakGlass ? await WhyNoBreakGlassAsync(caller, cancellation) : null)
        );
    }

    /// <returns>The request as opened, or why it was rejected.</returns>
    /// <exception cref="NoPoliciesException" />
    /// <exception cref="Marten.Exceptions.ExistingStreamIdCollisionException">
    /// A request with this id exists.
    /// </exception>
    public async Task<(RequestDetails? Opened, Rejection? Why)> SubmitAsync(
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
            return (null, tooMany);
        var foreseen = await ForeseeAsync(caller, draft, cancellation);
        if (foreseen.Refusal is { } why)
            return (null, why);

        var events = await DecideAsync(caller, foreseen, fingerprint, cancellation);
        var provenance = Channel.Api(caller.Principal);
        if (await turns.OpenAsync(store.Documents, limits, caller, id, events, provenance, cancellation) is { } full)
            return (null, full);

        await orchestrations.StartLifecycleAsync(id, log, cancellation);
        await using var session = store.Documents.QuerySession();
        var details = await session.LoadAsync<RequestDetails>(id, cancellation);
        if (details!.Status is RequestStatus.Pending)
            reviewers.BeginToTell(id);
        return (details, null);
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
