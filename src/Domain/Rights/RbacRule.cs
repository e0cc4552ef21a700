namespace JitFunctions.Domain.Rights;

/// <summary>
/// One RBAC rule as Kubernetes' PolicyRule has it. Empty <paramref name="ResourceNames"/> means every object, and is
/// judged so.
/// </summary>
/// <param name="ResourceNames">Null and empty mean the same. Kubernetes holds them against the name in the URL, see
/// <see cref="HasName"/>.</param>
/// <param name="NonResourceUrls">Null and empty mean the same.</param>
public sealed record RbacRule(
    IReadOnlyList<string> ApiGroups,
    IReadOnlyList<string> Resources,
    IReadOnlyList<string> Verbs,
    IReadOnlyList<string>? ResourceNames = null,
    IReadOnlyList<string>? NonResourceUrls = null
)
{
    public const string Wildcard = "*";

    public bool HasVerb(string verb) => Verbs.Contains(Wildcard) || Verbs.Contains(verb);

    public bool HasApiGroup(string group) => ApiGroups.Contains(Wildcard) || ApiGroups.Contains(group);

    /// <summary>
    /// <c>*</c> has subresources too, <c>*/scale</c> that subresource of all; <c>pods/*</c> has nothing: it is no
    /// pattern.
    /// </summary>
    public bool HasResource(string resource) =>
        Resources.Contains(Wildcard)
        || Resources.Contains(resource)
        || (
            resource.IndexOf('/', StringComparison.Ordinal) is > 0 and var slash
            && Resources.Contains("*" + resource[slash..])
        );

    /// <param name="name">Empty for a request that names no object. The empty string in a rule lets such a request
    /// through, and is no limit.</param>
    public bool HasName(string name) => ResourceNames is null or { Count: 0 } || ResourceNames.Contains(name);
}
