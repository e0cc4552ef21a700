using JitFunctions.Domain.Identity;
using JitFunctions.Domain.Policies;

namespace JitFunctions.Domain.Requests;

/// <summary>
/// The current groups, according to the directory, of the people whose reviews a decision depends on.
/// </summary>
/// <param name="Policies">The policies, which define the administrators and the linked accounts.</param>
/// <param name="Groups">By subject; null when they cannot be determined, and for people who are not in the
/// directory.</param>
/// <param name="Failure">Why something cannot be determined, in one line for people.</param>
public sealed record ReviewerFacts(
    PolicySet Policies,
    IReadOnlyDictionary<string, IReadOnlyList<string>?> Groups,
    string? Failure
)
{
    /// <summary>
    /// The groups of their linked accounts, by user name in lower case; null, or absent, when they cannot be
    /// determined.
    /// </summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>?> LinkedGroups { get; init; } =
        new Dictionary<string, IReadOnlyList<string>?>();

    /// <summary>
    /// Returns the groups on whose behalf somebody may review now. They are never more than the groups of the review:
    /// groups joined later do not count. Empty for an administrator, with any account, and for anyone who may be the
    /// requester.
    /// </summary>
    /// <param name="reviewedAs">The groups on whose behalf they review, or reviewed.</param>
    /// <returns>Null when this cannot be determined.</returns>
    public IReadOnlyList<string>? MayReviewAs(
        AccessRequest request,
        Principal reviewer,
        IReadOnlyList<string> reviewedAs
    )
    {
        if (Groups.GetValueOrDefault(reviewer.Subject) is not { } groups)
            return null;
        var caller = Policies.WithRoles(new Caller(reviewer, groups));
        IReadOnlyList<string> left = request.MayBeRequestedBy(caller) ? [] : [.. reviewedAs.Intersect(groups)];
        return left is []
            ? left
            : IsAdministrator(caller) switch
            {
                true => [],
                false => left,
                null => null,
            };
    }

    /// <summary>
    /// True if somebody, or one of their linked accounts, is an administrator; null when this cannot be determined.
    /// </summary>
    public bool? IsAdministrator(Caller caller)
    {
        if (caller.IsAdministrator || Administers(Groups.GetValueOrDefault(caller.Principal.Subject)))
            return true;
        if (Policies.Administrators is [])
            return false;
        var others = caller
            .OtherAccounts.Select(name => LinkedGroups.GetValueOrDefault(name.ToLowerInvariant()))
            .ToList();
        return others.Any(Administers) ? true
            : others.Contains(null) ? null
            : false;
    }

    private bool Administers(IReadOnlyList<string>? groups) => groups?.Intersect(Policies.Administrators).Any() == true;
}

/// <summary>Whether the approvals are sufficient, according to what the reviewers may do now.</summary>
/// <param name="IsMet">Null when this cannot be determined.</param>
/// <param name="Lost">The reviewers who have left groups on whose behalf they reviewed.</param>
/// <param name="Unknown">One reviewer for whom this cannot be determined, and on whom the result depends.</param>
public sealed record QuorumNow(bool? IsMet, IReadOnlyList<Principal> Lost, Principal? Unknown)
{
    /// <param name="approvals">The approvals, each by a different person.</param>
    public static QuorumNow Of(AccessRequest request, IReadOnlyList<GivenReview> approvals, ReviewerFacts facts)
    {
        var now = approvals
            .Select(review =>
                (review.By, Given: review.Groups, Left: facts.MayReviewAs(request, review.By, review.Groups))
            )
            .ToList();
        List<Principal> lost = [.. now.Where(one => one.Left?.Count < one.Given.Count).Select(one => one.By)];
        if (IsQuorum(now.Select(one => one.Left ?? [])))
            return new(true, lost, null);
        // Would the approvals suffice if all reviewers with unknown groups still had their groups?
        return IsQuorum(now.Select(one => one.Left ?? one.Given))
            ? new(null, lost, now.First(one => one.Left is null).By)
            : new(false, lost, null);

        bool IsQuorum(IEnumerable<IReadOnlyList<string>> groups) =>
            Quorum.Lacking(request.Policy.ApprovalRequirements(), [.. groups]) is [];
    }
}
