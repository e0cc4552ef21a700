using System.Security.Cryptography;
using JitFunctions.TransparencyLog.Notes;

namespace JitFunctions.LocalStack;

/// <summary>The keys that sign the log, the folder to which its checkpoints go, and what an auditor trusts.</summary>
public sealed class LogTrust : IDisposable
{
    private const string Origin = "jit.local/log";

    private readonly ScratchFolder _folder = new();

    public LogTrust()
    {
        using var ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var (pem, ed25519) = (ecdsa.ExportPkcs8PrivateKeyPem(), Ed25519Key.Generate());
        using var signer = EcdsaNoteSigner.FromPem(Origin, pem);
        File.WriteAllText(EcdsaFile, pem);
        File.WriteAllText(Ed25519File, ed25519.ToPem());
        File.WriteAllText(Policy, $"log {signer.Key}\nlog {new Ed25519NoteSigner(Origin, ed25519).Key}\nquorum none\n");
        Directory.CreateDirectory(Checkpoints);
    }

    /// <summary>The file that says whom to trust (tlog-policy).</summary>
    public string Policy => _folder.Combine("auditor.policy");

    /// <summary>The folder with all checkpoints that were signed.</summary>
    public string Checkpoints => _folder.Combine("checkpoints");

    private string EcdsaFile => _folder.Combine("log-ecdsa.pem");

    private string Ed25519File => _folder.Combine("log-ed25519.pem");

    public IReadOnlyDictionary<string, string?> Settings() =>
        new Dictionary<string, string?>
        {
            ["Log__Origin"] = Origin,
            ["Log__KeyFile"] = EcdsaFile,
            ["Log__Ed25519KeyFile"] = Ed25519File,
            [ArchiveSetting] = Checkpoints,
        };

    /// <summary>The setting that belongs to one database: another one has another log.</summary>
    internal const string ArchiveSetting = "Log__CheckpointFolder";

    public void Dispose() => _folder.Dispose();
}
