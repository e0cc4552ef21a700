using JitFunctions.Domain.Identity;
using JitFunctions.Domain.Rights;
using JitFunctions.Domain.Scopes;

namespace JitFunctions.Domain.Policies;

/// <summary>
/// What is refused whatever any policy allows. It meets a request of which any part falls under it; an empty list means
/// any.
/// </summary>
/// <param name="Dangers">Kinds of dangerous rights.</param>
/// <param name="Because">What the refused person is told.</param>
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

    /// <returns>True or false, or null when it cannot be told: then it must be taken to apply.</returns>
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
