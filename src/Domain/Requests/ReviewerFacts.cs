using JitFunctions.Domain.Identity;
using JitFunctions.Domain.Policies;

namespace JitFunctions.Domain.Requests;

/// <summary>
/// What the directory says, as a decision is taken, of the groups of those on whose reviews it rests.
/// </summary>
/// <param name="Policies">Who administers, and which accounts belong to one human.</param>
/// <param name="Groups">By subject; null, as for whoever is not there, when they cannot be told.</param>
/// <param name="Trouble">Why something cannot be told, in one line for people.</param>
public sealed record ReviewerFacts(
    PolicySet Policies,
    IReadOnlyDictionary<string, IReadOnlyList<string>?> Groups,
    string? Trouble
)
{
    /// <summary>
    /// The groups of other accounts of theirs, by user name in lower case; null, or absent, when they cannot be told.
    /// </summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>?> LinkedGroups { get; init; } =
        new Dictionary<string, IReadOnlyList<string>?>();

    /// <summary>
    /// As members of which groups somebody may review now. Never more than they reviewed as: what they joined since is
    /// not what they decided as. None for an administrator, under whichever account, and for who may be the requester.
    /// </summary>
    /// <param name="reviewedAs">The groups by which they review, or reviewed.</param>
    /// <returns>Null when it cannot be told.</returns>
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
    /// Whether somebody, or an account that is linked to theirs, administers; null when it cannot be told.
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

/// <summary>Whether reviews are enough, by what their reviewers may do now.</summary>
/// <param name="IsMet">Null when it cannot be told.</param>
/// <param name="Lost">Those who may no longer decide as what they reviewed as.</param>
/// <param name="Unknown">One of whom it cannot be told, and on whom it depends.</param>
public sealed record QuorumNow(bool? IsMet, IReadOnlyList<Principal> Lost, Principal? Unknown)
{
    /// <param name="approvals">By different people.</param>
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
        // Would it be enough if all those still were approvers of whom nobody can tell?
        return IsQuorum(now.Select(one => one.Left ?? one.Given))
            ? new(null, lost, now.First(one => one.Left is null).By)
            : new(false, lost, null);

        bool IsQuorum(IEnumerable<IReadOnlyList<string>> groups) =>
            Quorum.Lacking(request.Policy.ApprovalRequirements(), [.. groups]) is [];
    }
}
