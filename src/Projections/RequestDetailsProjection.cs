using JasperFx.Events;
using JitFunctions.Domain.Grants;
using JitFunctions.Domain.Requests;
using JitFunctions.Domain.Rights;
using JitFunctions.Domain.Scopes;
using Marten.Events.Aggregation;
using static JitFunctions.Domain.Requests.AccessRequestEvent;

namespace JitFunctions.Projections;

/// <summary>Projects the events of a request to <see cref="RequestDetails"/>.</summary>
internal sealed class RequestDetailsProjection : SingleStreamProjection<RequestDetails, string>
{
    public override RequestDetails? Evolve(RequestDetails? snapshot, string id, IEvent e) =>
        e.Data is AccessRequestEvent fact
            ? Apply(snapshot, id, fact) is { } next
                ? next with
                {
                    Version = next.Version + 1,
                }
                : null
            : snapshot;

    private static RequestDetails? Apply(RequestDetails? details, string id, AccessRequestEvent fact) =>
        (details, fact) switch
        {
            (null, Requested e) => new(id, 0, RequestStatus.Pending, e.Requester, e.Terms, e.Policy, e.At, e.DecideBy)
            {
                ScopeHash = e.ScopeHash ?? string.Empty,
                Rights = e.Rights ?? [],
                Dangers = e.Dangers ?? [],
                AlreadyHeld = e.AlreadyHeld,
                BreakGlass = e.ReviewBy is { } reviewBy ? new(reviewBy) : null,
            },
            ({ } d, Reviewed e) => d with
            {
                Reviews = [.. d.Reviews, new(e.By, e.Verdict, e.Comment, e.At, e.ScopeHash)],
            },
            ({ } d, Narrowed e) => d with
            {
                Terms = e.Terms,
                Rights = e.Rights,
                Dangers = e.Dangers,
                ScopeHash = e.ScopeHash,
            },
            ({ } d, Approved e) => d with
            {
                Status = RequestStatus.Approved,
                ApprovedAt = e.At,
                ActivateBy = e.ActivateBy,
            },
            ({ } d, ApprovalVoided e) => d with
            {
                Status = RequestStatus.Pending,
                DecideBy = e.DecideBy,
                ApprovedAt = null,
                ActivateBy = null,
                Trouble = null,
                Reviews = [.. Without(d.Reviews, e.Reviewers)],
            },
            ({ } d, Denied e) => d with { Status = RequestStatus.Denied, EndedAt = e.At },
            ({ } d, Withdrawn e) => d with
            {
                Status = RequestStatus.Withdrawn,
                EndedAt = e.At,
                DenialProof = e.Proof,
                Trouble = null,
                Ending = d.Ending ?? new(EndingCause.Withdrawn, e.By, e.Comment, e.At),
            },
            ({ } d, Lapsed e) => d with { Status = RequestStatus.Lapsed, EndedAt = e.At },
            ({ } d, ActivationStarted e) => d with
            {
                Status = RequestStatus.Activating,
                ServiceAccount = e.ServiceAccount,
                ActivationStartedAt = e.At,
            },
            ({ } d, ActivationDelayed e) => d with
            {
                Trouble = new(
                    "activation-delayed",
                    e.Detail,
                    e.Attempt,
                    AlarmLevel.Warning,
                    d.Trouble?.Since ?? e.At,
                    e.At
                ),
            },
            ({ } d, Activated e) => d with
            {
                Status = RequestStatus.Active,
                ActivatedAt = e.At,
                ExpiresAt = e.ExpiresAt,
                Bindings = e.Bindings,
                Trouble = null,
            },
            ({ } d, ExtensionRequested e) => d with { Extension = new(e.Duration, e.Reason, e.ScopeHash, [], e.At) },
            ({ Extension: { } x } d, ExtensionReviewed e) => d with
            {
                Extension = x with
                {
                    Reviews = [.. Without(x.Reviews, e.Lost), new(e.By, e.Verdict, e.Comment, e.At, e.ScopeHash)],
                },
            },
            ({ } d, Extended e) => d with { ExpiresAt = e.ExpiresAt, Extension = null },
            ({ } d, ExtensionDenied) => d with { Extension = null },
            ({ } d, EndingStarted e) => d with
            {
                Status = RequestStatus.Ending,
                Ending = new(e.Cause, e.By, e.Comment, e.At),
                Extension = null,
                Trouble = null,
            },
            ({ } d, RevocationDelayed e) => d with
            {
                Trouble = new("revocation-delayed", e.Detail, e.Attempt, e.Alarm, d.Trouble?.Since ?? e.At, e.At),
            },
            ({ } d, Ended e) => d with
            {
                Status = RequestStatus.Ended,
                EndedAt = e.At,
                DenialProof = e.Proof,
                Trouble = null,
            },
            ({ } d, DriftFound e) => d with { Lost = LostObjects.After(d.Lost, e.Drift, e.At) },
            ({ } d, FirstUsed e) => d with { FirstUsedAt = e.UsedAt },
            ({ } d, RoleGrown e) => d with { Unapproved = Grown(d.Unapproved, e) },
            ({ Unapproved: { } u } d, RoleShrunk e) => d with
            {
                Unapproved = u with { Present = e.Unapproved, ChangedAt = e.At },
            },
            ({ } d, Failed e) => d with
            {
                Status = RequestStatus.Failed,
                EndedAt = e.At,
                DenialProof = e.Proof,
                Trouble = null,
            },
            ({ BreakGlass: { } owed } d, ApproversNotified e) => d with
            {
                BreakGlass = owed with { NotifiedAt = e.At },
            },
            ({ BreakGlass: { } owed } d, BreakGlassReviewed e) => d with
            {
                BreakGlass = owed with
                {
                    Reviews = [.. Without(owed.Reviews, e.Lost), new(e.By, e.Verdict, e.Comment, e.At, e.ScopeHash)],
                },
            },
            ({ BreakGlass: { } owed } d, BreakGlassConcluded e) => d with
            {
                BreakGlass = owed with { SettledAt = e.At, Justified = e.Justified },
            },
            ({ BreakGlass: { } owed } d, ReviewOverdue e) => d with { BreakGlass = owed with { OverdueAt = e.At } },
            _ => details,
        };

    private static UnapprovedRights Grown(UnapprovedRights? before, RoleGrown e)
    {
        // A role can be changed back and forth any number of times.
        var rights = RightsGrowth.BoundedUnion(before?.Rights ?? [], e.Added);
        return new(rights, e.Unapproved, DangerousRights.In(rights), before?.FoundAt ?? e.At, e.At);
    }

    private static IEnumerable<ReviewDetails> Without(
        IReadOnlyList<ReviewDetails> reviews,
        IReadOnlyList<string>? lost
    ) => reviews.Select(review => lost?.Contains(review.By.Subject) == true ? review with { IsVoid = true } : review);
}
