namespace JitFunctions.Domain.Rights;

/// <param name="Words">What it lets somebody do, given where: <c>in payments</c>.</param>
internal sealed record Danger(string Kind, Func<string, string> Words, Func<RbacRule, IEnumerable<DangerousAccess>> In)
{
    public Danger(string kind, Func<string, string> words, params DangerSign[] signs)
        : this(kind, words, rule => signs.SelectMany(sign => sign.In(rule))) { }

    /// <summary>Verbs that are a danger for what the API server answers, though they are for something else.</summary>
    public IReadOnlyList<string> AnsweringVerbs { get; init; } = [];
}

/// <summary>
/// The dangerous rights, gravest first. Source: kubernetes.io/docs/concepts/security/rbac-good-practices, section
/// "privilege escalation risks"; further ones have their own comment. <see cref="KnownResources"/> has all that this
/// table is about: who adds a resource there says here what each verb on it leads to, or means that it leads to
/// nothing.
/// </summary>
internal static class DangerTable
{
    private const string Core = "";
    private const string Rbac = "rbac.authorization.k8s.io";
    private const string Certificates = "certificates.k8s.io";
    private const string Networking = "networking.k8s.io";
    private const string Resource = "resource.k8s.io";

    public static readonly string[] Read = ["get", "list", "watch"];

    // PATCH answers with the object, also to an empty patch; so does DELETE with propagationPolicy=Foreground, and of a
    // collection with all objects, also in a dry run. Neither does POST, nor PUT, which answers with what was sent.
    // SecretAnswerTests tries it.
    private static readonly string[] Answer = ["patch", "delete", "deletecollection"];
    private static readonly string[] Change = ["update", "patch"];
    private static readonly string[] CreateOrChange = ["create", .. Change];
    private static readonly string[] Write = [.. CreateOrChange, "delete", "deletecollection"];

    // Proxies hand any method on: HEAD and GET are `get`.
    private static readonly string[] AnyMethod = ["get", .. CreateOrChange, "delete"];
    private static readonly string[] Workloads = ["daemonsets", "deployments", "replicasets"];

    private static readonly DangerSign NodeLogs = new(Core, ["nodes/log"], AnyMethod, ClusterOnly: true);

