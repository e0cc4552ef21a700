using System.Net;
using JitFunctions.Domain.Grants;
using JitFunctions.Domain.Requests;
using k8s;
using k8s.Autorest;

namespace JitFunctions.Functions.Clusters;

/// <summary>
/// The service accounts of ephemeral grants and their Secrets, all in one namespace, the only one where we have rights
/// to either (infra/kubernetes/components/ephemeral).
/// </summary>
internal static class ServiceAccounts
{
    /// <summary>The one that was announced, or that would be.</summary>
    public static ServiceAccountRef ServiceAccountOf(this Cluster cluster, AccessRequest request) =>
        request.ServiceAccount ?? ServiceAccountRef.For(request.Id, cluster.CredentialNamespace);

    /// <summary>False where there is no such namespace, or no rights of ours in it.</summary>
    /// <remarks>To be called when something else could be read: then a 403 is no passing one.</remarks>
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
