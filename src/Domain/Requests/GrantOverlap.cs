using System.Globalization;
using JitFunctions.Domain.Identity;
using JitFunctions.Domain.Policies;
using JitFunctions.Domain.Rights;
using JitFunctions.Domain.Scopes;

namespace JitFunctions.Domain.Requests;

/// <summary>A grant under the same user name in the same cluster, whose rights the cluster may hold.</summary>
/// <param name="Subject">The subject of its requester. Another subject with the same user name is another
/// person.</param>
/// <param name="ExpiresAt">Null before it is active.</param>
/// <param name="Extending">True while an extension of it waits for its review.</param>
public sealed record OtherGrant(
    string Request,
    string Subject,
    RequestStatus Status,
    IReadOnlyList<NamespacedRules> Rights,
    DateTimeOffset? ExpiresAt,
    string? Ticket,
    bool Extending
)
{
    /// <summary>True if its rights are being removed, or are about to be.</summary>
    public bool IsOver(DateTimeOffset at) => Status is RequestStatus.Ending || ExpiresAt <= at;
}

/// <summary>What follows for a request from a live grant of the same user name.</summary>
public abstract record OverlapResult
{
    private OverlapResult() { }

    /// <summary>Nothing: there is none, or the policy allows it.</summary>
    public sealed record None : OverlapResult;

    public sealed record Refused(Rejection Why) : OverlapResult;

    /// <summary>The live grant already gives all of it; it is extended instead.</summary>
    /// <param name="By">Zero if it lasts as long as was asked.</param>
    public sealed record Merged(string Request, TimeSpan By) : OverlapResult;
}

/// <summary>
/// Decides about a second grant of the same person with overlapping rights. Both would be bound to the same user name,
/// and the API server names one of their bindings at random, so that the actions belong to neither for sure.
/// </summary>
public static class GrantOverlap
{
    // A request that is repeated after a lost answer must not extend a grant again by the seconds between.
    private static readonly TimeSpan ShortestExtension = TimeSpan.FromMinutes(1);

    /// <param name="policy">The policy that covers the request.</param>
    /// <param name="rights">All rights that the scope gives.</param>
    /// <param name="others">The grants of the same user name in the same cluster that are not ephemeral.</param>
    public static OverlapResult AtRequest(
        AccessPolicy policy,
        Principal requester,
        RequestTerms terms,
        IReadOnlyList<NamespacedRules> rights,
        IReadOnlyList<OtherGrant> others,
        DateTimeOffset now
    )
    {
        // Break-glass is never refused for this: it is for emergencies, and its use is reviewed anyway.
        if (policy.Enforcement is Enforcement.Ephemeral || policy.Overlap is Overlap.Allow || terms.BreakGlass)
            return new OverlapResult.None();

        // A grant that is over is waited for at the activation. Until when one that is not active yet will last is not
        // known; for a scheduled start, the activation looks at it again.
        var live = others
            .Where(other => !other.IsOver(terms.Start ?? now))
            .Where(other => other.ExpiresAt is not null || terms.Start is null)
            .Where(other => RightsOverlap.Of(other.Rights, rights))
            .ToList();
        return live switch
        {
            [] => new OverlapResult.None(),
            [var one] when policy.Overlap is Overlap.Merge && IsMergeable(one, requester, terms, rights) =>
                new OverlapResult.Merged(one.Request, Missing(one.ExpiresAt!.Value, now + terms.Duration)),
            _ => new OverlapResult.Refused(Refusal(live, requester)),
        };
    }

    /// <summary>
    /// Judges again right before the rights are applied: two requests may have been approved at the same time, and a
    /// grant may have been extended beyond the scheduled start of another.
    /// </summary>
    /// <param name="request">A request that is approved.</param>
    /// <param name="others">As they are while nobody else can activate a grant of this user name.</param>
    /// <returns>Null if the request may be activated beside them.</returns>
    public static Eligibility? AtActivation(AccessRequest request, IReadOnlyList<OtherGrant> others, DateTimeOffset now)
    {
        if (request.IsEphemeral || request.Policy.Overlap is Overlap.Allow || request.PostReview is not null)
            return null;
        var overlapping = others.Where(other => RightsOverlap.Of(other.Rights, request.Rights)).ToList();
        if (overlapping.Where(other => !other.IsOver(now)).ToList() is [_, ..] live)
            return new Eligibility.Refuse(Refusal(live, request.Requester).Detail);
        return overlapping is [var ending, ..]
            ? new Eligibility.NotYet(
                $"Waits until {Name(ending, request.Requester)} is removed from the cluster: it has some of these "
                    + "rights."
            )
            : null;
    }

    private static bool IsMergeable(
        OtherGrant other,
        Principal requester,
        RequestTerms terms,
        IReadOnlyList<NamespacedRules> rights
    ) =>
        other is { Status: RequestStatus.Active, ExpiresAt: not null, Extending: false }
        && other.Subject == requester.Subject
        && terms.Start is null
        && (terms.Ticket is null || terms.Ticket == other.Ticket)
        && RightsOverlap.Covers(other.Rights, rights);

    private static TimeSpan Missing(DateTimeOffset ends, DateTimeOffset wanted) =>
        wanted - ends is var missing && missing < ShortestExtension ? TimeSpan.Zero : missing;

    private static Rejection Refusal(IReadOnlyList<OtherGrant> live, Principal requester)
    {
        // Only the person's own grant is named, and it is the one that lasts longest.
        var own = live.Where(other => other.Subject == requester.Subject).MaxBy(other => other.ExpiresAt);
        return own is null
            ? Rejection.OverlappingGrant(
                null,
                "Another grant for your user name is live there and has some of these rights. Ask again when it has "
                    + "ended."
            )
            : Rejection.OverlappingGrant(
                own.Request,
                $"Your grant {own.Request} has some of these rights{UntilOf(own)}, and with two of them it would "
                    + $"not be clear which one an action belongs to. Extend it (kubectl jit extend {own.Request}), or "
                    + $"relinquish it first (kubectl jit relinquish {own.Request})."
            );
    }

    private static string Name(OtherGrant other, Principal requester) =>
        other.Subject == requester.Subject ? $"your grant {other.Request}" : "another grant for your user name";

    private static string UntilOf(OtherGrant own) =>
        own.ExpiresAt is { } ends
            ? $" until {ends.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)}"
            : string.Empty;
}
