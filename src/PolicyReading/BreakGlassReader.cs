using JitFunctions.Domain.Policies;
using JitFunctions.Domain.Scopes;

namespace JitFunctions.PolicyReading;

/// <summary>Reads the rule for break-glass.</summary>
internal static class BreakGlassReader
{
    private static readonly TimeSpan Longest = TimeSpan.FromHours(4);
    private static readonly TimeSpan LongestDebt = TimeSpan.FromDays(7);

    public static BreakGlassRule? Read(YamlFields policy, TimeLimits times, ApprovalRule approval)
    {
        if (policy.Mapping("breakGlass", ["maxDuration", "reviewWithin"]) is not { } fields)
            return null;
        fields.Check(fields.Has("maxDuration"), "'breakGlass' needs a 'maxDuration'.");
        fields.Check(
            fields.Has("reviewWithin"),
            "'breakGlass' needs 'reviewWithin': by when those who were skipped must have reviewed it."
        );
        fields.Check(
            approval.Requirements is [_, ..],
            "'breakGlass' needs reviewers for afterwards: 'approval' must name people."
        );
        fields.Check(
            policy.Has("namespaces") || policy.Has("namespaceLabels"),
            "'breakGlass' is never cluster-wide: the policy needs 'namespaces' or 'namespaceLabels'."
        );
        return new(
            fields.Duration(
                "maxDuration",
                RequestForm.ShortestDuration,
                times.MaxDuration < Longest ? times.MaxDuration : Longest
            ) ?? TimeSpan.Zero,
            fields.Duration("reviewWithin", TimeSpan.FromMinutes(1), LongestDebt) ?? TimeSpan.Zero
        );
    }
}
