using JitFunctions.KubectlJit.Api;

namespace JitFunctions.KubectlJit.Output;

/// <summary>The parts of a request in words, the same in details, in progress and in errors.</summary>
internal static class Sentences
{
    public static string Of(Review review) => Joined(
        review.Verdict switch
        {
            Review.Approve => $"approved by {review.Reviewer}",
            Review.Deny => $"denied by {review.Reviewer}",
            var other => $"{other} by {review.Reviewer}",
        },
        review.Comment);

    public static string Of(Trouble trouble)
    {
        var attempts = trouble.Attempts is { } count ? $" after {count} {(count == 1 ? "attempt" : "attempts")}" : "";
        return Joined(trouble.What + attempts, trouble.Detail);
    }

    public static string Of(Ending ending)
    {
        var cause = ending.Cause is "activationFailed" ? "activation failed" : ending.Cause;
        return Joined(ending.By is { } by ? $"{cause} by {by}" : cause, ending.Comment);
    }

    public static string ApprovalBy(Policy policy) => policy.Automatic
        ? "automatic"
        : $"{policy.RequiredApprovals} from {string.Join(" or ", policy.ApproverGroups ?? [])}";

    public static string Joined(string what, string? detail) => string.IsNullOrEmpty(detail) ? what : $"{what}: {detail}";
}
