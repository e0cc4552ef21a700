using Microsoft.Extensions.Configuration;

namespace JitFunctions.Functions.Platform.AppIdentity;

public enum IdentityKind
{
    /// <summary>The managed identity of a function app, a virtual machine or another Azure resource.</summary>
    ManagedIdentity,

    /// <summary>
    /// The identity of a pod in a cluster, by a token that the cluster mounts: Microsoft Entra Workload ID.
    /// </summary>
    WorkloadIdentity,

    /// <summary>The person who signed in with <c>az login</c>: on a developer's machine only.</summary>
    AzureCli,
}

/// <summary>
/// The identity by which the app requests tokens from Entra ID, for everything that it uses in Azure. There is no chain
/// of identities to try.
/// </summary>
public sealed class IdentityOptions
{
    public const string Section = "Identity";

    public IdentityKind Kind { get; init; } = IdentityKind.ManagedIdentity;

    /// <summary>
    /// Client id of the identity, unless a more specific setting names another one; see <see cref="AppCredentials"/>.
    /// </summary>
    public string? ClientId { get; init; }

    /// <summary>The variables that the cluster's workload identity webhook adds to a pod's environment.</summary>
    public WorkloadOptions Workload { get; init; } = new();

    public static IdentityOptions Read(IConfiguration configuration)
    {
        var identity = configuration.GetSection(Section);
        return new()
        {
            Kind = identity.GetValue(nameof(Kind), IdentityKind.ManagedIdentity),
            ClientId = Text(identity[nameof(ClientId)]),
            Workload = new()
            {
                TenantId = Text(configuration["AZURE_TENANT_ID"]),
                ClientId = Text(configuration["AZURE_CLIENT_ID"]),
                TokenFile = Text(configuration["AZURE_FEDERATED_TOKEN_FILE"]),
                AuthorityHost = Text(configuration["AZURE_AUTHORITY_HOST"]),
            },
        };

        static string? Text(string? setting) => string.IsNullOrWhiteSpace(setting) ? null : setting;
    }

    public IEnumerable<string> Errors() =>
        Kind switch
        {
            IdentityKind.ManagedIdentity => [],
            IdentityKind.WorkloadIdentity => Workload.Errors(ClientId),
            IdentityKind.AzureCli when ClientId is not null =>
            [
                "Identity:ClientId cannot be set with Identity:Kind AzureCli, which uses the signed-in person.",
            ],
            IdentityKind.AzureCli => [],
            _ => ["Identity:Kind must be ManagedIdentity, WorkloadIdentity or AzureCli."],
        };
}

/// <summary>
/// Wire format:
/// https://azure.github.io/azure-workload-identity/docs/topics/service-account-labels-and-annotations.html, whose
/// webhook sets these for pods with the label azure.workload.identity/use.
/// </summary>
public sealed class WorkloadOptions
{
    public string? TenantId { get; init; }

    public string? ClientId { get; init; }

    /// <summary>Path of the service account's token, which the kubelet renews.</summary>
    public string? TokenFile { get; init; }

    /// <summary>The authority that issues tokens; null for the global cloud.</summary>
    public string? AuthorityHost { get; init; }

    internal IEnumerable<string> Errors(string? clientId)
    {
        foreach (
            var (name, value) in new[]
            {
                ("AZURE_TENANT_ID", TenantId),
                ("AZURE_CLIENT_ID", clientId ?? ClientId),
                ("AZURE_FEDERATED_TOKEN_FILE", TokenFile),
            }
        )
        {
            if (value is null)
                yield return $"Identity:Kind is WorkloadIdentity, but {name} is not set: "
                    + "does the pod have the label azure.workload.identity/use?";
        }

        if (TokenFile is not null && !File.Exists(TokenFile))
            yield return $"Identity:Kind is WorkloadIdentity, but AZURE_FEDERATED_TOKEN_FILE names "
                + $"{TokenFile}, which does not exist.";
        if (
            AuthorityHost is not null
            && !(Uri.TryCreate(AuthorityHost, UriKind.Absolute, out var host) && host.Scheme == "https")
        )
            yield return "AZURE_AUTHORITY_HOST must be an https:// address.";
    }
}
