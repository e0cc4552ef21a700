using JitFunctions.TransparencyLog.Notes;

namespace JitFunctions.Functions.Log;

/// <summary>With which keys the transparency log is signed, and where its checkpoints go.</summary>
public sealed class LogOptions
{
    public const string Section = "Log";

    /// <summary>The name of the log and of its keys, such as an address without a scheme.</summary>
    public string? Origin { get; init; }

    /// <summary>A file with a P-256 private key in PEM form.</summary>
    public string? KeyFile { get; init; }

    /// <summary>Instead of a file: the address of a P-256 key in Azure Key Vault, with its version.</summary>
    public string? KeyVaultKey { get; init; }

    /// <summary>A file with an Ed25519 private key in PEM form.</summary>
    public string? Ed25519KeyFile { get; init; }

    /// <summary>A folder into which each checkpoint is written.</summary>
    public string? CheckpointFolder { get; init; }

    /// <summary>A blob container into which each checkpoint is written.</summary>
    public string? CheckpointContainer { get; init; }

    /// <summary>Client id of the identity that signs and writes; the app's own when absent.</summary>
    public string? ManagedIdentityClientId { get; init; }

    /// <summary>False: the log is built, and nothing is signed.</summary>
    public bool IsSigned => IsSet(KeyFile) || IsSet(KeyVaultKey) || IsSet(Ed25519KeyFile);

    /// <summary>Null without <see cref="KeyVaultKey"/>, or if that is wrong.</summary>
    internal Uri? KeyVaultAddress =>
        Uri.TryCreate(KeyVaultKey, UriKind.Absolute, out var address)
        && (address.Scheme is "https" || address is { Scheme: "http", IsLoopback: true })
        && address is { Query: "", Fragment: "", UserInfo: "", Segments: [_, "keys/", _, var version] }
        && !version.EndsWith('/')
            ? address
            : null;

    internal Uri? ContainerAddress =>
        Uri.TryCreate(CheckpointContainer, UriKind.Absolute, out var address)
        && address is { Scheme: "https", Query: "", Fragment: "", UserInfo: "", Segments: [_, var name] }
        && !name.EndsWith('/')
            ? address
            : null;

    /// <summary>
    /// The errors in these settings, and in the files that they name. None has the content of a file.
    /// </summary>
    public IEnumerable<string> Errors()
    {
        if (IsSigned && !IsName(Origin))
        {
            yield return "Log:Origin is not set: name the log, such as jit.example.com/log, without white space and "
                + "'+'.";
        }

        if (!IsSigned && (IsSet(Origin) || IsSet(CheckpointFolder) || IsSet(CheckpointContainer)))
            yield return "Log:Origin, Log:CheckpointFolder and Log:CheckpointContainer need a key: set Log:KeyFile or "
                + "Log:KeyVaultKey, and Log:Ed25519KeyFile.";
        if (IsSet(KeyFile) && IsSet(KeyVaultKey))
            yield return "Log:KeyFile and Log:KeyVaultKey are two places for one key: set one of them.";
        if (IsSet(KeyVaultKey) && KeyVaultAddress is null)
            yield return "Log:KeyVaultKey must be the address of a key with its version, such as "
                + "https://vault.vault.azure.net/keys/NAME/VERSION.";
        if (IsSet(CheckpointFolder) && !Directory.Exists(CheckpointFolder))
            yield return $"Log:CheckpointFolder names {CheckpointFolder}, which is not a folder.";
        if (IsSet(CheckpointContainer) && ContainerAddress is null)
            yield return "Log:CheckpointContainer must be the https:// address of a blob container, such as "
                + "https://account.blob.core.windows.net/checkpoints, without a query.";
        if (IsSet(KeyFile) && Error(KeyFile!, pem => EcdsaNoteSigner.FromPem("any", pem).Dispose()) is { } ofKey)
            yield return $"Log:KeyFile names {KeyFile}, {ofKey} Make one with "
                + "'openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256'.";
        if (IsSet(Ed25519KeyFile) && Error(Ed25519KeyFile!, pem => Ed25519Key.FromPem(pem)) is { } ofEd25519)
            yield return $"Log:Ed25519KeyFile names {Ed25519KeyFile}, {ofEd25519} Make one with "
                + "'openssl genpkey -algorithm ed25519'.";
    }

    internal static bool IsSet(string? setting) => !string.IsNullOrWhiteSpace(setting);

    private static bool IsName(string? origin) =>
        IsSet(origin) && !origin!.Any(c => char.IsWhiteSpace(c) || char.IsControl(c) || c is '+');

    private static string? Error(string file, Action<string> read)
    {
        try
        {
            read(File.ReadAllText(file));
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "which cannot be read.";
        }
        catch (FormatException)
        {
            return "which is no such private key in PEM form without a password.";
        }
    }
}
