using JitFunctions.Domain.Policies;
using YamlDotNet.RepresentationModel;

namespace JitFunctions.PolicyReading;

/// <summary>Reads one policy and checks the rules that make it safe.</summary>
internal static class PolicyReader
{
    private static readonly string[] Known =
    [
        "name",
        .. SubjectsReader.Fields,
        .. LimitsReader.Fields,
        .. TimesReader.Fields,
        "reason",
        "ticket",
        "approval",
        "dangerousRights",
        "extension",
        "breakGlass",
        "enforcement",
        "roleGrowth",
        "overlap",
    ];

    public static AccessPolicy Read(YamlNode node, UniqueNames names, PolicyErrors errors)
    {
        var fields = new YamlFields(node, "a policy", Known, errors);
        var name = NameReader.Read(fields, "a policy", names, errors);
        var subjects = SubjectsReader.Read(fields);
        fields.Check(fields.Has("groups") || fields.Has("users"), "say who may ask: 'groups', 'users' or both.");
        var times = TimesReader.Read(fields);
        var approval = ApprovalReader.Read(fields, times);
        var policy = new AccessPolicy(name, subjects, LimitsReader.Read(fields), times, approval)
        {
            Source = fields.Place(errors.File),
            Reason = ExpressionReader.Read(fields, "reason"),
            Ticket = ExpressionReader.Read(fields, "ticket"),
            Dangers = DangerReader.Read(fields),
            Extension = ExtensionReader.Read(fields, times, approval),
            BreakGlass = BreakGlassReader.Read(fields, times, approval),
            Enforcement = EnforcementOf(fields),
            RoleGrowth = RoleGrowthOf(fields),
            Overlap = OverlapOf(fields),
        };
        if (
            !fields.Has("dangerousRights")
            && policy.Limits.Roles.FirstOrDefault(role =>
                role.Name.StartsWith("system:", StringComparison.OrdinalIgnoreCase)
            )
                is { } own
        )
            fields.Error(
                "roles",
                $"{own} belongs to a part of Kubernetes itself: say what the policy allows of it under "
                    + "'dangerousRights'."
            );
        return policy;
    }

    private static RoleGrowthResponse RoleGrowthOf(YamlFields fields)
    {
        switch (fields.Node("roleGrowth"))
        {
            case null or YamlScalarNode { Value: "end" }:
                return RoleGrowthResponse.End;
            case YamlScalarNode { Value: "report" }:
                return RoleGrowthResponse.Report;
            case var other:
                fields.Error("roleGrowth", $"'roleGrowth' must be end or report, not {other.Quoted()}.");
                return RoleGrowthResponse.End;
        }
    }

    private static Overlap OverlapOf(YamlFields fields)
    {
        switch (fields.Node("overlap"))
        {
            case null or YamlScalarNode { Value: "refuse" }:
                return Overlap.Refuse;
            case YamlScalarNode { Value: "merge" }:
                return Overlap.Merge;
            case YamlScalarNode { Value: "allow" }:
                return Overlap.Allow;
            case var other:
                fields.Error("overlap", $"'overlap' must be refuse, merge or allow, not {other.Quoted()}.");
                return Overlap.Refuse;
        }
    }

    private static Enforcement EnforcementOf(YamlFields fields)
    {
        switch (fields.Node("enforcement"))
        {
            case null or YamlScalarNode { Value: "identity" }:
                return Enforcement.Identity;
            case YamlScalarNode { Value: "ephemeral" }:
                return Enforcement.Ephemeral;
            case var other:
                fields.Error("enforcement", $"'enforcement' must be identity or ephemeral, not {other.Quoted()}.");
                return Enforcement.Identity;
        }
    }
}
