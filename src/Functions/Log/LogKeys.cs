using JitFunctions.Functions.Platform.AppIdentity;
using JitFunctions.Projections.Log;
using JitFunctions.TransparencyLog.Notes;

namespace JitFunctions.Functions.Log;

/// <summary>The keys of the log, opened at first use: a key vault may not answer when the app starts.</summary>
public sealed class LogKeys(LogOptions options, AppCredentials credentials, TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim _one = new(1, 1);
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false })
    {
        Timeout = CallTimeout,
        MaxResponseContentBufferSize = 64 * 1024,
    };
    private CheckpointSigning? _signing;

    /// <returns>Null without keys.</returns>
    public async Task<CheckpointSigning?> OpenAsync(CancellationToken cancellation)
    {
        if (!options.IsSigned || _signing is not null)
            return _signing;
        await _one.WaitAsync(cancellation);
        try
        {
            return _signing ??= new(await SignersAsync(cancellation), [.. Archives()], clock);
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>The policy that the log suggests: a verifier has to get the keys in another way.</summary>
    public static string SuggestedPolicy(IEnumerable<VerifierKey> keys) =>
        $"{string.Concat(keys.Select(key => $"log {key}\n"))}quorum none\n";

    public void Dispose()
    {
        _one.Dispose();
        _http.Dispose();
    }

    private async Task<IReadOnlyList<INoteSigner>> SignersAsync(CancellationToken cancellation)
    {
        var (origin, signers) = (options.Origin!, new List<INoteSigner>());
        if (LogOptions.IsSet(options.KeyFile))
            signers.Add(EcdsaNoteSigner.FromPem(origin, await File.ReadAllTextAsync(options.KeyFile!, cancellation)));
        if (options.KeyVaultAddress is { } key)
        {
            var credential = credentials.For(options.ManagedIdentityClientId);
            signers.Add(await KeyVaultSigner.OpenAsync(origin, key, _http, credential, cancellation));
        }

        if (LogOptions.IsSet(options.Ed25519KeyFile))
        {
            var pem = await File.ReadAllTextAsync(options.Ed25519KeyFile!, cancellation);
            signers.Add(new Ed25519NoteSigner(origin, Ed25519Key.FromPem(pem)));
        }

        return signers;
    }

    private IEnumerable<ICheckpointArchive> Archives()
    {
        if (LogOptions.IsSet(options.CheckpointFolder))
            yield return new FolderArchive(options.CheckpointFolder!);
        if (options.ContainerAddress is { } container)
            yield return BlobArchive.For(container, credentials.For(options.ManagedIdentityClientId));
    }
}
