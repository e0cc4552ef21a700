using JitFunctions.Domain.Policies;
using JitFunctions.Projections;

namespace JitFunctions.Functions.Notices;

/// <summary>
/// The notice to those who may approve, as docs/api.md describes it. Everything that people choose has a limited
/// length, because a notice that is too long would never be accepted; the request has the complete texts.
/// </summary>
/// <param name="About"><c>request</c>, or <c>extension</c> of an active grant.</param>
/// <param name="Dangers">Kinds of dangerous rights.</param>
/// <param name="Duration">For an extension, the additional time.</param>
/// <param name="Scope">The scope that a review has to name.</param>
/// <param name="DecideBy">When the request lapses, or the grant ends without the extension.</param>
/// <param name="IsShortened">True when a text was cut, or groups were left out.</param>
internal sealed record ReviewRequestedNotice(
    string Request,
    string About,
    string Requester,
    string Cluster,
    IReadOnlyList<string> Namespaces,
    bool ClusterWide,
    string Rights,
    IReadOnlyList<string> Dangers,
    TimeSpan Duration,
    DateTimeOffset? Start,
    string Reason,
    string? Ticket,
    IReadOnlyList<ApprovalRequirement> Approvers,
    string Scope,
    DateTimeOffset? DecideBy,
    bool IsShortened
)
{
    // JSON writes some characters as six bytes: these limits keep the notice, with the namespaces and the names of
    // people, below Notifier.LargestBody.
    private const int LongestText = 500;
    private const int LongestGroups = 1000;

    /// <returns>Null when nobody waits for this review any more.</returns>
    public static ReviewRequestedNotice? Of(RequestDetails request, bool isExtension)
    {
        if (isExtension ? request.Extension is null : request.Status is not Domain.Scopes.RequestStatus.Pending)
            return null;

        var (terms, scope) = (request.Terms, request.Terms.Scope);
        var reason = isExtension ? request.Extension!.Reason : terms.Reason;
        var all = request.Policy.ApprovalRequirements();
        var approvers = Within(all);
        return new(
            request.Id,
            isExtension ? "extension" : "request",
            request.Requester.Username,
            scope.Cluster,
            scope.Namespaces,
            scope.ClusterWide,
            Shorten(scope.Describe()),
            [.. request.Dangers.Select(danger => danger.Kind).Distinct()],
            isExtension ? request.Extension!.Duration : terms.Duration,
            isExtension ? null : terms.Start,
            Shorten(reason),
            terms.Ticket,
            approvers,
            isExtension ? request.Extension!.ScopeHash : request.ScopeHash,
            isExtension ? request.ExpiresAt : request.DecideBy,
            IsShortened: scope.Describe().Length > LongestText
                || reason.Length > LongestText
                || Groups(approvers) < Groups(all)
        );
    }

    private static IReadOnlyList<ApprovalRequirement> Within(IReadOnlyList<ApprovalRequirement> requirements)
    {
        var left = LongestGroups;
        return
        [
            .. requirements
                .Select(requirement =>
                    requirement with
                    {
                        Groups = [.. requirement.Groups.TakeWhile(group => (left -= group.Length) >= 0)],
                    }
                )
                .Where(requirement => requirement.Groups is [_, ..]),
        ];
    }

    private static int Groups(IEnumerable<ApprovalRequirement> requirements) =>
        requirements.Sum(requirement => requirement.Groups.Count);

    // Never cut a surrogate pair.
    private static string Shorten(string text) =>
        text.Length <= LongestText
            ? text
            : $"{text[..(char.IsHighSurrogate(text[LongestText - 1]) ? LongestText - 1 : LongestText)]}…";
}
