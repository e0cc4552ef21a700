using JitFunctions.Domain.Rights;
using static JitFunctions.Domain.Tests.Rights.Rules;

namespace JitFunctions.Domain.Tests.Rights;

/// <summary>Every dangerous right by itself, and what looks like one.</summary>
public sealed class DangerTests
{
    private const string Rbac = "rbac.authorization.k8s.io";
    private const string Authentication = "authentication.k8s.io";
    private const string Certificates = "certificates.k8s.io";
    private const string Admission = "admissionregistration.k8s.io";

    /// <summary>Verbs (each is enough), resources (each is enough), group, kind.</summary>
    private static readonly (string Verbs, string Resources, string Group, string Kind)[] InANamespace =
    [
        ("escalate", "roles", Rbac, "escalate"),
        ("bind", "roles clusterroles", Rbac, "bind"),
        ("impersonate", "serviceaccounts", "core", "impersonate"),
        ("impersonate:serviceaccount", "serviceaccounts", Authentication, "impersonate"),
        ("impersonate-on:user-info:get impersonate-on:serviceaccount:create impersonate-on:arbitrary-node:list impersonate-on:new-mode:get", "pods configmaps", "core", "impersonate"),
        ("impersonate:new-mode", "whatever", Authentication, "impersonate"),
        ("create", "serviceaccounts/token", "core", "request-tokens"),
        ("create", "secrets", "core", "create-token-secrets"),
        ("get list watch", "secrets", "core", "read-secrets"),
        ("create update patch", "pods replicationcontrollers", "core", "run-workloads"),
        ("create update patch", "daemonsets deployments replicasets statefulsets", "apps", "run-workloads"),
        ("create update patch", "cronjobs jobs", "batch", "run-workloads"),
        ("get create", "pods/exec pods/attach */exec", "core", "enter-pods"),
        ("update patch", "pods/ephemeralcontainers", "core", "enter-pods"),
        ("update patch", "namespaces namespaces/status namespaces/finalize", "core", "change-namespaces"),
        ("create update patch", "roles rolebindings", Rbac, "hand-on-rights"),
        ("*", "configmaps", "core", "wildcard-verbs"),
        ("get", "*", "example.com", "wildcard-resources"),
    ];

    private static readonly (string Verbs, string Resources, string Group, string Kind)[] InTheClusterOnly =
    [
        ("escalate", "clusterroles", Rbac, "escalate"),
        ("impersonate", "users groups", "core", "impersonate"),
        ("impersonate", "uids userextras/scopes */scopes", Authentication, "impersonate"),
        ("impersonate:user-info", "users groups uids userextras/scopes */scopes", Authentication, "impersonate"),
        ("impersonate:arbitrary-node impersonate:associated-node", "nodes", Authentication, "impersonate"),
        ("update patch", "certificatesigningrequests/approval", Certificates, "approve-certificates"),
        ("approve", "signers", Certificates, "approve-certificates"),
        ("update patch", "certificatesigningrequests/status", Certificates, "sign-certificates"),
        ("sign", "signers", Certificates, "sign-certificates"),
        ("create update patch delete deletecollection",
            "mutatingwebhookconfigurations validatingwebhookconfigurations mutatingadmissionpolicies mutatingadmissionpolicybindings "
            + "validatingadmissionpolicies validatingadmissionpolicybindings", Admission, "control-admission"),
        ("create update patch delete", "apiservices", "apiregistration.k8s.io", "extend-api"),
        ("create update patch delete", "customresourcedefinitions", "apiextensions.k8s.io", "extend-api"),
        ("get create update patch delete", "nodes/proxy */proxy", "core", "reach-kubelets"),
        ("update patch", "nodes nodes/status", "core", "change-nodes"),
        ("create update patch", "persistentvolumes", "core", "mount-node-disks"),
        ("create update patch", "clusterroles clusterrolebindings", Rbac, "hand-on-rights"),
    ];

    private static readonly string[] DangerousGroups =
        ["core", "apps", "batch", Rbac, Authentication, Certificates, Admission, "apiregistration.k8s.io", "apiextensions.k8s.io"];

    private static readonly RbacRule[] Harmless =
    [
        Rule("get list watch", "nodes persistentvolumes pods namespaces serviceaccounts configmaps"),
        Rule("delete deletecollection", "pods secrets namespaces serviceaccounts nodes persistentvolumes"),
        Rule("get list watch", "roles rolebindings clusterroles clusterrolebindings", Rbac),
        Rule("delete", "roles rolebindings", Rbac),
        Rule("get", "pods/log pods/status pods/portforward"),
        Rule("list watch update", "pods/exec pods/attach"),
        Rule("create", "pods/eviction namespaces serviceaccounts"),
        Rule("update patch", "deployments/scale deployments/status", "apps"),
        Rule("create", "certificatesigningrequests", Certificates),
        Rule("get create", "pods/* */log"),
        Rule("get list", "secrets clusterroles/bind", "example.com"),
        Rule("create", "pods deployments", "extensions metrics.k8s.io"),
        Rule("bind escalate", "roles clusterroles", "core"),
        Rule("impersonate", "users", Authentication),
        Rule("impersonate", "userextras", Authentication),
        Rule("impersonated", "serviceaccounts"),
        Rule("*", "", "*"),
        Urls("*", "*"),
    ];