    public static readonly IReadOnlyList<Danger> All =
    [
        new("full-control", where => $"can do anything {where}", rule => IsFull(rule) ? Whole(rule) : []),
        new(
            "wildcard-verbs",
            where => $"can use every verb that there is or will be {where}, those that escalate among them",
            rule =>
                rule.Verbs.Contains(RbacRule.Wildcard)
                && rule is { Resources.Count: > 0, ApiGroups.Count: > 0 }
                && !IsFull(rule)
                    ? Whole(rule)
                    : []
        ),
        new(
            "wildcard-resources",
            where => $"can reach every kind of object that there is or will be {where}",
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
        // A RoleBinding to a ClusterRole is checked in its namespace: BindingAuthorized in
        // pkg/registry/rbac/escalation_check.go.
        new(
            "bind",
            where => $"can give roles that it does not hold {where}",
            new DangerSign(Rbac, ["roles", "clusterroles"], ["bind"])
        ),
        new("impersonate", where => $"can act as others {where}", Impersonation.In),
        new(
            "request-tokens",
            where => $"can take tokens of service accounts {where}, which may outlive the grant",
            new DangerSign(Core, ["serviceaccounts/token"], ["create"])
        ),
        // A secret of type kubernetes.io/service-account-token is filled with a token by the control plane.
        new(
            "create-token-secrets",
            where => $"can create tokens of any service account {where} that never expire",
            new DangerSign(Core, ["secrets"], ["create"])
        ),
        // The subresources are names for what the controller manager approves by itself:
        // pkg/controller/certificates/approver/sarapprove.go. A PodCertificateRequest names the pod and the service
        // account that the certificate is for.
        new(
            "approve-certificates",
            _ => "can have certificates issued that log in as anyone",
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
        // Whoever writes a trust bundle issues the certificates that pods trust.
        new(
            "sign-certificates",
            _ => "can issue certificates that log in as anyone",
            new(Certificates, ["certificatesigningrequests/status"], Change, ClusterOnly: true),
            new(Certificates, ["signers"], ["sign", "attest"], ClusterOnly: true),
            new(Certificates, ["clustertrustbundles"], CreateOrChange, ClusterOnly: true),
            new(Certificates, ["podcertificaterequests/status"], Change)
        ),
        // Whose requests wait or are refused is what the API server's flow control says: those that end a grant, too.
        new(
            "control-admission",
            _ => "can read, alter or refuse whatever is written to the cluster, or lift the rules for it",
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
        // Whoever answers for an API sees the requests to it; a conversion webhook of a CRD sees and alters its
        // objects.
        new(
            "extend-api",
            _ => "can change which APIs the cluster has and who answers for them",
            new("apiregistration.k8s.io", ["apiservices"], Write, ClusterOnly: true),
            new("apiregistration.k8s.io", ["apiservices/status"], Change, ClusterOnly: true),
            new("apiextensions.k8s.io", ["customresourcedefinitions"], Write, ClusterOnly: true),
            new("apiextensions.k8s.io", ["customresourcedefinitions/status"], Change, ClusterOnly: true)
        ),
        // Any verb: a WebSocket needs only get. Audit and admission see nothing of what the kubelet is asked. `proxy`
        // is the verb of the path /api/v1/proxy, which old API servers have.
        new(
            "reach-kubelets",
            _ => "can run commands in every pod of the nodes, past audit and admission",
            new(Core, ["nodes/proxy"], AnyMethod, ClusterOnly: true),
            new(Core, ["nodes"], ["proxy"], ClusterOnly: true)
        ),
        // Labels and taints decide which workloads, and so which secrets, come to a node. A binding puts a waiting pod
        // on one; a runtime class adds its own node selector and tolerations; devices are where a pod that claims them
        // has to run.
        new(
            "change-nodes",
            where => $"can draw workloads {where} to nodes of its choice, and away from others",
            new(Core, ["nodes"], Write, ClusterOnly: true),
            new(Core, ["nodes/status"], Change, ClusterOnly: true),
            new(Core, ["bindings", "pods/binding"], ["create"]),
            new("node.k8s.io", ["runtimeclasses"], CreateOrChange, ClusterOnly: true),
            new("storage.k8s.io", ["csinodes"], CreateOrChange, ClusterOnly: true),
            new(Resource, ["deviceclasses", "devicetaintrules", "resourceslices"], CreateOrChange, ClusterOnly: true),
            new(Resource, ["resourceclaims/status"], Change)
        ),
        // The parameters of a storage class may name a directory of the node, or a secret of any namespace.
        new(
            "mount-node-disks",
            _ => "can open the file systems of nodes, and volumes of others, to pods",
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
        // Programs and controllers sign in with them and do what they say.
        new(
            "change-secrets",
            where => $"can replace secrets {where} that programs sign in with",
            new DangerSign(Core, ["secrets"], Change)
        ),
        // From controller revisions a StatefulSet makes pods: ApplyRevision in pkg/controller/statefulset.
        new(
            "run-workloads",
            where => $"can become any service account {where}, and get at nodes where pod security allows it",
            new(Core, ["pods", "replicationcontrollers"], CreateOrChange),
            new("apps", [.. Workloads, "controllerrevisions", "statefulsets"], CreateOrChange),
            new("batch", ["cronjobs", "jobs"], CreateOrChange),
            new("extensions", Workloads, CreateOrChange),
            new("settings.k8s.io", ["podpresets"], CreateOrChange)
        ),
        // Exec and attach by get, too: kubernetes/kubernetes issue 78741.
        new(
            "enter-pods",
            where => $"can run commands in pods {where}, with all that these hold and may do",
            new(Core, ["pods/attach", "pods/exec"], ["get", "create"]),
            new(Core, ["pods/ephemeralcontainers"], Change)
        ),
        // The API server connects, whatever network policies say. By WebSocket a get is enough to forward a port.
        new(
            "reach-pods",
            where => $"can reach every port of pods and services {where}, past network policies",
            new(Core, ["pods/portforward"], ["get", "create"]),
            new(Core, ["pods/proxy", "services/proxy"], AnyMethod),
            new(Core, ["pods", "services"], ["proxy"])
        ),
        // Endpoints and external addresses: CVE-2021-25740 and CVE-2020-8554. A pod's status holds its address.
        // OpenShift asks for the restricted part where an endpoint is an address of the cluster itself.
        new(
            "change-traffic",
            where => $"can send traffic {where} elsewhere, or let through what network policies stop",
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
        // Until Kubernetes 1.25; and OpenShift's own.
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
        // The subresources take labels along: pkg/registry/core/namespace/strategy.go keeps only the spec, or only the
        // status.
        new(
            "change-namespaces",
            where => $"can change the labels that pod security, network policies and selectors go by {where}",
            new(Core, ["namespaces", "namespaces/finalize", "namespaces/status"], Change),
            new(Core, ["namespaces"], ["create"], ClusterOnly: true)
        ),
        // Whom a cloud provider lets in, what the DNS answers, whom the API server takes for its front proxy; and who
        // leads.
        new(
            "change-system-config",
            where => $"can change what parts of Kubernetes itself go by {where}",
            new(Core, ["configmaps"], CreateOrChange, SystemOnly: true),
            new("coordination.k8s.io", ["leasecandidates", "leases"], CreateOrChange, SystemOnly: true)
        ),
        // Nobody hands on more than they hold, but others keep it when the grant is over.
        new(
            "hand-on-rights",
            where => $"can hand on its rights {where}, to others who keep them after the end",
            new(Rbac, ["rolebindings", "roles"], CreateOrChange),
            new(Rbac, ["clusterrolebindings", "clusterroles"], CreateOrChange, ClusterOnly: true)
        ),
        new(
            "read-server-logs",
            _ => "can read the logs of nodes or of the API server, with what these hold",
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
