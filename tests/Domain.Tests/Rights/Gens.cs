using CsCheck;
using JitFunctions.Domain.Rights;

namespace JitFunctions.Domain.Tests.Rights;

/// <summary>Rules over few words, so that they often meet.</summary>
internal static class Gens
{
    private static readonly string[] Verbs = ["get", "create", "patch"];
    private static readonly string[] Groups = ["", "apps"];
    private static readonly string[] Resources = ["pods", "pods/exec", "nodes/exec", "secrets"];

    public static readonly Gen<RbacRule> PlainRule =
        from verbs in Some(Verbs)
        from groups in Some(Groups)
        from resources in Some(Resources)
        from names in OneOf<IReadOnlyList<string>?>(null, [], ["a"], ["a", "b"], ["b", ""])
        select new RbacRule(groups, resources, verbs, names);

    public static readonly Gen<RbacRule> Rule =
        from rule in PlainRule
        from wildcard in Gen.Int[0, 7]
        select wildcard switch
        {
            0 => rule with { Verbs = ["*"] },
            1 => rule with { ApiGroups = ["*"] },
            2 => rule with { Resources = ["*"] },
            3 => rule with { Resources = ["*/exec"] },
            4 => rule with { Resources = ["*"], ApiGroups = ["*"], Verbs = ["*"] },
            _ => rule,
        };

    /// <summary>Rules that have something to do with danger.</summary>
    public static readonly Gen<NamespacedRules> Placed =
        from names in OneOf<IReadOnlyList<string>?>(null, [], ["db"], ["db", ""])
        from resources in Some(
            "pods",
            "pods/exec",
            "secrets",
            "roles",
            "clusterroles",
            "users",
            "serviceaccounts",
            "serviceaccounts/token",
            "nodes",
            "nodes/proxy",
            "namespaces",
            "configmaps",
            "widgets",
            "*",
            "*/exec"
        )
        from groups in Some("", "rbac.authorization.k8s.io", "authentication.k8s.io", "example.com", "*")
        from verbs in Some(
            "get",
            "create",
            "patch",
            "delete",
            "anything",
            "bind",
            "escalate",
            "impersonate",
            "impersonate:user-info",
            "impersonate-on:user-info:get",
            "*"
        )
        from namespaces in OneOf<IReadOnlyList<string>>(
            [],
            ["payments"],
            ["orders", "payments"],
            ["kube-system"],
            ["kube-system", "payments"]
        )
        select new NamespacedRules(namespaces, [new RbacRule(groups, resources, verbs, names)]);

    /// <summary>Every access over these words, also such as no rule knows.</summary>
    public static readonly IReadOnlyList<ResourceAccess> Accesses =
    [
        .. from verb in Verbs.Append("other")
        from apiGroup in Groups.Append("other")
        from resource in Resources.Append("other")
        from name in new[] { null, "a", "b", "other" }
        select new ResourceAccess(verb, apiGroup, resource, name),
    ];

    private static Gen<IReadOnlyList<string>> Some(params string[] words) =>
        Gen.Shuffle(words, 1, Math.Min(3, words.Length)).Select(IReadOnlyList<string> (some) => some);

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);
}
