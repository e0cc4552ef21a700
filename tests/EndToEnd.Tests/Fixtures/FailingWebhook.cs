namespace JitFunctions.EndToEnd.Tests;

/// <summary>
/// An admission webhook that nobody answers, so that the API server fails one kind of call on bindings of one
/// namespace.
/// </summary>
internal sealed class FailingWebhook(TestCluster cluster, string name) : IAsyncDisposable
{
    public static async Task<FailingWebhook> InstallAsync(TestCluster cluster, string ns, string operation)
    {
        var name = $"failing-{ns}";
        await cluster.AdminAsync("label", "namespace", ns, $"fails={ns}");
        await cluster.ApplyAsync(
            $$"""
            apiVersion: admissionregistration.k8s.io/v1
            kind: ValidatingWebhookConfiguration
            metadata: { name: {{name}} }
            webhooks:
              - name: failing.example.com
                clientConfig: { url: "https://127.0.0.1:1/" }
                rules: [{ apiGroups: [rbac.authorization.k8s.io], apiVersions: ["*"], resources: [rolebindings], operations: [{{operation}}] }]
                namespaceSelector: { matchLabels: { fails: {{ns}} } }
                failurePolicy: Fail
                sideEffects: None
                admissionReviewVersions: [v1]
                timeoutSeconds: 1
            """
        );

        var webhook = new FailingWebhook(cluster, name);
        await webhook.IsInForceAsync(ns, operation);
        return webhook;
    }

    public async ValueTask DisposeAsync() =>
        await cluster.AdminAsync("delete", "validatingwebhookconfiguration", name, "--ignore-not-found");

    // The API server reads its webhooks through a watch.
    private async Task IsInForceAsync(string ns, string operation)
    {
        for (var i = 0; ; i++)
        {
            var bait = $"bait-{i}";
            try
            {
                await cluster.CreateBindingAsync(ns, bait, "view", "nobody@example.com");
                await cluster.DeleteBindingAsync(ns, bait);
            }
            catch (Exception e) when (e.Message.Contains("failing.example.com", StringComparison.Ordinal))
            {
                return;
            }

            Assert.True(i < 100, $"The webhook against {operation} in {ns} does not come into force.");
        }
    }
}
