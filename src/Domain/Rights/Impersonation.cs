namespace JitFunctions.Domain.Rights;

/// <summary>
/// Detects rights to act as somebody else: the verb <c>impersonate</c>, and the verbs of constrained impersonation:
/// <c>impersonate:MODE</c> on the impersonated identity and <c>impersonate-on:MODE:VERB</c> on the resource of the
/// impersonated request. The API server checks service accounts in their namespace, and all other identities at cluster
/// scope. Source: kubernetes/enhancements, keps/sig-auth/5284-constrained-impersonation; kubernetes/kubernetes,
/// <c>endpoints/filters/impersonation/mode.go</c> of k8s.io/apiserver.
/// </summary>
internal static class Impersonation
{
    private const string Authentication = "authentication.k8s.io";
    private const string Extras = "userextras";
    private const string Unconstrained = "impersonate";
    private const string Identity = "impersonate:";
    private const string Action = "impersonate-on:";

    private static readonly string[] Known = ["user-info", "serviceaccount", "arbitrary-node", "associated-node"];

    private static readonly DangerSign[] AsAnything =
    [
        new("", ["users", "groups"], [Unconstrained], ClusterOnly: true),
        new("", ["serviceaccounts"], [Unconstrained]),
        new(Authentication, ["uids"], [Unconstrained], ClusterOnly: true),
    ];

    private static readonly DangerSign[] Constrained =
    [
        new(Authentication, ["users", "groups", "uids"], [Identity + "user-info"], ClusterOnly: true),
        new(Authentication, ["serviceaccounts"], [Identity + "serviceaccount"]),
        new(Authentication, ["nodes"], [Identity + "arbitrary-node", Identity + "associated-node"], ClusterOnly: true),
    ];

    public static IEnumerable<DangerousAccess> In(RbacRule rule)
    {
        var asAnything = AsAnything.SelectMany(sign => sign.In(rule)).ToList();
        return
        [
            .. asAnything,
            .. Constrained
                .SelectMany(sign => sign.In(rule))
                .Where(access => asAnything.TrueForAll(more => more.Resource != access.Resource)),
            .. ExtrasIn(rule),
            .. FurtherVerbsIn(rule),
        ];
    }

    // The subresource is the key of the extra field and can be anything, for example userextras/scopes.
    private static IEnumerable<DangerousAccess> ExtrasIn(RbacRule rule) =>
        from verb in new[] { Unconstrained, Identity + "user-info" }
        where rule.HasApiGroup(Authentication) && rule.HasVerb(verb)
        let extras = rule
            .Resources.Where(resource =>
                resource.StartsWith(Extras + "/", StringComparison.Ordinal)
                || (resource.StartsWith("*/", StringComparison.Ordinal) && rule.Verbs.Contains(verb))
            )
            .ToList()
        where extras.Count > 0
        select new DangerousAccess(verb, RightsWords.List(extras), ClusterOnly: true);

    // The verbs for actions apply to any resource. For unknown modes, it is also unknown on which resource they are
    // checked.
    private static IEnumerable<DangerousAccess> FurtherVerbsIn(RbacRule rule)
    {
        var verbs = rule
            .Verbs.Where(verb =>
                verb.StartsWith(Action, StringComparison.Ordinal)
                || (verb.StartsWith(Identity, StringComparison.Ordinal) && !Known.Contains(verb[Identity.Length..]))
            )
            .ToList();
        return verbs.Count == 0 || rule.Resources.Count == 0 || rule.ApiGroups.Count == 0
            ? []
            : [new(RightsWords.Verbs(verbs), RightsWords.Resources(rule.Resources, rule.ApiGroups))];
    }
}
