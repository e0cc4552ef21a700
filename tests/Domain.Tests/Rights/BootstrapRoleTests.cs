using JitFunctions.Domain.Rights;
using static JitFunctions.Domain.Tests.Rights.Rules;

namespace JitFunctions.Domain.Tests.Rights;

/// <summary>The roles that people really ask for, held against what is known of them.</summary>
public sealed class BootstrapRoleTests
{
    private static readonly string[] OfEdit =
    [
        "impersonate",
        "request-tokens",
        "create-token-secrets",
        "read-secrets",
        "change-secrets",
        "run-workloads",
        "enter-pods",
        "reach-pods",
        "change-traffic",
    ];

    private static readonly string[] OfAdmin = [.. OfEdit, "hand-on-rights"];

    private static readonly string[] OfFullControlInANamespace =
    [
        "full-control",
        "escalate",
        "bind",
        "impersonate",
        "request-tokens",
        "create-token-secrets",
        "approve-certificates",
        "sign-certificates",
        "change-nodes",
        "read-secrets",
        "change-secrets",
        "run-workloads",
        "enter-pods",
        "reach-pods",
        "change-traffic",
        "lift-pod-security",
        "change-namespaces",
        "hand-on-rights",
        "unknown-rights",
    ];

    [Fact]
    public void View_is_no_danger() =>
        Assert.Empty(
            DangerousRights.In([Everywhere(BootstrapRoles.View), In("kube-system", BootstrapRoles.View)], "view")
        );

    [Fact]
    public void Edit_can_become_every_service_account() => Found(OfEdit, BootstrapRoles.Edit, "edit");

    [Fact]
    public void Admin_hands_rights_on_too() => Found(OfAdmin, BootstrapRoles.Admin, "admin");

    [Fact]
    public void Cluster_admin_in_a_namespace_has_all_that_a_namespace_has() =>
        Assert.Equal(
            OfFullControlInANamespace,
            Kinds(DangerReach.Namespace, In("payments", BootstrapRoles.ClusterAdmin))
        );

    [Fact]
    public void Cluster_admin_has_every_danger_there_is() =>
        Assert.Equal(
            DangerousRights.Kinds.Except(["wildcard-verbs", "wildcard-resources", "system-role"]),
            Kinds(DangerReach.Cluster, Everywhere(BootstrapRoles.ClusterAdmin))
        );

    [Fact]
    public void Only_cluster_admin_is_full_control()
    {
        Assert.True(DangerousRights.IsFullControl(BootstrapRoles.ClusterAdmin));
        Assert.Each(
            [BootstrapRoles.View, BootstrapRoles.Edit, BootstrapRoles.Admin],
            rules => Assert.False(DangerousRights.IsFullControl(rules))
        );
    }

    [Fact]
    public void Each_lies_within_the_next_and_no_other_way_round()
    {
        RbacRule[][] ladder =
        [
            BootstrapRoles.View,
            BootstrapRoles.Edit,
            BootstrapRoles.Admin,
            BootstrapRoles.ClusterAdmin,
        ];
        for (var lower = 0; lower < ladder.Length; lower++)
        {
            for (var upper = lower + 1; upper < ladder.Length; upper++)
            {
                Assert.Empty(RuleCoverage.Uncovered(ladder[upper], ladder[lower]));
                Assert.NotEmpty(RuleCoverage.Uncovered(ladder[lower], ladder[upper]));
            }
        }
    }

    [Fact]
    public void What_admin_has_beyond_edit_is_told() =>
        Assert.Equal(
            [
                "create localsubjectaccessreviews of authorization.k8s.io",
                "get, list, watch, create, update, patch, delete and deletecollection rolebindings and roles of "
                    + "rbac.authorization.k8s.io",
            ],
            RuleCoverage.Uncovered(BootstrapRoles.Edit, BootstrapRoles.Admin)
        );

    private static void Found(string[] kinds, RbacRule[] rules, string role)
    {
        Assert.Equal(kinds, Kinds(DangerReach.Namespace, In("payments", rules)));
        Assert.Equal(
            kinds.Append("change-system-config").Order(),
            Kinds(DangerReach.Cluster, In("kube-system", rules)).Order()
        );
        Assert.Equal(
            kinds.Append("change-system-config").Order(),
            Kinds(DangerReach.Cluster, Everywhere(rules)).Order()
        );
        Assert.DoesNotContain(DangerousRights.In([Everywhere(rules)], role), right => right.Kind == "system-role");
    }

    private static IEnumerable<string> Kinds(DangerReach reach, NamespacedRules placed)
    {
        var found = DangerousRights.In([placed]);
        Assert.Each(found, right => Assert.Equal(reach, right.Reach));
        return found.Select(right => right.Kind);
    }
}
