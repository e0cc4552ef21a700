using JitFunctions.KubectlJit.Api;

namespace JitFunctions.KubectlJit.Output;

/// <summary>Text for the parts of a request. Details, progress and errors use the same text.</summary>
internal static class Sentences
{
    public static string Of(Review review)
    {
        var deed = review.Verdict switch
        {
            Review.Approve => $"approved by {review.Reviewer}",
            Review.Deny => $"denied by {review.Reviewer}",
            var other => $"{other} by {review.Reviewer}",
        };
        return Joined(review.Counts ? deed : $"{deed}, which no longer counts", review.Comment);
    }

    /// <summary>Why the request is unnecessary, in the server's words.</summary>
    public static string Of(AlreadyHeld held) =>
        string.Join(
            "; ",
            new[]
            {
                held.Grant is { } grant
                    ? "grant "
                        + $"{grant}{(held.GrantExpiresAt is { } end ? $", which ends at {Timestamps.Exact(end)}" : "")}"
                    : null,
                held.Standing is { } standing ? $"without any grant, {standing}" : null,
            }.OfType<string>()
        );

    public static string Of(LastFailure trouble)
    {
        var attempts = trouble.Attempts is { } count ? $" after {count} {(count == 1 ? "attempt" : "attempts")}" : "";
        return Joined(trouble.What + attempts, trouble.Detail);
    }

    /// <summary>Such as <c>RoleBinding payments/jit-3f9k2m7xq0ab, since …: somebody deleted it</c>.</summary>
    public static string Of(LostObject lost, DateTimeOffset now) =>
        Joined(
            $"{lost.Kind ?? "object"} {(lost.Namespace is { } ns ? $"{ns}/" : "")}{lost.Name}, since "
                + $"{Timestamps.Ago(lost.FoundAt, now)}",
            lost.Detail
        );

    public static string Of(Ending ending)
    {
        var cause = Cause(ending);
        return Joined(ending.By is { } by ? $"{cause} by {by}" : cause, ending.Comment);
    }

    /// <summary>Who ended the request, in short; null while it has not ended, or when it ended by time alone.</summary>
    public static string? End(AccessRequest request) =>
        request switch
        {
            { Status: Status.Denied } => request.Reviews?.LastOrDefault(review => review.Verdict is Review.Deny)
                is { } denial
                ? $"by {denial.Reviewer}"
                : null,
            { Status: Status.Withdrawn, Ending.By: { } by } => $"by {by}",
            { Ending.Cause: "expired" } => null,
            { Ending: { By: { } by } ending } => $"{Cause(ending)} by {by}",
            _ => null,
        };

    public static string Of(Extension extension) =>
        Joined($"{extension.Duration} more, waits for its review", extension.Reason);

    /// <summary>The review that break-glass owes, or the result of that review.</summary>
    public static string Of(BreakGlass breakGlass, DateTimeOffset now) =>
        breakGlass switch
        {
            { SettledAt: { } at } =>
                $"reviewed {Timestamps.Ago(at, now)}: {(breakGlass.Justified is true ? "justified" : "not justified")}",
            { OverdueAt: not null } =>
                $"its review is overdue: it was owed by {Timestamps.Left(breakGlass.ReviewBy, now)}",
            _ => $"its review is owed by {Timestamps.Left(breakGlass.ReviewBy, now)}",
        };

    /// <summary>The account that has the rights, if it is not the requester's own.</summary>
    public static string? Holder(AccessRequest request) =>
        request switch
        {
            { ServiceAccount: { } account } => $"system:serviceaccount:{account.Namespace}:{account.Name}",
            { IsEphemeral: true } => "a service account of its own, by a token",
            _ => null,
        };

    public static string ApprovalBy(Policy policy) => policy.Automatic ? "automatic" : Needed(policy.Approvals);

    /// <summary>Such as <c>1 of payments-leads and 1 of security</c>.</summary>
    public static string Needed(IReadOnlyList<Requirement> requirements) =>
        string.Join(
            " and ",
            requirements.Select(requirement =>
            {
                var groups = string.Join(" or ", requirement.Groups);
                return $"{requirement.Count} of "
                    + $"{(requirements.Count > 1 && requirement.Groups.Count > 1 ? $"({groups})" : groups)}";
            })
        );

    /// <summary>
    /// The progress of the approvals. Only the server knows which approval counts for which requirement, so while the
    /// request waits, at least one is missing, whatever the number of approvals.
    /// </summary>
    public static string Lacking(Policy policy, IReadOnlyList<Review>? reviews)
    {
        var given = (reviews ?? []).Count(review => review.IsApprovalThatCounts);
        if (given == 0)
            return Needed(policy.Approvals);
        var lacking = Math.Max(1, policy.Approvals.Sum(requirement => requirement.Count) - given);
        return $"{Needed(policy.Approvals)}; {given} given, at least {lacking} more";
    }

    private static string Cause(Ending ending) =>
        ending.Cause switch
        {
            "activationFailed" => "activation failed",
            "roleGrown" => "ended because its role grew",
            "tampered" => "ended because its objects were changed too often",
            var other => other,
        };

    public static string Joined(string what, string? detail) =>
        string.IsNullOrEmpty(detail) ? what : $"{what}: {detail}";
}
