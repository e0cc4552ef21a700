using JitFunctions.Domain.Rights;
using static JitFunctions.Domain.Tests.Rights.Rules;

namespace JitFunctions.Domain.Tests.Rights;

/// <summary>
/// The roles for people that every cluster has, aggregated. Source: kubernetes/kubernetes,
/// <c>plugin/pkg/auth/authorizer/rbac/bootstrappolicy/testdata/cluster-roles.yaml</c>.
/// </summary>
internal static class BootstrapRoles
{
    private const string Read = "get list watch";
    private const string Write = "create delete deletecollection patch update";

    public static readonly RbacRule[] View =
    [
        Rule(
            Read,
            "configmaps endpoints persistentvolumeclaims persistentvolumeclaims/status pods replicationcontrollers "
                + "replicationcontrollers/scale serviceaccounts services services/status"
        ),
        Rule(
            Read,
            "bindings events limitranges namespaces/status pods/log pods/status replicationcontrollers/status "
                + "resourcequotas resourcequotas/status"
        ),
        Rule(Read, "namespaces"),
        Rule(Read, "endpointslices", "discovery.k8s.io"),
        Rule(
            Read,
            "controllerrevisions daemonsets daemonsets/status deployments deployments/scale deployments/status "
                + "replicasets "
                + "replicasets/scale replicasets/status statefulsets statefulsets/scale statefulsets/status",
            "apps"
        ),
        Rule(Read, "horizontalpodautoscalers horizontalpodautoscalers/status", "autoscaling"),
        Rule(Read, "cronjobs cronjobs/status jobs jobs/status", "batch"),
        Rule(
            Read,
            "daemonsets deployments ingresses networkpolicies replicasets replicationcontrollers/scale",
            "extensions"
        ),
        Rule(Read, "poddisruptionbudgets poddisruptionbudgets/status", "policy"),
        Rule(Read, "ingresses ingresses/status networkpolicies", "networking.k8s.io"),
    ];

    public static readonly RbacRule[] Edit =
    [
        .. View,
        Rule(Read, "pods/attach pods/exec pods/portforward pods/proxy secrets services/proxy"),
        Rule("impersonate", "serviceaccounts"),
        Rule(Write, "pods pods/attach pods/exec pods/portforward pods/proxy"),
        Rule("create", "pods/eviction"),
        Rule(
            Write,
            "configmaps events persistentvolumeclaims replicationcontrollers replicationcontrollers/scale "
                + "secrets serviceaccounts services services/proxy"
        ),
        Rule("create", "serviceaccounts/token"),
        Rule(
            Write,
            "daemonsets deployments deployments/rollback deployments/scale replicasets replicasets/scale "
                + "statefulsets statefulsets/scale",
            "apps"
        ),
        Rule(Write, "horizontalpodautoscalers", "autoscaling"),
        Rule(Write, "cronjobs jobs", "batch"),
        Rule(
            Write,
            "daemonsets deployments deployments/rollback deployments/scale ingresses networkpolicies replicasets "
                + "replicasets/scale "
                + "replicationcontrollers/scale",
            "extensions"
        ),
        Rule(Write, "poddisruptionbudgets", "policy"),
        Rule(Write, "ingresses networkpolicies", "networking.k8s.io"),
        Rule($"{Read} {Write}", "leases", "coordination.k8s.io"),
    ];

    public static readonly RbacRule[] Admin =
    [
        .. Edit,
        Rule("create", "localsubjectaccessreviews", "authorization.k8s.io"),
        Rule($"{Read} {Write}", "rolebindings roles", "rbac.authorization.k8s.io"),
    ];

    public static readonly RbacRule[] ClusterAdmin = [Rule("*", "*", "*"), Urls("*", "*")];
}
