using JitFunctions.Domain.Policies;
using JitFunctions.Domain.Scopes;
using JitFunctions.Domain.Text;

namespace JitFunctions.PolicyReading;

/// <summary>Reads the rule for extensions.</summary>
internal static class ExtensionReader
{
    public static ExtensionRule? Read(YamlFields policy, TimeLimits times, ApprovalRule approval)
    {
        if (policy.Mapping("extension", ["maxDuration", "total", "review"]) is not { } fields)
            return null;
        fields.Check(fields.Has("maxDuration"), "'extension' needs a 'maxDuration': by how much at once.");
        fields.Check(fields.Has("total"), "'extension' needs a 'total': how long a grant may last in all.");
        var once = fields.Duration("maxDuration", RequestForm.ShortestDuration, RequestForm.LongestDuration);
        var total = fields.Duration("total", RequestForm.ShortestDuration, RequestForm.LongestDuration);
        if (total < times.MaxDuration && times.MaxDuration != TimesReader.Unknown)
            fields.Error(
                "total",
                $"'total' is at least the policy's 'maxDuration', {KubernetesDuration.Format(times.MaxDuration)}."
            );
        else if (once > total)
            fields.Error("maxDuration", "'maxDuration' of an extension is at most its 'total'.");

        var reviewed = fields.Flag("review", absent: true) != false;
        fields.Check(
            !reviewed || approval.Requirements is [_, ..],
            "nobody could review an extension: 'approval' names no people. Write 'review: false' if none is needed."
        );
        return new(once ?? TimeSpan.Zero, total ?? TimeSpan.Zero, reviewed);
    }
}
