using JitFunctions.Domain.Policies;
using JitFunctions.Domain.Requests;

namespace JitFunctions.Functions.Notices;

/// <summary>
/// The notice to the approvers whom break-glass skipped. Everything that the requester chooses has a limited length: a
/// notice that is too long would never be accepted.
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
    // JSON writes some characters as six bytes, and the rules of a request can have as many of them as its body allows.
    private const int LongestRights = 500;

    public static BreakGlassNotice Of(AccessRequest request, PostReview postReview)
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
            postReview.ReviewBy
        );
    }

    private static string Shorten(string rights) =>
        rights.Length <= LongestRights ? rights : $"{rights[..LongestRights]}… (cut; see the request)";
}
