namespace JitFunctions.Domain.Rights;

/// <param name="Words">What it lets somebody do, given where: <c>in payments</c>.</param>
internal sealed record Danger(string Kind, Func<string, string> Words, Func<RbacRule, IEnumerable<DangerousDeed>> In)
{
    public Danger(string kind, Func<string, string> words, params DangerSign[] signs)
        : this(kind, words, rule => signs.SelectMany(sign => sign.In(rule)))
    {
    }
}

/// <summary>
/// The dangerous rights. Source: kubernetes.io/docs/concepts/security/rbac-good-practices, section
/// "privilege escalation risks"; further ones have their own comment.
/// </summary>
internal static class DangerTable
{
    private const string Core = "";
    private const string Rbac = "rbac.authorization.k8s.io";
    private const string Certificates = "certificates.k8s.io";

    private static readonly string[] Read = ["get", "list", "watch"];
    private static readonly string[] Change = ["update", "patch"];
    private static readonly string[] CreateOrChange = ["create", .. Change];
    private static readonly string[] Write = [.. CreateOrChange, "delete", "deletecollection"];

    public static readonly IReadOnlyList<Danger> All =
    [
        new("full-control", where => $"can do anything {where}",
            rule => IsFull(rule) ? Whole(rule) : []),

        new("wildcard-verbs", where => $"can use every verb that there is or will be {where}, those that escalate among them",
            rule => rule.Verbs.Contains(RbacRule.Wildcard) && rule is { Resources.Count: > 0, ApiGroups.Count: > 0 } && !IsFull(rule) ? Whole(rule) : []),

        new("wildcard-resources", where => $"can reach every kind of object that there is or will be {where}",
            rule => rule.Resources.Contains(RbacRule.Wildcard) && rule is { Verbs.Count: > 0, ApiGroups.Count: > 0 } && !IsFull(rule) ? Whole(rule) : []),

        new("escalate", where => $"can write any right into roles {where}",
            new(Rbac, ["roles"], ["escalate"]),
            new(Rbac, ["clusterroles"], ["escalate"], ClusterOnly: true)),

        // A RoleBinding to a ClusterRole is checked in its namespace: BindingAuthorized in pkg/registry/rbac/escalation_check.go.
        new("bind", where => $"can give roles that it does not hold {where}",
            new DangerSign(Rbac, ["roles", "clusterroles"], ["bind"])),

        new("impersonate", where => $"can act as others {where}", Impersonation.In),

        new("request-tokens", where => $"can take tokens of service accounts {where}, which may outlive the grant",
            new DangerSign(Core, ["serviceaccounts/token"], ["create"])),

        // A secret of type kubernetes.io/service-account-token is filled with a token by the control plane.
        new("create-token-secrets", where => $"can create tokens of any service account {where} that never expire",
            new DangerSign(Core, ["secrets"], ["create"])),

        new("approve-certificates", _ => "can have certificates issued that log in as anyone",
            new(Certificates, ["certificatesigningrequests/approval"], Change, ClusterOnly: true),
            new(Certificates, ["signers"], ["approve"], ClusterOnly: true)),

        new("sign-certificates", _ => "can issue certificates that log in as anyone",
            new(Certificates, ["certificatesigningrequests/status"], Change, ClusterOnly: true),
            new(Certificates, ["signers"], ["sign"], ClusterOnly: true)),

        new("control-admission", _ => "can read, alter or refuse whatever is written to the cluster, or lift the rules for it",
            new DangerSign("admissionregistration.k8s.io",
                ["mutatingwebhookconfigurations", "validatingwebhookconfigurations", "mutatingadmissionpolicies", "mutatingadmissionpolicybindings",
                    "validatingadmissionpolicies", "validatingadmissionpolicybindings"],
                Write, ClusterOnly: true)),

        // Whoever answers for an API sees the requests to it; a conversion webhook of a CRD sees and alters its objects.
        new("extend-api", _ => "can change which APIs the cluster has and who answers for them",
            new("apiregistration.k8s.io", ["apiservices"], Write, ClusterOnly: true),
            new("apiextensions.k8s.io", ["customresourcedefinitions"], Write, ClusterOnly: true)),

        // Any verb: a WebSocket needs only get. Audit and admission see nothing of what the kubelet is asked.
        new("reach-kubelets", _ => "can run commands in every pod of the nodes, past audit and admission",
            new DangerSign(Core, ["nodes/proxy"], ["get", "create", "update", "patch", "delete"], ClusterOnly: true)),

        // Labels and taints decide which workloads, and so which secrets, come to a node.
        new("change-nodes", _ => "can draw workloads to nodes of its choice, and away from others",
            new DangerSign(Core, ["nodes", "nodes/status"], Change, ClusterOnly: true)),

        new("mount-node-disks", _ => "can open the file systems of nodes to pods",
            new DangerSign(Core, ["persistentvolumes"], CreateOrChange, ClusterOnly: true)),

        new("read-secrets", where => $"can read secrets {where}, tokens of service accounts among them",
            new DangerSign(Core, ["secrets"], Read)),

        new("run-workloads", where => $"can become any service account {where}, and get at nodes where pod security allows it",
            new(Core, ["pods", "replicationcontrollers"], CreateOrChange),
            new("apps", ["daemonsets", "deployments", "replicasets", "statefulsets"], CreateOrChange),
            new("batch", ["cronjobs", "jobs"], CreateOrChange)),

        // Exec and attach by get, too: kubernetes/kubernetes issue 78741.
        new("enter-pods", where => $"can run commands in pods {where}, with all that these hold and may do",
            new(Core, ["pods/attach", "pods/exec"], ["get", "create"]),
            new(Core, ["pods/ephemeralcontainers"], Change)),

        // The subresources take labels along: pkg/registry/core/namespace/strategy.go keeps only the spec, or only the status.
        new("change-namespaces", where => $"can change the labels that pod security, network policies and selectors go by {where}",
            new DangerSign(Core, ["namespaces", "namespaces/finalize", "namespaces/status"], Change)),

        // Nobody hands on more than they hold, but others keep it when the grant is over.
        new("hand-on-rights", where => $"can hand on its rights {where}, to others who keep them after the end",
            new(Rbac, ["rolebindings", "roles"], CreateOrChange),
            new(Rbac, ["clusterrolebindings", "clusterroles"], CreateOrChange, ClusterOnly: true)),
    ];

    private static bool IsFull(RbacRule rule) => DangerousRights.IsFullControl([rule]);

    private static IEnumerable<DangerousDeed> Whole(RbacRule rule) =>
        [new(RightsWords.Verbs(rule.Verbs), RightsWords.Resources(rule.Resources, rule.ApiGroups))];
}
