namespace JitFunctions.Domain.Rights;

/// <param name="Words">Returns what the right allows, given the place such as <c>in payments</c>.</param>
internal sealed record Danger(string Kind, Func<string, string> Words, Func<RbacRule, IEnumerable<DangerousAccess>> In)
{
    public Danger(string kind, Func<string, string> words, params DangerSign[] signs)
        : this(kind, words, rule => signs.SelectMany(sign => sign.In(rule))) { }

    /// <summary>
    /// Verbs that are dangerous because the API server returns the object, although the verbs have another purpose.
    /// </summary>
    public IReadOnlyList<string> AnsweringVerbs { get; init; } = [];
}

/// <summary>
/// The dangerous rights, the most severe first. Source: kubernetes.io/docs/concepts/security/rbac-good-practices,
/// section "privilege escalation risks"; entries with other sources have their own comment.
/// <see cref="KnownResources"/> lists all resources that this table covers. If you add a resource there, add an entry
/// here for each verb that leads to more rights; a verb without an entry counts as harmless.
/// </summary>
internal static class DangerTable
{
    private const string Core = "";
    private const string Rbac = "rbac.authorization.k8s.io";
    private const string Certificates = "certificates.k8s.io";
    private const string Networking = "networking.k8s.io";
    private const string Resource = "resource.k8s.io";

    public static readonly string[] Read = ["get", "list", "watch"];

    // PATCH returns the object, even for an empty patch. DELETE with propagationPolicy=Foreground also returns it, and
    // deletecollection returns all objects, even in a dry run. POST and PUT do not: PUT returns only what was sent.
    // SecretAnswerTests verifies this.
    private static readonly string[] Answer = ["patch", "delete", "deletecollection"];
    private static readonly string[] Change = ["update", "patch"];
    private static readonly string[] CreateOrChange = ["create", .. Change];
    private static readonly string[] Write = [.. CreateOrChange, "delete", "deletecollection"];

    // Proxies forward any HTTP method: HEAD and GET are authorized as `get`.
    private static readonly string[] AnyMethod = ["get", .. CreateOrChange, "delete"];
    private static readonly string[] Workloads = ["daemonsets", "deployments", "replicasets"];

    private static readonly DangerSign NodeLogs = new(Core, ["nodes/log"], AnyMethod, ClusterOnly: true);

