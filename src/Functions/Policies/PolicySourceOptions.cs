using JitFunctions.Functions.Platform.AppIdentity;
using JitFunctions.PolicyReading;

namespace JitFunctions.Functions.Policies;

/// <summary>The source of the policies: exactly one of <see cref="Path"/> and <see cref="Container"/>.</summary>
public sealed class PolicySourceOptions
{
    public const string Section = "Policies";

    /// <summary>A folder of policy files, or a single one.</summary>
    public string? Path { get; init; }

    /// <summary>Address of a container in an Azure storage account, which the app reads with its identity.</summary>
    public string? Container { get; init; }

    /// <summary>Client id of the identity that reads the container; the app's own when absent.</summary>
    public string? ManagedIdentityClientId { get; init; }

    /// <summary>The errors in these settings that can be found without reading anything.</summary>
    public IEnumerable<string> Errors()
    {
        if (string.IsNullOrWhiteSpace(Path) == string.IsNullOrWhiteSpace(Container))
            yield return "Policies:Path is not set: name the policy file, or the folder of policy files; "
                + "or set Policies:Container instead, never both.";
        else if (!string.IsNullOrWhiteSpace(Container) && ContainerAddress is null)
            // Never includes the value: it may contain a signature.
            yield return "Policies:Container must be the https:// address of a blob container, such as "
                + "https://account.blob.core.windows.net/policies, without a query: "
                + "it is read by the managed identity.";
        if (string.IsNullOrWhiteSpace(Container) && !string.IsNullOrEmpty(ManagedIdentityClientId))
            yield return "Policies:ManagedIdentityClientId is for Policies:Container: set that too, or leave it out.";
    }

    /// <summary>The source; available only without <see cref="Errors"/>.</summary>
    public PolicySource Open(AppCredentials credentials) =>
        ContainerAddress is { } container
            ? BlobPolicySource.For(container, credentials.For(ManagedIdentityClientId))
            : new FolderPolicySource(Path!);

    private Uri? ContainerAddress =>
        Uri.TryCreate(Container, UriKind.Absolute, out var address)
        && address is { Scheme: "https", Query: "", Fragment: "", UserInfo: "", Segments: [_, var name] }
        && !name.EndsWith('/')
            ? address
            : null;
}
