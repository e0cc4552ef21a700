namespace JitFunctions.Domain.Rights;

/// <summary>One RBAC rule as Kubernetes' PolicyRule has it. Empty <paramref name="ResourceNames"/> means every object, and is judged so.</summary>
public sealed record RbacRule(
    IReadOnlyList<string> ApiGroups, IReadOnlyList<string> Resources, IReadOnlyList<string> Verbs,
    IReadOnlyList<string>? ResourceNames = null, IReadOnlyList<string>? NonResourceUrls = null);

public sealed record PlacedRules(IReadOnlyList<string> Namespaces, IReadOnlyList<RbacRule> Rules)
{
    public bool ClusterWide => Namespaces.Count == 0;
}

public sealed record Deed(string Verb, string ApiGroup, string Resource, string? Name = null);

public static class RuleCoverage
{
    public static bool Allows(IEnumerable<RbacRule> rules, Deed deed) => throw new NotSupportedException();

    public static IEnumerable<string> Excess(IReadOnlyList<RbacRule> ceiling, IReadOnlyList<RbacRule> asked) => throw new NotSupportedException();
}

public enum DangerReach { Namespace, Cluster }

public sealed record DangerousRight(string Kind, DangerReach Reach, string BlastRadius);

public static class DangerousRights
{
    public static IReadOnlyList<string> Kinds { get; } = [];

    public static IReadOnlyList<DangerousRight> In(IReadOnlyList<PlacedRules> rights, string? roleName = null) => throw new NotSupportedException();

    public static bool IsFullControl(IEnumerable<RbacRule> rules) => throw new NotSupportedException();
}
