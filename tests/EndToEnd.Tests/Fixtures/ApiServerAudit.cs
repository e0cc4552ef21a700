using JitFunctions.LocalStack;

namespace JitFunctions.EndToEnd.Tests;

internal sealed record AuditedAction(string Verb, string Resource, string Reason);

/// <summary>The API server's own audit log.</summary>
internal static class ApiServerAudit
{
    /// <summary>What this user was allowed to do in this namespace, and for what reason.</summary>
    public static IReadOnlyList<AuditedAction> AllowedDeeds(KubernetesCluster cluster, string userName, string ns) =>
        [
            .. from entry in cluster.AuditEntries()
            where entry.At("user.username") == userName && entry.At("objectRef.namespace") == ns
            let annotations = entry["annotations"]
            where (string?)annotations?["authorization.k8s.io/decision"] == "allow"
            select new AuditedAction(
                entry.At("verb")!,
                entry.At("objectRef.resource")!,
                (string)annotations["authorization.k8s.io/reason"]!
            ),
        ];
}
