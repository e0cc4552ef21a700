namespace JitFunctions.LocalStack;

internal static class ApiServerAudit
{
    /// <summary>
    /// The changes by the user, one line each, with the reason for which the API server allowed them.
    /// </summary>
    public static IEnumerable<string> Changes(KubernetesCluster cluster, string userName) =>
        from entry in cluster.AuditEntries()
        where (string?)entry["user"]?["username"] == userName
        where (string?)entry["verb"] is "create" or "update" or "patch" or "delete"
        where (string?)entry["annotations"]?["authorization.k8s.io/decision"] == "allow"
        let target = entry["objectRef"]
        where (string?)target?["apiGroup"] != "authorization.k8s.io"
        select $"{entry["verb"]} {target?["resource"]}/{target?["name"]} in {target?["namespace"]}: "
            + $"{entry["annotations"]?["authorization.k8s.io/reason"]}";
}
