using System.Collections.Concurrent;
using Azure.Core;
using Azure.Identity;

namespace JitFunctions.Functions.Platform.AppIdentity;

/// <summary>
/// The only place that creates credentials for Azure: for the database, the API servers of AKS, Microsoft Graph,
/// storage and telemetry. Users of the same client id share the same tokens.
/// </summary>
public sealed class AppCredentials(IdentityOptions options, TimeProvider clock)
{
    private static readonly Uri[] WellKnown =
    [
        AzureAuthorityHosts.AzurePublicCloud,
        AzureAuthorityHosts.AzureGovernment,
        AzureAuthorityHosts.AzureChina,
    ];
    private readonly ConcurrentDictionary<string, TokenCredential> _created = [];

    /// <param name="clientId">The client id of the identity to use; null for the app's own.</param>
    public TokenCredential For(string? clientId) =>
        _created.GetOrAdd(
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
            // The public cloud does not know the authorities of private clouds.
            DisableInstanceDiscovery = !WellKnown.Contains(authority),
        };
    }
}
