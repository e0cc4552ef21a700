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

    /// <summary>Verbs, resources and groups, of which each is enough, and the kind.</summary>
    private static readonly (string Verbs, string Resources, string Group, string Kind)[] InANamespace =
    [
        ("escalate", "roles", Rbac, "escalate"),
        ("bind", "roles clusterroles", Rbac, "bind"),
        ("impersonate", "serviceaccounts", "core", "impersonate"),
        ("impersonate:serviceaccount", "serviceaccounts", Authentication, "impersonate"),
        (
            "impersonate-on:user-info:get impersonate-on:serviceaccount:create "
                + "impersonate-on:arbitrary-node:list impersonate-on:new-mode:get",
            "pods configmaps",
            "core",
            "impersonate"
        ),
        ("impersonate:new-mode", "whatever", Authentication, "impersonate"),
        ("create", "serviceaccounts/token", "core", "request-tokens"),
        ("create", "secrets", "core", "create-token-secrets"),
        ("create", "podcertificaterequests", Certificates, "approve-certificates"),
        ("update patch", "podcertificaterequests/status", Certificates, "sign-certificates"),
        ("create", "bindings pods/binding */binding", "core", "change-nodes"),
        ("update patch", "resourceclaims/status", "resource.k8s.io", "change-nodes"),
        ("get list watch delete deletecollection", "secrets", "core", "read-secrets"),
        ("update", "secrets", "core", "change-secrets"),
        ("create update patch", "pods replicationcontrollers", "core", "run-workloads"),
        (
            "create update patch",
            "daemonsets deployments replicasets statefulsets controllerrevisions",
            "apps",
            "run-workloads"
        ),
        ("create update patch", "daemonsets deployments replicasets", "extensions", "run-workloads"),
        ("create update patch", "cronjobs jobs", "batch", "run-workloads"),
        ("create update patch", "podpresets", "settings.k8s.io", "run-workloads"),
        ("get create", "pods/exec pods/attach */exec", "core", "enter-pods"),
        ("update patch", "pods/ephemeralcontainers", "core", "enter-pods"),
        ("get create", "pods/portforward */portforward", "core", "reach-pods"),
        ("get create update patch delete", "pods/proxy services/proxy", "core", "reach-pods"),
        ("proxy", "pods services", "core", "reach-pods"),
        ("create update patch", "endpoints services", "core", "change-traffic"),
        ("update patch", "pods/status services/status", "core", "change-traffic"),
        ("create update patch", "endpointslices", "discovery.k8s.io", "change-traffic"),
        ("create", "endpoints/restricted", "core", "change-traffic"),
        ("create", "endpointslices/restricted", "discovery.k8s.io", "change-traffic"),
        ("create update patch", "ingresses networkpolicies", "networking.k8s.io extensions", "change-traffic"),
        ("delete deletecollection", "networkpolicies", "networking.k8s.io extensions", "change-traffic"),
        ("update patch", "ingresses/status", "networking.k8s.io extensions", "change-traffic"),
        ("use", "podsecuritypolicies", "policy extensions", "lift-pod-security"),
        ("use", "securitycontextconstraints", "security.openshift.io", "lift-pod-security"),
        ("update patch", "namespaces namespaces/status namespaces/finalize", "core", "change-namespaces"),
        ("create update patch", "roles rolebindings", Rbac, "hand-on-rights"),
        ("*", "events", "core", "wildcard-verbs"),
        ("list watch", "*", "example.com", "wildcard-resources"),
        // Objects, parts of objects and verbs that Kubernetes has not.
        (
            "create update patch delete deletecollection approve anything",
            "widgets widgets/status */status widgets/console",
            "example.com",
            "unknown-rights"
        ),
        ("get", "widgets/console */console", "example.com", "unknown-rights"),
        (
            "create update patch delete",
            "widgets widgets/status pods/other */other roles",
            "core apps",
            "unknown-rights"
        ),
        ("get", "pods/other clusterroles/bind", "core apps", "unknown-rights"),
        ("delete deletecollection", "serviceaccounts", "*", "unknown-rights"),
        ("anything impersonated Get", "pods serviceaccounts deployments */log", "core", "unknown-rights"),
        ("anything", "deployments", "apps", "unknown-rights"),
        ("bind escalate", "roles clusterroles", "core", "unknown-rights"),
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
        (
            "create update patch delete deletecollection",
            "mutatingwebhookconfigurations validatingwebhookconfigurations mutatingadmissionpolicies "
                + "mutatingadmissionpolicybindings "
                + "validatingadmissionpolicies validatingadmissionpolicybindings",
            Admission,
            "control-admission"
        ),
        (
            "create update patch delete deletecollection",
            "flowschemas prioritylevelconfigurations",
            "flowcontrol.apiserver.k8s.io",
            "control-admission"
        ),
        ("create update patch delete", "apiservices", "apiregistration.k8s.io", "extend-api"),
        ("create update patch delete", "customresourcedefinitions", "apiextensions.k8s.io", "extend-api"),
        (
            "create",
            "certificatesigningrequests/nodeclient certificatesigningrequests/selfnodeclient "
                + "certificatesigningrequests/selfnodeserver",
            Certificates,
            "approve-certificates"
        ),
        ("attest", "signers", Certificates, "sign-certificates"),
        ("create update patch", "clustertrustbundles", Certificates, "sign-certificates"),
        ("deletecollection", "apiservices", "apiregistration.k8s.io", "extend-api"),
        ("deletecollection", "customresourcedefinitions", "apiextensions.k8s.io", "extend-api"),
        ("update patch", "apiservices/status", "apiregistration.k8s.io", "extend-api"),
        ("update patch", "customresourcedefinitions/status", "apiextensions.k8s.io", "extend-api"),
        ("get create update patch delete", "nodes/proxy", "core", "reach-kubelets"),
        ("proxy", "nodes", "core", "reach-kubelets"),
        ("create update patch delete deletecollection", "nodes", "core", "change-nodes"),
        ("update patch", "nodes/status", "core", "change-nodes"),
        ("create update patch", "runtimeclasses", "node.k8s.io", "change-nodes"),
        ("create update patch", "csinodes", "storage.k8s.io", "change-nodes"),
        ("create update patch", "deviceclasses devicetaintrules resourceslices", "resource.k8s.io", "change-nodes"),
        ("create update patch", "persistentvolumes", "core", "mount-node-disks"),
        ("create update patch", "csidrivers storageclasses volumeattachments", "storage.k8s.io", "mount-node-disks"),
        ("create update patch", "ingressclasses", "networking.k8s.io", "change-traffic"),
        ("create update patch", "podsecuritypolicies", "policy extensions", "lift-pod-security"),
        ("create update patch", "securitycontextconstraints", "security.openshift.io", "lift-pod-security"),
        ("create", "namespaces", "core", "change-namespaces"),
        ("get create", "nodes/log */log", "core", "read-server-logs"),
        ("create update patch", "clusterroles clusterrolebindings", Rbac, "hand-on-rights"),
    ];

    /// <summary>
    /// Ordinary where people work, and what the cluster itself goes by in Kubernetes' own namespaces.
    /// </summary>
    private static readonly (string Verbs, string Resources, string Group, string Kind)[] InASystemNamespaceOnly =
    [
        ("create update patch", "configmaps", "core", "change-system-config"),
        ("create update patch", "leases leasecandidates", "coordination.k8s.io", "change-system-config"),
    ];

    private static readonly string[] DangerousGroups =
    [
        "core",
        "apps",
        "batch",
        "policy",
        Rbac,
        Authentication,
        Certificates,
        Admission,
        "apiregistration.k8s.io",
        "apiextensions.k8s.io",
    ];

    private static readonly RbacRule[] Harmless =
    [
        Rule("get list watch", "nodes persistentvolumes pods namespaces serviceaccounts configmaps"),
        Rule(
            "delete deletecollection",
            "pods configmaps events namespaces serviceaccounts persistentvolumes persistentvolumeclaims services"
        ),
        Rule("get list watch", "roles rolebindings clusterroles clusterrolebindings", Rbac),
        Rule("delete", "roles rolebindings", Rbac),
        Rule("get", "pods/log pods/status nodes/metrics nodes/stats"),
        Rule("list watch update", "pods/exec pods/attach"),
        Rule("create", "pods/eviction serviceaccounts persistentvolumeclaims"),
        Rule(
            "create update patch",
            "persistentvolumeclaims serviceaccounts events resourcequotas limitranges podtemplates"
        ),
        Rule("update patch", "deployments/scale deployments/status", "apps"),
        Rule("get update patch", "*/scale", "apps example.com"),
        Rule("update", "deployments/finalizers widgets/finalizers", "apps example.com"),
        Rule(
            "get list delete",
            "pods deployments ingresses poddisruptionbudgets",
            "core apps extensions policy networking.k8s.io"
        ),
        Rule("create update patch delete deletecollection", "horizontalpodautoscalers", "autoscaling"),
        Rule("create update patch delete deletecollection", "poddisruptionbudgets", "policy"),
        Rule(
            "create",
            "subjectaccessreviews localsubjectaccessreviews selfsubjectaccessreviews",
            "authorization.k8s.io"
        ),
        Rule("create", "certificatesigningrequests", Certificates),
        Rule("get create update delete", "pods/* pods/log"),
        Rule("get list watch", "secrets widgets widgets/status widgets/scale", "example.com"),
        Rule("get list watch", "pods secretstores", "*"),
        Rule("create", "pods", "metrics.k8s.io"),
        Rule("use approve", "pods", "core"),
        Rule("impersonate", "users", Authentication),
        Rule("impersonate", "userextras", Authentication),
        Rule("*", "", "*"),
        Urls("get", "/metrics /healthz /healthz/* /version /apis/* /debugging /log /openapi/*"),
        Urls("", "/logs"),
    ];

    [Fact]
    public void Every_dangerous_right_is_known_alone()
    {
        foreach (var (rule, kind) in Alone([.. InANamespace, .. InTheClusterOnly, .. InASystemNamespaceOnly]))
            Assert.Equal([$"Cluster {kind}"], Kinds(Everywhere(rule)));
    }

    [Fact]
    public void In_a_namespace_only_what_a_role_binding_reaches_is_a_danger()
    {
        foreach (var (rule, kind) in Alone(InANamespace))
            Assert.Equal([$"Namespace {kind}"], Kinds(In("payments", rule)));
        foreach (var (rule, _) in Alone(InTheClusterOnly))
            Assert.Empty(Kinds(In("payments kube-system", rule)));
        foreach (var (rule, kind) in Alone(InASystemNamespaceOnly))
            Assert.Equal([$"Cluster {kind}"], Kinds(In("payments kube-system", rule)));
        foreach (var (rule, _) in Alone(InASystemNamespaceOnly))
            Assert.Empty(Kinds(In("payments kubeflow", rule)));
    }

    /// <summary>Who patches a secret reads it and changes it.</summary>
    [Fact]
    public void A_right_that_is_dangerous_in_two_ways_is_told_twice() =>
        Assert.Equal(
            ["Namespace read-secrets", "Namespace change-secrets"],
            Kinds(In("payments", Rule("patch", "secrets")))
        );

    [Theory]
    [InlineData("get", "/logs")]
    [InlineData("*", "*")]
    [InlineData("get", "/*")]
    [InlineData("get", "/logs/*")]
    [InlineData("get", "/l*")]
    [InlineData("get", "/logs/kube-apiserver.log")]
    [InlineData("get", "/debug/pprof/heap")]
    [InlineData("put", "/debug/flags/v")]
    public void Logs_and_profiles_of_the_API_server_are_paths_and_not_objects(string verb, string url)
    {
        Assert.Equal(["Cluster read-server-logs"], Kinds(Everywhere(Urls(verb, url))));
        Assert.Empty(Kinds(In("payments kube-system", Urls(verb, url))));
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
        foreach (var (rule, kind) in Alone([.. InANamespace, .. InTheClusterOnly, .. InASystemNamespaceOnly]))
        {
            Assert.Contains($"Cluster {kind}", Kinds(Everywhere(rule with { ApiGroups = ["*"] })));
            Assert.Contains($"Cluster {kind}", Kinds(Everywhere(rule with { Resources = ["*"] })));
        }

        foreach (var kind in DangerousRights.Kinds.Except(["full-control", "wildcard-resources", "system-role"]))
            Assert.Contains(
                $"Cluster {kind}",
                Kinds(Everywhere([.. DangerousGroups.Select(group => Rule("*", "*", group))]))
            );
    }

    [Fact]
    public void What_only_looks_dangerous_is_none() =>
        Assert.Each(Harmless, rule => Assert.Empty(Kinds(Everywhere(rule))));

    [Theory]
    [InlineData("core apps", "pods deployments pdos", "delete pdos of apps and core")]
    [InlineData("core example.com", "pods", "delete pods of core and example.com")]
    public void In_a_rule_for_many_API_groups_each_resource_is_known_in_one_or_is_unknown(
        string groups,
        string resources,
        string words
    ) =>
        Assert.EndsWith(
            $"it may {words}",
            Assert.Single(DangerousRights.In([In("payments", Rule("delete", resources, groups))])).BlastRadius,
            StringComparison.Ordinal
        );

    /// <summary>
    /// What later versions than that of the tests have, or earlier ones had. Source: kubernetes/kubernetes,
    /// <c>api/discovery</c>, without what is alpha.
    /// </summary>
    [Theory]
    [InlineData("core", "pods/ephemeralcontainers pods/resize")]
    [InlineData(
        Admission,
        "mutatingadmissionpolicies mutatingadmissionpolicybindings validatingadmissionpolicies "
            + "validatingadmissionpolicies/status validatingadmissionpolicybindings"
    )]
    [InlineData(Authentication, "selfsubjectreviews")]
    [InlineData("autoscaling", "horizontalpodautoscalers horizontalpodautoscalers/status")]
    [InlineData("batch", "cronjobs cronjobs/status jobs jobs/status")]
    [InlineData(Certificates, "clustertrustbundles podcertificaterequests podcertificaterequests/status")]
    [InlineData("coordination.k8s.io", "leasecandidates")]
    [InlineData("discovery.k8s.io", "endpointslices")]
    [InlineData(
        "extensions",
        "daemonsets deployments deployments/scale ingresses networkpolicies podsecuritypolicies replicasets"
    )]
    [InlineData("networking.k8s.io", "ipaddresses servicecidrs servicecidrs/status")]
    [InlineData("policy", "poddisruptionbudgets podsecuritypolicies")]
    [InlineData(
        "resource.k8s.io",
        "deviceclasses devicetaintrules resourceclaims resourceclaims/status resourceclaimtemplates resourceslices"
    )]
    [InlineData(
        "storage.k8s.io",
        "csidrivers csinodes csistoragecapacities storageclasses volumeattachments volumeattributesclasses"
    )]
    [InlineData("storagemigration.k8s.io", "storageversionmigrations storageversionmigrations/status")]
    public void Resources_of_other_versions_of_Kubernetes_are_known(string group, string resources) =>
        Assert.Each(
            Words(resources),
            resource =>
                Assert.DoesNotContain(
                    "Cluster unknown-rights",
                    Kinds(Everywhere(Rule("get create update patch delete", resource, group)))
                )
        );

    [Fact]
    public void All_kinds_are_in_these_tables_once()
    {
        string[] others = ["full-control", "system-role"];
        Assert.Equal(
            DangerousRights.Kinds.Order(),
            InANamespace
                .Concat(InTheClusterOnly)
                .Concat(InASystemNamespaceOnly)
                .Select(row => row.Kind)
                .Concat(others)
                .Distinct()
                .Order()
        );
        Assert.Equal(DangerousRights.Kinds, DangerousRights.Kinds.Distinct());
    }

    [Theory]
    [InlineData("*", "*", "*", true)]
    [InlineData("* get", "pods *", "core *", true)]
    [InlineData("get", "*", "*", false)]
    [InlineData("*", "pods */exec", "*", false)]
    [InlineData("*", "*", "core apps", false)]
    public void Full_control_is_every_verb_resource_and_group_in_one_rule(
        string verbs,
        string resources,
        string groups,
        bool full
    )
    {
        Assert.Equal(full, DangerousRights.IsFullControl([Rule("get", "pods"), Rule(verbs, resources, groups)]));
        Assert.Equal(full, Kinds(In("payments", Rule(verbs, resources, groups))).Contains("Namespace full-control"));
        Assert.False(DangerousRights.IsFullControl([Rule(verbs, resources, groups, "db")]));
    }

    [Fact]
    public void Rules_that_are_only_partly_wildcards_do_not_add_up_to_full_control() =>
        Assert.False(
            DangerousRights.IsFullControl([
                Rule("*", "*", "core"),
                Rule("*", "pods", "*"),
                Rule("get", "*", "*"),
                Urls("*", "*"),
            ])
        );

    [Theory]
    [InlineData("system:node", true)]
    [InlineData("system:", true)]
    [InlineData("systems", false)]
    [InlineData("my-system:node", false)]
    [InlineData(null, false)]
    public void A_role_of_kubernetes_itself_is_known_by_its_name(string? name, bool system)
    {
        Assert.Equal(
            system ? ["Cluster system-role", "Namespace system-role"] : [],
            Kinds([In("payments"), In("kube-system")], name)
        );
        Assert.Equal(system ? ["Cluster system-role"] : [], Kinds([Everywhere()], name));
    }

    [Theory]
    [InlineData("get", "authentication.k8s.io")]
    [InlineData("impersonate", "core")]
    public void Extra_fields_are_impersonated_only_by_the_verb_in_their_API_group(string verb, string group) =>
        Assert.DoesNotContain("Cluster impersonate", Kinds(Everywhere(Rule(verb, "userextras/scopes", group))));

    private static IEnumerable<(RbacRule Rule, string Kind)> Alone(
        (string Verbs, string Resources, string Group, string Kind)[] table
    ) =>
        from row in table
        from verb in Words(row.Verbs)
        from resource in Words(row.Resources)
        from apiGroup in Words(row.Group)
        select (Rule(verb, resource, apiGroup), row.Kind);

    private static string[] Kinds(params NamespacedRules[] rights) => Kinds(rights, null);

    private static string[] Kinds(NamespacedRules[] rights, string? role) =>
        [.. DangerousRights.In(rights, role).Select(right => $"{right.Reach} {right.Kind}")];
}
