using System.Collections.Frozen;

namespace JitFunctions.Domain.Rights;

/// <summary>
/// The resources of Kubernetes itself that <see cref="DangerTable"/> covers: a resource that is listed here, but not in
/// that table, is harmless. All other resources are unknown. Sources: the discovery API, which <c>SecretAnswerTests</c>
/// checks, and for later versions kubernetes/kubernetes, <c>api/discovery</c>, without alpha APIs. Resources that are
/// not in the discovery, such as <c>signers</c> or <c>nodes/log</c>, are those that the control plane and the kubelets
/// use in authorization checks.
/// </summary>
internal static class KnownResources
{
    private static readonly FrozenDictionary<string, FrozenSet<string>> Groups = new Dictionary<string, string>
    {
        [""] = """
            bindings componentstatuses configmaps endpoints endpoints/restricted events limitranges namespaces
            namespaces/finalize namespaces/status nodes nodes/configz nodes/healthz nodes/log nodes/metrics nodes/pods
            nodes/proxy nodes/spec nodes/stats nodes/status persistentvolumeclaims persistentvolumeclaims/status
            persistentvolumes persistentvolumes/status pods pods/attach pods/binding pods/ephemeralcontainers
            pods/eviction pods/exec pods/log pods/portforward pods/proxy pods/resize pods/status podtemplates
            replicationcontrollers replicationcontrollers/scale replicationcontrollers/status resourcequotas
            resourcequotas/status secrets serviceaccounts serviceaccounts/token services services/proxy
            services/status users groups
            """,
        ["admissionregistration.k8s.io"] = """
            mutatingadmissionpolicies mutatingadmissionpolicybindings mutatingwebhookconfigurations
            validatingadmissionpolicies validatingadmissionpolicies/status validatingadmissionpolicybindings
            validatingwebhookconfigurations
            """,
        ["apiextensions.k8s.io"] = "customresourcedefinitions customresourcedefinitions/status",
        ["apiregistration.k8s.io"] = "apiservices apiservices/status",
        ["apps"] = """
            controllerrevisions daemonsets daemonsets/status deployments deployments/rollback deployments/scale
            deployments/status replicasets replicasets/scale replicasets/status statefulsets statefulsets/scale
            statefulsets/status
            """,
        ["authentication.k8s.io"] =
            "nodes groups selfsubjectreviews serviceaccounts tokenreviews uids userextras users",
        ["authorization.k8s.io"] =
            "localsubjectaccessreviews selfsubjectaccessreviews selfsubjectrulesreviews subjectaccessreviews",
        ["autoscaling"] = "horizontalpodautoscalers horizontalpodautoscalers/status",
        ["batch"] = "cronjobs cronjobs/status jobs jobs/status",
        ["certificates.k8s.io"] = """
            certificatesigningrequests certificatesigningrequests/approval certificatesigningrequests/nodeclient
            certificatesigningrequests/selfnodeclient certificatesigningrequests/selfnodeserver
            certificatesigningrequests/status clustertrustbundles podcertificaterequests podcertificaterequests/status
            signers
            """,
        ["coordination.k8s.io"] = "leasecandidates leases",
        ["discovery.k8s.io"] = "endpointslices endpointslices/restricted",
        ["events.k8s.io"] = "events",
        ["extensions"] = """
            daemonsets daemonsets/status deployments deployments/rollback deployments/scale deployments/status
            ingresses ingresses/status networkpolicies podsecuritypolicies replicasets replicasets/scale
            replicasets/status replicationcontrollers/scale
            """,
        ["flowcontrol.apiserver.k8s.io"] =
            "flowschemas flowschemas/status prioritylevelconfigurations prioritylevelconfigurations/status",
        ["internal.apiserver.k8s.io"] = "storageversions storageversions/status",
        ["metrics.k8s.io"] = "nodes pods",
        ["networking.k8s.io"] = """
            ingressclasses ingresses ingresses/status ipaddresses networkpolicies networkpolicies/status servicecidrs
            servicecidrs/status
            """,
        ["node.k8s.io"] = "runtimeclasses",
        ["policy"] = "poddisruptionbudgets poddisruptionbudgets/status podsecuritypolicies",
        ["rbac.authorization.k8s.io"] = "clusterrolebindings clusterroles rolebindings roles",
        ["resource.k8s.io"] =
            "deviceclasses devicetaintrules resourceclaims resourceclaims/status resourceclaimtemplates resourceslices",
        ["scheduling.k8s.io"] = "priorityclasses",
        // OpenShift: its equivalent of pod security policies.
        ["security.openshift.io"] = "securitycontextconstraints",
        ["settings.k8s.io"] = "podpresets",
        ["storage.k8s.io"] = """
            csidrivers csinodes csistoragecapacities storageclasses volumeattachments volumeattachments/status
            volumeattributesclasses
            """,
        ["storagemigration.k8s.io"] = "storageversionmigrations storageversionmigrations/status",
    }.ToFrozenDictionary(
        group => group.Key,
        group => group.Value.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries).ToFrozenSet()
    );

    public static bool HasGroup(string apiGroup) => Groups.ContainsKey(apiGroup);

    /// <param name="resource">A resource as written in a rule. For <c>*/scale</c>, the group must have at least one
    /// resource with that subresource.</param>
    public static bool Contains(string apiGroup, string resource) =>
        Groups.TryGetValue(apiGroup, out var known)
        && (
            resource.StartsWith("*/", StringComparison.Ordinal)
                ? known.Any(one => one.EndsWith(resource[1..], StringComparison.Ordinal))
                : known.Contains(resource)
        );
}
