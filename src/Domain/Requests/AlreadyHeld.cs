using JitFunctions.Domain.Rights;

namespace JitFunctions.Domain.Requests;

/// <summary>An active grant of the requester.</summary>
public sealed record HeldGrant(string Request, IReadOnlyList<NamespacedRules> Rights, DateTimeOffset ExpiresAt);

/// <summary>The answer of a cluster about one right of a person.</summary>
/// <param name="Reason">The reason why it is allowed, as given by the cluster.</param>
public sealed record AccessAnswer(bool Allowed, string? Reason);

/// <summary>
/// The requested rights that the requester already had at the time of the request, as information for the requester and
/// the approvers. It never refuses a request, and its absence means nothing: it may not have been determined in time.
/// </summary>
/// <param name="Grant">The id of a grant of the requester that gives all of the rights; null if there is none.</param>
/// <param name="GrantExpiresAt">When that grant ends.</param>
/// <param name="Standing">Why the cluster allows the rights without a grant, in one line; null if it does not, or if
/// this is unknown.</param>
public sealed record AlreadyHeld(string? Grant, DateTimeOffset? GrantExpiresAt, string? Standing)
{
    private const int MostReasons = 3;
    private const int LongestReason = 300;

    /// <param name="asked">All rights that the scope gives.</param>
    /// <param name="begins">The requested start.</param>
    /// <param name="grants">The grants of the same account in the same cluster.</param>
    /// <param name="answers">The answers of the cluster for a sample of the rights; empty if it was not asked, or did
    /// not answer.</param>
    /// <returns>Null if no such rights are known.</returns>
    public static AlreadyHeld? Of(
        IReadOnlyList<NamespacedRules> asked,
        DateTimeOffset begins,
        IEnumerable<HeldGrant> grants,
        IReadOnlyList<AccessAnswer> answers
    )
    {
        var grant = grants
            .Where(held => held.ExpiresAt > begins && RightsOverlap.Covers(held.Rights, asked))
            .MaxBy(held => held.ExpiresAt);
        var standing = StandingIn(answers);
        return grant is null && standing is null ? null : new(grant?.Request, grant?.ExpiresAt, standing);
    }

    // Only if all rights of the sample are allowed: having some of the requested rights is no reason not to request the
    // others.
    private static string? StandingIn(IReadOnlyList<AccessAnswer> answers)
    {
        if (answers is [] || answers.Any(answer => !answer.Allowed))
            return null;
        IReadOnlyList<string> reasons = [.. answers.Select(answer => Shorten(answer.Reason)).Distinct()];
        var more = reasons.Count > MostReasons ? $"; and {reasons.Count - MostReasons} more" : string.Empty;
        return $"{string.Join("; ", reasons.Take(MostReasons))}{more} ({answers.Count} of its rights were asked for)";
    }

    private static string Shorten(string? reason) =>
        string.IsNullOrWhiteSpace(reason) ? "no reason is given"
        : reason.Length <= LongestReason ? reason
        : $"{reason[..LongestReason]}…";
}
