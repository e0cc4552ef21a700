namespace JitFunctions.Domain.Rights;

/// <summary>
/// Something in a rule that makes it dangerous, in words. A rule has few of them, however long it is.
/// </summary>
/// <param name="ClusterOnly">True where only rights in the whole cluster take effect: no RoleBinding reaches objects
/// outside namespaces.</param>
/// <param name="SystemOnly">True where it is a danger in Kubernetes' own namespaces only, and so in the whole
/// cluster.</param>
internal sealed record DangerousAccess(string Verb, string Resource, bool ClusterOnly = false, bool SystemOnly = false);

/// <summary>
/// Rights that are a danger each, wherever one rule gives one of <paramref name="Verbs"/> on one of
/// <paramref name="Resources"/>.
/// </summary>
internal sealed record DangerSign(
    string ApiGroup,
    IReadOnlyList<string> Resources,
    IReadOnlyList<string> Verbs,
    bool ClusterOnly = false,
    bool SystemOnly = false
)
{
    public IEnumerable<DangerousAccess> In(RbacRule rule) =>
        from resource in Resources
        from verb in Verbs
        where
            rule.HasApiGroup(ApiGroup)
            && rule.HasResource(resource)
            && rule.HasVerb(verb)
            && (!IsLimited(rule) || CanHaveName(verb))
        select new DangerousAccess(verb, resource, ClusterOnly, SystemOnly);

    /// <summary>
    /// True when the rule is for objects of given names only. The empty name lets through what names no object.
    /// </summary>
    public static bool IsLimited(RbacRule rule) => rule.ResourceNames is { Count: > 0 } names && !names.Contains("");

    // POST names no object, but server-side apply and PUT do, and are asked about `create` with that name. Lists and
    // watches have the name of a field selector, with which nothing is compared for collections that are deleted.
    private static bool CanHaveName(string verb) => verb != "deletecollection";
}
