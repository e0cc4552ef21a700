namespace JitFunctions.Domain.Rights;

/// <summary>
/// An access that makes a rule dangerous, as text. There are only a few for each rule, however long the rule is.
/// </summary>
/// <param name="ClusterOnly">True if the right takes effect only in the whole cluster: a RoleBinding cannot grant
/// access to cluster-scoped objects.</param>
/// <param name="SystemOnly">True if the right is dangerous only in Kubernetes' own namespaces, and therefore also in
/// the whole cluster.</param>
internal sealed record DangerousAccess(string Verb, string Resource, bool ClusterOnly = false, bool SystemOnly = false);

/// <summary>
/// Rights that are dangerous one by one: each rule that grants one of <paramref name="Verbs"/> on one of
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
    /// True if the rule applies only to objects with given names. A rule with the empty name also allows requests
    /// without an object name.
    /// </summary>
    public static bool IsLimited(RbacRule rule) => rule.ResourceNames is { Count: > 0 } names && !names.Contains("");

    // A POST request has no object name, but server-side apply and PUT have one, and they are authorized as `create`
    // with that name. For list and watch, the name comes from a field selector. For deletecollection, no name is
    // compared.
    private static bool CanHaveName(string verb) => verb != "deletecollection";
}
