using JitFunctions.LocalStack;

namespace JitFunctions.EndToEnd.Tests;

/// <summary>
/// Admission that changes the objects of one request, and of no other: tests run side by side on one cluster.
/// </summary>
internal sealed class MutatingWebhook(TestCluster cluster, AdmissionWebhook site, string name) : IAsyncDisposable
{
    /// <param name="patch">The JSON Patch that is made of each object of this kind.</param>
    /// <param name="ns">A namespace in which to see whether it is in force.</param>
    public static async Task<MutatingWebhook> InstallAsync(
        Team team,
        string id,
        string kind,
        string patch,
        string? ns = null
    )
    {
        var site = await AdmissionWebhook.StartAsync(
            new Dictionary<string, string> { [kind] = patch },
            TestContext.Current.CancellationToken
        );
        var webhook = new MutatingWebhook(team.Cluster, site, $"mutating-{id}");
        await team.Cluster.ApplyAsync(
            $$"""
            apiVersion: admissionregistration.k8s.io/v1
            kind: MutatingWebhookConfiguration
            metadata: { name: mutating-{{id}} }
            webhooks:
              - name: mutating.example.com
                clientConfig: { url: "{{site.Address.OriginalString}}", caBundle: {{site.CertificateAuthorityData}} }
                rules:
                  - apiGroups: [rbac.authorization.k8s.io]
                    apiVersions: ["*"]
                    resources: [rolebindings, clusterrolebindings, roles]
                    operations: [CREATE, UPDATE]
                  - { apiGroups: [""], apiVersions: ["*"], resources: [secrets, serviceaccounts, configmaps], operations: [CREATE, UPDATE] }
                objectSelector: { matchLabels: { jit-access/request: {{id}} } }
                failurePolicy: Fail
                sideEffects: None
                admissionReviewVersions: [v1]
            """
        );
        await webhook.IsInForceAsync(ns ?? team.Namespace, id);
        return webhook;
    }

    public async ValueTask DisposeAsync()
    {
        await cluster.AdminAsync("delete", "mutatingwebhookconfiguration", name, "--ignore-not-found");
        await site.DisposeAsync();
    }

    // The API server reads its webhooks through a watch.
    private Task IsInForceAsync(string ns, string id) =>
        Eventually.Async(
            async () =>
            {
                var file = Path.GetTempFileName();
                await File.WriteAllTextAsync(
                    file,
                    $$"""
                    apiVersion: v1
                    kind: ConfigMap
                    metadata: { name: bait, namespace: {{ns}}, labels: { jit-access/request: {{id}} } }
                    """
                );
                await cluster.AdminAsync("create", "--dry-run=server", "-f", file);
                File.Delete(file);
                return site.Calls > 0;
            },
            "the webhook is asked"
        );
}
