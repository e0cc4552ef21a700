using JitFunctions.Domain.Grants;
using k8s;
using k8s.Models;

namespace JitFunctions.Functions.Clusters;

/// <summary>Has the cluster issue tokens of a grant's service account.</summary>
internal static class TokenRequests
{
    /// <summary>The API server issues none for less: ValidateTokenRequest in pkg/apis/authentication/validation.</summary>
    private static readonly TimeSpan Shortest = TimeSpan.FromMinutes(10);

    /// <summary>A token that ends by itself with the grant, where there are ten minutes left, and in any case with the grant's Secret.</summary>
    /// <exception cref="k8s.Autorest.HttpOperationException">404 or 409 when the service account or its Secret is gone.</exception>
    public static async Task<string> RequestTokenAsync(this Cluster cluster, ServiceAccountRef account, TimeSpan left, CancellationToken cancellation)
    {
        var secret = await cluster.Client.CoreV1.ReadNamespacedSecretAsync(account.Name, account.Namespace, cancellationToken: cancellation);
        var asked = new Authenticationv1TokenRequest
        {
            Spec = new()
            {
                Audiences = [],
                ExpirationSeconds = (long)Math.Floor((left < Shortest ? Shortest : left).TotalSeconds),
                BoundObjectRef = new() { ApiVersion = V1Secret.KubeApiVersion, Kind = V1Secret.KubeKind, Name = account.Name, Uid = secret.Metadata.Uid },
            },
        };
        return (await cluster.Client.CoreV1.CreateNamespacedServiceAccountTokenAsync(asked, account.Name, account.Namespace, cancellationToken: cancellation)).Status.Token;
    }
}
