using JitFunctions.Domain.Policies;
using JitFunctions.Domain.Scopes;
using JitFunctions.Domain.Text;
using YamlDotNet.RepresentationModel;

namespace JitFunctions.PolicyReading;

/// <summary>
/// Reads who approves. A missing approval rule does not mean that no approval is needed: a policy must state which of
/// the two it means.
/// </summary>
internal static class ApprovalReader
{
    private static readonly string[] Conditions = ["maxDuration", "ticket", "hours", "harmless"];

    public static ApprovalRule Read(YamlFields policy, TimeLimits times)
    {
        policy.Check(
            policy.Has("approval"),
            "say who approves: 'approval' with 'groups' or 'requirements', or with 'automatic: true'."
        );
        if (policy.Mapping("approval", ["automatic", "requirements", "groups", "required"]) is not { } fields)
            return new([], null);

        if (fields.Has("required") && !fields.Has("groups"))
        {
            fields.Error(
                "required",
                fields.Has("requirements")
                    ? "'required' goes with 'groups'; in 'requirements' it is 'count'."
                    : "'required' makes no sense without 'groups'."
            );
        }

        fields.Check(
            !(fields.Has("groups") && fields.Has("requirements")),
            "'groups' is the short form of one requirement: put it among the 'requirements'."
        );

        IReadOnlyList<ApprovalRequirement> requirements =
            fields.Has("requirements") ? RequirementsReader.Read(fields, "requirements")
            : fields.Has("groups") ? [RequirementsReader.One(fields, "required")]
            : [];
        return new(requirements, Automatic(fields, times));
    }

    private static AutomaticCondition? Automatic(YamlFields fields, TimeLimits times)
    {
        var asksPeople = fields.Has("groups") || fields.Has("requirements");
        if (fields.Node("automatic") is YamlMappingNode)
        {
            fields.Check(asksPeople, "say who approves what is not automatic: 'groups' or 'requirements'.");
            return Condition(fields.Mapping("automatic", Conditions)!, times);
        }

        if (fields.Flag("automatic") is not { } always)
            return null;
        fields.Check(
            always != asksPeople,
            "'approval' has either people ('groups' or 'requirements') or 'automatic: true'; for both, give "
                + "'automatic' conditions."
        );
        return always ? AutomaticCondition.Always : null;
    }

    private static AutomaticCondition Condition(YamlFields fields, TimeLimits times)
    {
        fields.Check(
            Conditions.Any(fields.Has),
            "'automatic' without a condition would approve everything: write 'automatic: true' if that is meant."
        );
        var harmless = fields.Flag("harmless");
        var condition = new AutomaticCondition(
            fields.Duration("maxDuration", RequestForm.ShortestDuration, RequestForm.LongestDuration),
            ExpressionReader.Read(fields, "ticket"),
            HoursReader.Read(fields),
            harmless == true
        );
        if (harmless == false && fields.Has("harmless"))
            fields.Error("harmless", "'harmless' is true, or left out.");
        if (condition.MaxDuration >= times.MaxDuration)
            fields.Error(
                "maxDuration",
                "every request is this short: the policy's own 'maxDuration' is "
                    + $"{KubernetesDuration.Format(times.MaxDuration)}."
            );
        return condition;
    }
}
