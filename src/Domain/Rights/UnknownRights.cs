namespace JitFunctions.Domain.Rights;

/// <summary>
/// Detects rights whose meaning is unknown: objects of other API groups, whose controllers may do anything, and verbs
/// that Kubernetes itself does not check. Only reading such objects counts as harmless. Access to a subresource does
/// not count as reading: <c>get</c> on a console subresource opens a console.
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

    // The status that a controller reports for an object.
    private const string Status = "/status";

    // These subresources are harmless in any API: the number of replicas, and whether an owner may block the deletion
    // of the objects it owns, which admission checks.
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
            // `pods/*` has no effect in a rule, because it is not a pattern.
            _ when resource.LastIndexOf('*') > 0 || KnownParts.Contains(Part(resource)) => false,
            _ => groups.Any(group =>
                !KnownResources.Contains(group, resource)
                && !(KnownResources.HasGroup(group) && IsKnownIn(groups, resource))
            ),
        };

    // Many roles list all their API groups and all their resources in one rule. A combination that does not exist, such
    // as pods in apps, does not count as unknown.
    private static bool IsKnownIn(IReadOnlyList<string> groups, string resource) =>
        groups.Any(group => KnownResources.Contains(group, resource));

    private static bool IsOpenedByGet(string resource) =>
        resource == RbacRule.Wildcard || Part(resource) is not ("" or Status);

    private static string Part(string resource) =>
        resource.IndexOf('/', StringComparison.Ordinal) is >= 0 and var slash ? resource[slash..] : "";

    // Impersonation has its own kind of dangerous right.
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
