namespace JitFunctions.LocalStack;

internal static class KubeconfigText
{
    /// <summary>The kubeconfig with which the API server calls a webhook.</summary>
    public static string ForWebhook(Uri address) =>
        $$"""
            apiVersion: v1
            kind: Config
            current-context: webhook
            clusters: [{ name: webhook, cluster: { server: "{{address.OriginalString}}" } }]
            users: [{ name: api-server }]
            contexts: [{ name: webhook, context: { cluster: webhook, user: api-server } }]

            """;

    /// <summary>The kubeconfig with which the API server sends its audit log.</summary>
    public static string ForAudit(AuditRelay relay) =>
        $$"""
            apiVersion: v1
            kind: Config
            current-context: jit
            clusters:
              - name: jit
                cluster:
                  server: {{relay.Address.OriginalString}}
                  certificate-authority-data: {{Convert.ToBase64String(
                System.Text.Encoding.ASCII.GetBytes(relay.Authority)
            )}}
            users: [{ name: demo, user: { token: {{relay.Token}} } }]
            contexts: [{ name: jit, context: { cluster: jit, user: demo } }]

            """;

    /// <summary>A kubeconfig with one cluster, one user and one context, all with the same name.</summary>
    public static string For(ClusterUser user, Uri server, string authorityPem) =>
        For(user.Name, user.Token, server, authorityPem);

    public static string For(string name, string token, Uri server, string authorityPem) =>
        $"""
            apiVersion: v1
            kind: Config
            current-context: {name}
            clusters:
              - name: demo
                cluster:
                  server: {server.GetLeftPart(UriPartial.Authority)}
                  certificate-authority-data: {Convert.ToBase64String(
                System.Text.Encoding.ASCII.GetBytes(authorityPem)
            )}
            users:
              - name: {name}
                user:
                  token: {token}
            contexts:
              - name: {name}
                context:
                  cluster: demo
                  user: {name}

            """;
}