    public static readonly IReadOnlyList<Danger> All =
    [
        new("full-control", where => $"can do anything {where}", rule => IsFull(rule) ? Whole(rule) : []),
        new(
            "wildcard-verbs",
            where => $"can use every verb that exists or will exist {where}, including those that escalate",
            rule =>
                rule.Verbs.Contains(RbacRule.Wildcard)
                && rule is { Resources.Count: > 0, ApiGroups.Count: > 0 }
                && !IsFull(rule)
                    ? Whole(rule)
                    : []
        ),
        new(
            "wildcard-resources",
            where => $"can reach every kind of object that exists or will exist {where}",
            rule =>
                rule.Resources.Contains(RbacRule.Wildcard)
                && rule is { Verbs.Count: > 0, ApiGroups.Count: > 0 }
                && !IsFull(rule)
                    ? Whole(rule)
                    : []
        ),
        new(
            "escalate",
            where => $"can write any right into roles {where}",
            new(Rbac, ["roles"], ["escalate"]),
            new(Rbac, ["clusterroles"], ["escalate"], ClusterOnly: true)
        ),
        // The bind verb for a RoleBinding to a ClusterRole is checked in the namespace of the RoleBinding:
        // BindingAuthorized in pkg/registry/rbac/escalation_check.go.
        new(
            "bind",
            where => $"can bind roles that it does not hold {where}",
            new DangerSign(Rbac, ["roles", "clusterroles"], ["bind"])
        ),
        new("impersonate", where => $"can act as others {where}", Impersonation.In),
        new(
            "request-tokens",
            where => $"can obtain tokens of service accounts {where}, which may outlive the grant",
            new DangerSign(Core, ["serviceaccounts/token"], ["create"])
        ),
        // The control plane writes a token into each Secret of type kubernetes.io/service-account-token.
        new(
            "create-token-secrets",
            where => $"can create tokens of any service account {where} that never expire",
            new DangerSign(Core, ["secrets"], ["create"])
        ),
        // The controller manager approves requests for these subresources automatically:
        // pkg/controller/certificates/approver/sarapprove.go. A PodCertificateRequest names the pod and the service
        // account that the certificate is for.
        new(
            "approve-certificates",
            _ => "can have certificates issued that authenticate as anyone",
            new(Certificates, ["certificatesigningrequests/approval"], Change, ClusterOnly: true),
            new(
                Certificates,
                [
                    "certificatesigningrequests/nodeclient",
                    "certificatesigningrequests/selfnodeclient",
                    "certificatesigningrequests/selfnodeserver",
                ],
                ["create"],
                ClusterOnly: true
            ),
            new(Certificates, ["signers"], ["approve"], ClusterOnly: true),
            new(Certificates, ["podcertificaterequests"], ["create"])
        ),
        // A user who can write a trust bundle decides which certificates pods trust.
        new(
            "sign-certificates",
            _ => "can issue certificates that authenticate as anyone",
            new(Certificates, ["certificatesigningrequests/status"], Change, ClusterOnly: true),
            new(Certificates, ["signers"], ["sign", "attest"], ClusterOnly: true),
            new(Certificates, ["clustertrustbundles"], CreateOrChange, ClusterOnly: true),
            new(Certificates, ["podcertificaterequests/status"], Change)
        ),
        // The flow control of the API server decides whose requests wait or are rejected. This includes the requests
        // that end a grant.
        new(
            "control-admission",
            _ => "can read, change or refuse everything that is written to the cluster, or disable the rules for it",
            new DangerSign(
                "admissionregistration.k8s.io",
                [
                    "mutatingwebhookconfigurations",
                    "validatingwebhookconfigurations",
                    "mutatingadmissionpolicies",
                    "mutatingadmissionpolicybindings",
                    "validatingadmissionpolicies",
                    "validatingadmissionpolicybindings",
                ],
                Write,
                ClusterOnly: true
            ),
            new DangerSign(
                "flowcontrol.apiserver.k8s.io",
                ["flowschemas", "prioritylevelconfigurations"],
                Write,
                ClusterOnly: true
            )
        ),
        // The server behind an APIService sees the requests to that API. A conversion webhook of a CRD sees its objects
        // and can change them.
        new(
            "extend-api",
            _ => "can change which APIs the cluster has and which server answers for them",
            new("apiregistration.k8s.io", ["apiservices"], Write, ClusterOnly: true),
            new("apiregistration.k8s.io", ["apiservices/status"], Change, ClusterOnly: true),
            new("apiextensions.k8s.io", ["customresourcedefinitions"], Write, ClusterOnly: true),
            new("apiextensions.k8s.io", ["customresourcedefinitions/status"], Change, ClusterOnly: true)
        ),
        // Any verb is enough, because a WebSocket needs only get. Requests to the kubelet are seen neither by audit nor
        // by admission. `proxy` is the verb for the path /api/v1/proxy of old API servers.
        new(
            "reach-kubelets",
            _ => "can run commands in every pod of the nodes, bypassing audit and admission",
            new(Core, ["nodes/proxy"], AnyMethod, ClusterOnly: true),
            new(Core, ["nodes"], ["proxy"], ClusterOnly: true)
        ),
        // Labels and taints decide which workloads, and therefore which secrets, run on a node. A binding assigns a
        // pending pod to a node. A runtime class adds its own node selector and tolerations. Devices decide on which
        // node a pod that claims them runs.
        new(
            "change-nodes",
            where => $"can move workloads {where} to nodes of its choice, and away from other nodes",
            new(Core, ["nodes"], Write, ClusterOnly: true),
            new(Core, ["nodes/status"], Change, ClusterOnly: true),
            new(Core, ["bindings", "pods/binding"], ["create"]),
            new("node.k8s.io", ["runtimeclasses"], CreateOrChange, ClusterOnly: true),
            new("storage.k8s.io", ["csinodes"], CreateOrChange, ClusterOnly: true),
            new(Resource, ["deviceclasses", "devicetaintrules", "resourceslices"], CreateOrChange, ClusterOnly: true),
            new(Resource, ["resourceclaims/status"], Change)
        ),
        // The parameters of a storage class can name a directory of the node, or a Secret in any namespace.
        new(
            "mount-node-disks",
            _ => "can mount the file systems of nodes, and the volumes of others, into pods",
            new(Core, ["persistentvolumes"], CreateOrChange, ClusterOnly: true),
            new(
                "storage.k8s.io",
                ["csidrivers", "storageclasses", "volumeattachments"],
                CreateOrChange,
                ClusterOnly: true
            )
        ),
        new(
            "read-secrets",
            where => $"can read secrets {where}, tokens of service accounts among them",
            new DangerSign(Core, ["secrets"], [.. Read, .. Answer])
        )
        {
            AnsweringVerbs = Answer,
        },
        // Programs and controllers use secrets to sign in, and as their configuration.
        new(
            "change-secrets",
            where => $"can replace secrets {where} that programs sign in with",
            new DangerSign(Core, ["secrets"], Change)
        ),
        // A StatefulSet creates pods from controller revisions: ApplyRevision in pkg/controller/statefulset.
        new(
            "run-workloads",
            where => $"can become any service account {where}, and get at nodes where pod security allows it",
            new(Core, ["pods", "replicationcontrollers"], CreateOrChange),
            new("apps", [.. Workloads, "controllerrevisions", "statefulsets"], CreateOrChange),
            new("batch", ["cronjobs", "jobs"], CreateOrChange),
            new("extensions", Workloads, CreateOrChange),
            new("settings.k8s.io", ["podpresets"], CreateOrChange)
        ),
        // Exec and attach also work with get: kubernetes/kubernetes issue 78741.
        new(
            "enter-pods",
            where => $"can run commands in pods {where}, with all their data and rights",
            new(Core, ["pods/attach", "pods/exec"], ["get", "create"]),
            new(Core, ["pods/ephemeralcontainers"], Change)
        ),
        // The API server opens the connection, so network policies do not apply. With a WebSocket, get is enough to
        // forward a port.
        new(
            "reach-pods",
            where => $"can reach every port of pods and services {where}, bypassing network policies",
            new(Core, ["pods/portforward"], ["get", "create"]),
            new(Core, ["pods/proxy", "services/proxy"], AnyMethod),
            new(Core, ["pods", "services"], ["proxy"])
        ),
        // Endpoints and external addresses: CVE-2021-25740 and CVE-2020-8554. The status of a pod contains its IP
        // address. OpenShift requires the restricted subresource for an endpoint whose address belongs to the cluster
        // itself.
        new(
            "change-traffic",
            where => $"can redirect traffic {where}, or allow traffic that network policies stop",
            new(Core, ["endpoints", "services"], CreateOrChange),
            new(Core, ["pods/status", "services/status"], Change),
            new(Core, ["endpoints/restricted"], ["create"]),
            new("discovery.k8s.io", ["endpointslices"], CreateOrChange),
            new("discovery.k8s.io", ["endpointslices/restricted"], ["create"]),
            new(Networking, ["ingresses"], CreateOrChange),
            new(Networking, ["ingresses/status"], Change),
            new(Networking, ["ingressclasses"], CreateOrChange, ClusterOnly: true),
            new(Networking, ["networkpolicies"], Write),
            new("extensions", ["ingresses"], CreateOrChange),
            new("extensions", ["ingresses/status"], Change),
            new("extensions", ["networkpolicies"], Write)
        ),
        // PodSecurityPolicies exist until Kubernetes 1.25. OpenShift has its own resource for them.
        new(
            "lift-pod-security",
            where => $"can run pods {where} that pod security would refuse",
            new("policy", ["podsecuritypolicies"], ["use"]),
            new("policy", ["podsecuritypolicies"], CreateOrChange, ClusterOnly: true),
            new("extensions", ["podsecuritypolicies"], ["use"]),
            new("extensions", ["podsecuritypolicies"], CreateOrChange, ClusterOnly: true),
            new("security.openshift.io", ["securitycontextconstraints"], ["use"]),
            new("security.openshift.io", ["securitycontextconstraints"], CreateOrChange, ClusterOnly: true)
        ),
        // Updates of the subresources also change labels: pkg/registry/core/namespace/strategy.go preserves only the
        // spec or only the status.
        new(
            "change-namespaces",
            where => $"can change the labels that pod security, network policies and selectors use {where}",
            new(Core, ["namespaces", "namespaces/finalize", "namespaces/status"], Change),
            new(Core, ["namespaces"], ["create"], ClusterOnly: true)
        ),
        // ConfigMaps there decide which identities a cloud provider maps into the cluster, what DNS returns, and which
        // front proxy the API server trusts. Leases decide which instance is the leader.
        new(
            "change-system-config",
            where => $"can change the configuration of parts of Kubernetes itself {where}",
            new(Core, ["configmaps"], CreateOrChange, SystemOnly: true),
            new("coordination.k8s.io", ["leasecandidates", "leases"], CreateOrChange, SystemOnly: true)
        ),
        // Kubernetes prevents users from granting more than they hold, but what they grant to others outlives the
        // grant.
        new(
            "hand-on-rights",
            where => $"can pass on its rights {where} to others, who keep them after the end of the grant",
            new(Rbac, ["rolebindings", "roles"], CreateOrChange),
            new(Rbac, ["clusterrolebindings", "clusterroles"], CreateOrChange, ClusterOnly: true)
        ),
        new(
            "read-server-logs",
            _ => "can read the logs of nodes or of the API server, with all data in them",
            rule => [.. ServerLogs.In(rule), .. NodeLogs.In(rule)]
        ),
        new(
            "unknown-rights",
            where => $"has rights {where} that are not known here, so nobody can tell what they lead to",
            UnknownRights.In
        ),
    ];

    private static bool IsFull(RbacRule rule) => DangerousRights.IsFullControl([rule]);

    private static IEnumerable<DangerousAccess> Whole(RbacRule rule) =>
        [new(RightsWords.Verbs(rule.Verbs), RightsWords.Resources(rule.Resources, rule.ApiGroups))];
}
