namespace JitFunctions.LocalStack;

internal static class KubeconfigFile
{
    /// <summary>One cluster, one user and one context, all with the same name.</summary>
    public static string For(ClusterUser user, Uri server, string authorityPem) => $"""
        apiVersion: v1
        kind: Config
        current-context: {user.Name}
        clusters:
          - name: demo
            cluster:
              server: {server.GetLeftPart(UriPartial.Authority)}
              certificate-authority-data: {Convert.ToBase64String(System.Text.Encoding.ASCII.GetBytes(authorityPem))}
        users:
          - name: {user.Name}
            user:
              token: {user.Token}
        contexts:
          - name: {user.Name}
            context:
              cluster: demo
              user: {user.Name}

        """;
}
