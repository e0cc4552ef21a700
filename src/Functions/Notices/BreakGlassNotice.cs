using JitFunctions.Domain.Policies;
using JitFunctions.Domain.Requests;

namespace JitFunctions.Functions.Notices;

/// <summary>
/// What the skipped approvers are told. All that the requester chooses is bounded: a notice that is too long would
/// never be taken.
/// </summary>
internal sealed record BreakGlassNotice(
    string Request,
    string Requester,
    IReadOnlyList<ApprovalRequirement> SkippedApprovers,
    string Cluster,
    IReadOnlyList<string> Namespaces,
    string Rights,
    TimeSpan Duration,
    string Reason,
    string? Ticket,
    DateTimeOffset ReviewBy
)
{
    // JSON writes some characters as six bytes, and the rules of a request hold up to the size of its body of them.
    private const int LongestRights = 500;

    public static BreakGlassNotice Of(AccessRequest request, PostReview debt)
    {
        var (terms, scope) = (request.Terms, request.Terms.Scope);
        return new(
            request.Id,
            request.Requester.Username,
            request.Policy.ApprovalRequirements(),
            scope.Cluster,
            scope.Namespaces,
            Shorten(scope.Describe()),
            terms.Duration,
            terms.Reason,
            terms.Ticket,
            debt.ReviewBy
        );
    }

    private static string Shorten(string rights) =>
        rights.Length <= LongestRights ? rights : $"{rights[..LongestRights]}… (the request has all of it)";
}
