namespace JitFunctions.Domain.Rights;

/// <summary>
/// One RBAC rule, equivalent to PolicyRule in Kubernetes. Empty <paramref name="ResourceNames"/> means every object.
/// </summary>
/// <param name="ResourceNames">Null and empty mean the same. Kubernetes compares them with the name in the URL, see
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
    /// <c>*</c> includes all subresources, and <c>*/scale</c> means that subresource of every resource. <c>pods/*</c>
    /// matches nothing, because it is not a pattern.
    /// </summary>
    public bool HasResource(string resource) =>
        Resources.Contains(Wildcard)
        || Resources.Contains(resource)
        || (
            resource.IndexOf('/', StringComparison.Ordinal) is > 0 and var slash
            && Resources.Contains("*" + resource[slash..])
        );

    /// <param name="name">Empty for a request without an object name. A rule with an empty string among its names
    /// allows such requests, so it does not limit them.</param>
    public bool HasName(string name) => ResourceNames is null or { Count: 0 } || ResourceNames.Contains(name);
}
