using JitFunctions.Domain.Identity;
using JitFunctions.Domain.Rights;
using JitFunctions.Domain.Scopes;

namespace JitFunctions.Domain.Policies;

/// <summary>
/// A rule that refuses requests, whatever the policies allow. It applies to a request if any part of it matches. An
/// empty list matches everything.
/// </summary>
/// <param name="Dangers">Kinds of dangerous rights.</param>
/// <param name="Because">The reason that is shown to the requester.</param>
public sealed record Denial(
    string Name,
    Subjects Subjects,
    IReadOnlyList<NamePattern> Clusters,
    IReadOnlyList<NamePattern> Namespaces,
    IReadOnlyList<RoleRef> Roles,
    IReadOnlyList<string> Dangers,
    string Because
)
{
    public SourcePlace Source { get; init; } = SourcePlace.Unknown;

    /// <returns>Null when it cannot be determined: the denial must then be treated as applying.</returns>
    public bool? AppliesTo(Caller caller, Scope scope, ClusterFacts facts)
    {
        if (!Subjects.IncludeAnyAccountOf(caller) || !Meets(scope))
            return false;
        if (Dangers is [])
            return true;
        return facts.Rights is { } rights
            ? DangerousRights.In(rights, scope.Role?.Name).Any(danger => Dangers.Contains(danger.Kind))
            : null;
    }

    private bool Meets(Scope scope) =>
        (Clusters is [] || Clusters.Any(pattern => pattern.Matches(scope.Cluster)))
        && (
            Namespaces is []
            || scope.ClusterWide
            || scope.Namespaces.Any(name => Namespaces.Any(pattern => pattern.Matches(name)))
        )
        && (Roles is [] || (scope.Role is { } role && Roles.Contains(role)));
}
