namespace JitFunctions.Domain.Rights;

/// <summary>Something in a rule that makes it dangerous, in words. A rule has few of them, however long it is.</summary>
/// <param name="ClusterOnly">True where only rights in the whole cluster take effect: no RoleBinding reaches objects outside namespaces.</param>
internal sealed record DangerousDeed(string Verb, string Resource, bool ClusterOnly = false);

/// <summary>Rights that are a danger each, wherever one rule gives one of <paramref name="Verbs"/> on one of <paramref name="Resources"/>.</summary>
internal sealed record DangerSign(string ApiGroup, IReadOnlyList<string> Resources, IReadOnlyList<string> Verbs, bool ClusterOnly = false)
{
    public IEnumerable<DangerousDeed> In(RbacRule rule) =>
        from resource in Resources
        from verb in Verbs
        where rule.HasApiGroup(ApiGroup) && rule.HasResource(resource) && rule.HasVerb(verb) && (!IsLimited(rule) || HasNameInUrl(verb, resource))
        select new DangerousDeed(verb, resource, ClusterOnly);

    /// <summary>True when the rule is for objects of given names only. The empty name lets through what names no object.</summary>
    public static bool IsLimited(RbacRule rule) => rule.ResourceNames is { Count: > 0 } names && !names.Contains("");

    // A new object's name is in the body, where the authorizer does not see it; a subresource is created at its parent's URL.
    private static bool HasNameInUrl(string verb, string resource) =>
        resource.Contains('/', StringComparison.Ordinal) || verb is not ("create" or "deletecollection");
}