    [Fact]
    public void Every_dangerous_right_is_known_alone()
    {
        foreach (var (rule, kind) in Alone(InANamespace).Concat(Alone(InTheClusterOnly)))
            Assert.Equal([$"Cluster {kind}"], Kinds(Everywhere(rule)));
    }

    [Fact]
    public void In_a_namespace_only_what_a_role_binding_reaches_is_a_danger()
    {
        foreach (var (rule, kind) in Alone(InANamespace))
            Assert.Equal([$"Namespace {kind}"], Kinds(In("payments", rule)));
        foreach (var (rule, _) in Alone(InTheClusterOnly))
            Assert.Empty(Kinds(In("payments kube-system", rule)));
    }

    [Fact]
    public void In_a_namespace_of_kubernetes_itself_it_is_a_danger_for_the_cluster()
    {
        foreach (var (rule, kind) in Alone(InANamespace))
        {
            Assert.Equal([$"Cluster {kind}", $"Namespace {kind}"], Kinds(In("payments kube-system", rule)));
            Assert.Equal([$"Namespace {kind}"], Kinds(In("kubeflow my-kube-system", rule)));
        }
    }

    [Fact]
    public void Wildcards_include_what_is_dangerous_among_them()
    {
        foreach (var (rule, kind) in Alone(InANamespace).Concat(Alone(InTheClusterOnly)))
        {
            Assert.Contains($"Cluster {kind}", Kinds(Everywhere(rule with { ApiGroups = ["*"] })));
            Assert.Contains($"Cluster {kind}", Kinds(Everywhere(rule with { Resources = ["*"] })));
        }

        foreach (var kind in DangerousRights.Kinds.Except(["full-control", "wildcard-resources", "system-role"]))
            Assert.Contains($"Cluster {kind}", Kinds(Everywhere([.. DangerousGroups.Select(group => Rule("*", "*", group))])));
    }

    [Fact]
    public void What_only_looks_dangerous_is_none() => Assert.All(Harmless, rule => Assert.Empty(Kinds(Everywhere(rule))));

    [Fact]
    public void All_kinds_are_in_these_tables_once()
    {
        string[] others = ["full-control", "system-role"];
        Assert.Equal(DangerousRights.Kinds.Order(), InANamespace.Concat(InTheClusterOnly).Select(row => row.Kind).Concat(others).Distinct().Order());
        Assert.Equal(DangerousRights.Kinds, DangerousRights.Kinds.Distinct());
    }

    [Theory]
    [InlineData("*", "*", "*", true)]
    [InlineData("* get", "pods *", "core *", true)]
    [InlineData("get", "*", "*", false)]
    [InlineData("*", "pods */exec", "*", false)]
    [InlineData("*", "*", "core apps", false)]
    public void Full_control_is_every_verb_resource_and_group_in_one_rule(string verbs, string resources, string groups, bool full)
    {
        Assert.Equal(full, DangerousRights.IsFullControl([Rule("get", "pods"), Rule(verbs, resources, groups)]));
        Assert.Equal(full, Kinds(In("payments", Rule(verbs, resources, groups))).Contains("Namespace full-control"));
        Assert.False(DangerousRights.IsFullControl([Rule(verbs, resources, groups, "db")]));
    }

    [Fact]
    public void Two_halves_are_no_full_control() =>
        Assert.False(DangerousRights.IsFullControl([Rule("*", "*", "core"), Rule("*", "pods", "*"), Rule("get", "*", "*"), Urls("*", "*")]));

    [Theory]
    [InlineData("system:node", true)]
    [InlineData("system:", true)]
    [InlineData("systems", false)]
    [InlineData("my-system:node", false)]
    [InlineData(null, false)]
    public void A_role_of_kubernetes_itself_is_known_by_its_name(string? name, bool system)
    {
        Assert.Equal(system ? ["Cluster system-role", "Namespace system-role"] : [], Kinds([In("payments"), In("kube-system")], name));
        Assert.Equal(system ? ["Cluster system-role"] : [], Kinds([Everywhere()], name));
    }

    private static IEnumerable<(RbacRule Rule, string Kind)> Alone((string Verbs, string Resources, string Group, string Kind)[] table) =>
        from row in table
        from verb in Words(row.Verbs)
        from resource in Words(row.Resources)
        select (Rule(verb, resource, row.Group), row.Kind);

    private static string[] Kinds(params PlacedRules[] rights) => Kinds(rights, null);

    private static string[] Kinds(PlacedRules[] rights, string? role) =>
        [.. DangerousRights.In(rights, role).Select(right => $"{right.Reach} {right.Kind}")];
}
