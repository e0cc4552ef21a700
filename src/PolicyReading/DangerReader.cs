using JitFunctions.Domain.Policies;
using JitFunctions.Domain.Rights;
using YamlDotNet.RepresentationModel;

namespace JitFunctions.PolicyReading;

/// <summary>Reads the rule for dangerous rights.</summary>
internal static class DangerReader
{
    public static DangerRule? Read(YamlFields policy)
    {
        switch (policy.Node("dangerousRights"))
        {
            case null:
                return null;
            case YamlScalarNode { Value: "refuse" }:
                return DangerRule.Refuse;
            case YamlMappingNode:
                var fields = policy.Mapping("dangerousRights", ["allow", "approvals"])!;
                fields.Check(
                    fields.Has("allow") || fields.Has("approvals"),
                    "'dangerousRights' needs 'allow' or 'approvals'; 'dangerousRights: refuse' allows none."
                );
                return new(Kinds(fields, "allow"), RequirementsReader.Read(fields, "approvals"));
            case var other:
                policy.Error(
                    "dangerousRights",
                    "'dangerousRights' must be refuse, or a mapping with the fields allow, approvals, not "
                        + $"{other.Quoted()}."
                );
                return null;
        }
    }

    public static IReadOnlyList<string> Kinds(YamlFields fields, string name)
    {
        List<string> kinds = [];
        foreach (var item in fields.Items(name))
        {
            var kind = (item as YamlScalarNode)?.Value;
            if (kind is null || !DangerousRights.Kinds.Contains(kind))
                fields.Error(
                    item,
                    $"'{name}' must be kinds of dangerous rights, not {item.Quoted()}; there are "
                        + $"{string.Join(", ", DangerousRights.Kinds)}."
                );
            else if (kinds.Contains(kind))
                fields.Error(item, $"'{name}' has '{kind}' twice.");
            else
                kinds.Add(kind);
        }

        return kinds;
    }
}
