using System.Net;
using JitFunctions.Domain.Grants;
using JitFunctions.Domain.Requests;
using k8s;
using k8s.Autorest;

namespace JitFunctions.Functions.Clusters;

/// <summary>
/// The service accounts of ephemeral grants and their Secrets. All are in one namespace, the only one in which the app
/// has rights to them (infra/kubernetes/components/ephemeral).
/// </summary>
internal static class ServiceAccounts
{
    /// <summary>The service account that was announced, or the one that would be created.</summary>
    public static ServiceAccountRef ServiceAccountOf(this Cluster cluster, AccessRequest request) =>
        request.ServiceAccount ?? ServiceAccountRef.For(request.Id, cluster.CredentialNamespace);

    /// <summary>False where the namespace does not exist, or the app has no rights in it.</summary>
    /// <remarks>Call this when something else could be read: then a 403 is not a temporary one.</remarks>
    public static async Task<bool> KeepsCredentialsAsync(this Cluster cluster, CancellationToken cancellation)
    {
        try
        {
            await cluster.Client.CoreV1.ListNamespacedSecretAsync(
                cluster.CredentialNamespace,
                labelSelector: GrantMetadata.Selector,
                limit: 1,
                cancellationToken: cancellation
            );
            return true;
        }
        catch (HttpOperationException e)
            when (e.Response.StatusCode is HttpStatusCode.NotFound || ClusterFailure.IsForbidden(e))
        {
            return false;
        }
    }
}
