using System.Collections.Concurrent;
using Azure.Core;
using Azure.Identity;

namespace JitFunctions.Functions.Platform.AppIdentity;

/// <summary>
/// The one place that makes credentials for Azure: for the database, the API servers of AKS, Microsoft Graph, storage
/// and telemetry. Whoever has the same client id shares the same tokens.
/// </summary>
public sealed class AppCredentials(IdentityOptions options, TimeProvider clock)
{
    private static readonly Uri[] WellKnown =
    [
        AzureAuthorityHosts.AzurePublicCloud,
        AzureAuthorityHosts.AzureGovernment,
        AzureAuthorityHosts.AzureChina,
    ];
    private readonly ConcurrentDictionary<string, TokenCredential> _made = [];

    /// <param name="clientId">Of the identity that is meant; none for the app's own.</param>
    public TokenCredential For(string? clientId) =>
        _made.GetOrAdd(
            string.IsNullOrEmpty(clientId) ? options.ClientId ?? string.Empty : clientId,
            id => new CachingCredential(Make(id), clock)
        );

    internal TokenCredential Make(string clientId) =>
        options.Kind switch
        {
            IdentityKind.ManagedIdentity => new ManagedIdentityCredential(
                clientId is "" ? ManagedIdentityId.SystemAssigned : ManagedIdentityId.FromUserAssignedClientId(clientId)
            ),
            IdentityKind.WorkloadIdentity => new WorkloadIdentityCredential(Workload(clientId, options.Workload)),
            IdentityKind.AzureCli => new AzureCliCredential(),
            _ => throw new InvalidOperationException($"There is no credential of kind {options.Kind}."),
        };

    private static WorkloadIdentityCredentialOptions Workload(string clientId, WorkloadOptions workload)
    {
        var authority = workload.AuthorityHost is { } host ? new Uri(host) : AzureAuthorityHosts.AzurePublicCloud;
        return new()
        {
            ClientId = clientId is "" ? workload.ClientId : clientId,
            TenantId = workload.TenantId,
            TokenFilePath = workload.TokenFile,
            AuthorityHost = authority,
            // The public cloud knows nothing of authorities in clouds of their own.
            DisableInstanceDiscovery = !WellKnown.Contains(authority),
        };
    }
}
