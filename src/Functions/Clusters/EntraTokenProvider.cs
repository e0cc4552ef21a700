using System.Net.Http.Headers;
using Azure.Core;
using k8s.Authentication;

namespace JitFunctions.Functions.Clusters;

/// <summary>
/// Entra ID tokens for an AKS API server. The credential caches them until shortly before they expire.
/// </summary>
public sealed class EntraTokenProvider(TokenCredential credential) : ITokenProvider
{
    // The AKS server application, the same in every tenant (kubelogin's --server-id).
    private static readonly TokenRequestContext AksServer = new(["6dae42f8-4368-4678-94ff-3960e28e3630/.default"]);

    public async Task<AuthenticationHeaderValue> GetAuthenticationHeaderAsync(CancellationToken cancellationToken) =>
        new("Bearer", (await credential.GetTokenAsync(AksServer, cancellationToken)).Token);
}
