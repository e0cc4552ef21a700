namespace JitFunctions.Domain.Rights;

/// <summary>
/// Rights whose meaning is not known here: objects of other API groups, with which their controllers may do anything,
/// and verbs that Kubernetes itself does not ask about. Only reading such objects is taken for harmless. Opening a
/// subresource is not reading: <c>get</c> on a console is a console.
/// </summary>
internal static class UnknownRights
{
    private static readonly string[] Reading = ["get", "list", "watch"];

    private static readonly string[] Verbs =
    [
        .. Reading,
        "create",
        "update",
        "patch",
        "delete",
        "deletecollection",
        "approve",
        "attest",
        "bind",
        "escalate",
        "proxy",
        "sign",
        "use",
    ];

    // What a controller says of an object.
    private const string Status = "/status";

    // Of whatever API: the number of replicas; and whether an owner may hold up the deletion of what it owns, which
    // admission asks about.
    private static readonly string[] KnownParts = ["/finalizers", "/scale"];

    public static IEnumerable<DangerousAccess> In(RbacRule rule)
    {
        var unknown = rule.Resources.Where(resource => IsUnknown(rule.ApiGroups, resource)).ToList();
        var doing = rule.Verbs.Where(verb => !Reading.Contains(verb) && !IsImpersonation(verb)).ToList();
        var connects = rule.HasVerb("get") ? unknown.Where(IsOpenedByGet).ToList() : [];
        var strange = doing.Where(verb => verb != RbacRule.Wildcard && !Verbs.Contains(verb)).ToList();
        return
        [
            .. Accesses(rule, doing.Contains(RbacRule.Wildcard) ? [RbacRule.Wildcard] : doing, unknown),
            .. doing.Contains(RbacRule.Wildcard) ? [] : Accesses(rule, ["get"], connects),
            .. Accesses(rule, strange, [.. rule.Resources.Except(unknown)]),
        ];
    }

    private static bool IsUnknown(IReadOnlyList<string> groups, string resource) =>
        resource switch
        {
            RbacRule.Wildcard => true,
            // It has a meaning in no rule: `pods/*` is no pattern.
            _ when resource.LastIndexOf('*') > 0 || KnownParts.Contains(Part(resource)) => false,
            _ => groups.Any(group =>
                !KnownResources.Contains(group, resource)
                && !(KnownResources.HasGroup(group) && IsKnownIn(groups, resource))
            ),
        };

    // Many write all their API groups and all their resources into one rule: there are no pods in apps, and nobody
    // means them.
    private static bool IsKnownIn(IReadOnlyList<string> groups, string resource) =>
        groups.Any(group => KnownResources.Contains(group, resource));

    private static bool IsOpenedByGet(string resource) =>
        resource == RbacRule.Wildcard || Part(resource) is not ("" or Status);

    private static string Part(string resource) =>
        resource.IndexOf('/', StringComparison.Ordinal) is >= 0 and var slash ? resource[slash..] : "";

    // What there is to say of these is another kind of danger.
    private static bool IsImpersonation(string verb) =>
        verb == "impersonate"
        || verb.StartsWith("impersonate:", StringComparison.Ordinal)
        || verb.StartsWith("impersonate-on:", StringComparison.Ordinal);

    private static IEnumerable<DangerousAccess> Accesses(RbacRule rule, List<string> verbs, List<string> resources) =>
        resources is [] || rule.ApiGroups is []
            ? []
            : verbs.Select(verb => new DangerousAccess(
                RightsWords.Verbs([verb]),
                RightsWords.Resources(resources, rule.ApiGroups)
            ));
}
