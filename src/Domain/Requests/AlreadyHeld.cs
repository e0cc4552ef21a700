using JitFunctions.Domain.Rights;

namespace JitFunctions.Domain.Requests;

/// <summary>A grant that its requester holds now.</summary>
public sealed record HeldGrant(string Request, IReadOnlyList<NamespacedRules> Rights, DateTimeOffset ExpiresAt);

/// <summary>What a cluster says of one right of somebody.</summary>
/// <param name="Reason">Why it is allowed, in the cluster's own words.</param>
public sealed record AccessAnswer(bool Allowed, string? Reason);

/// <summary>
/// What the requester had already of all that they asked for, when they asked: for them and for those who decide to
/// know. It refuses nothing, and its absence says nothing: it may not have been told in time.
/// </summary>
/// <param name="Grant">The id of a grant of theirs that gives all of it; null when none does.</param>
/// <param name="GrantExpiresAt">When that grant ends.</param>
/// <param name="Standing">By what the cluster allows it without any grant, in one line; null when it does not, or that
/// is not known.</param>
public sealed record AlreadyHeld(string? Grant, DateTimeOffset? GrantExpiresAt, string? Standing)
{
    private const int MostReasons = 3;
    private const int LongestReason = 300;

    /// <param name="asked">All that the scope gives.</param>
    /// <param name="begins">From when on it is asked for.</param>
    /// <param name="grants">Those of the same account in the same cluster.</param>
    /// <param name="answers">What the cluster said of a sample of the rights; empty when it was not asked, or did not
    /// answer.</param>
    /// <returns>Null when nothing is known to be held.</returns>
    public static AlreadyHeld? Of(
        IReadOnlyList<NamespacedRules> asked,
        DateTimeOffset begins,
        IEnumerable<HeldGrant> grants,
        IReadOnlyList<AccessAnswer> answers
    )
    {
        var grant = grants
            .Where(held => held.ExpiresAt > begins && Gives(held.Rights, asked))
            .MaxBy(held => held.ExpiresAt);
        var standing = StandingIn(answers);
        return grant is null && standing is null ? null : new(grant?.Request, grant?.ExpiresAt, standing);
    }

    private static bool Gives(IReadOnlyList<NamespacedRules> held, IReadOnlyList<NamespacedRules> asked) =>
        asked is [_, ..]
        && asked.All(placed =>
            placed.ClusterWide
                ? Covers(held.Where(one => one.ClusterWide), placed)
                : placed.Namespaces.All(ns =>
                    Covers(held.Where(one => one.ClusterWide || one.Namespaces.Contains(ns)), placed)
                )
        );

    private static bool Covers(IEnumerable<NamespacedRules> held, NamespacedRules asked) =>
        !RuleCoverage.Uncovered([.. held.SelectMany(one => one.Rules)], asked.Rules).Any();

    // Only where each of the sample is allowed: part of what is asked for is no reason not to ask.
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
