using JitFunctions.KubectlJit.Terminal;
using JitFunctions.TransparencyLog.Checkpoints;
using JitFunctions.TransparencyLog.Notes;
using JitFunctions.TransparencyLog.Proofs;

namespace JitFunctions.KubectlJit.Commands;

/// <summary>The files in which a person says whom they trust, and what they kept.</summary>
internal static class TrustFiles
{
    /// <exception cref="Failure">It cannot be read, or is not a policy.</exception>
    public static TlogPolicy Policy(string path) =>
        Read(path, "policy", "see docs/record.md for its form", bytes => TlogPolicy.Parse(bytes));

    /// <exception cref="Failure">It cannot be read, or is not a checkpoint.</exception>
    public static SignedCheckpoint Checkpoint(string path) =>
        Read(path, "checkpoint", "give one as the log publishes it", bytes => SignedCheckpoint.Parse(bytes));

    /// <exception cref="Failure">It cannot be read, or is not an Ed25519 key.</exception>
    public static Ed25519Key Key(string path) =>
        Read(
            path,
            "key",
            "make one: openssl genpkey -algorithm ed25519",
            bytes => Ed25519Key.FromPem(System.Text.Encoding.UTF8.GetString(bytes))
        );

    private static T Read<T>(string path, string what, string remedy, Func<byte[], T> parse)
    {
        try
        {
            return parse(File.ReadAllBytes(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new Failure(
                ExitCode.Usage,
                $"the {what} {path} cannot be read: {e.Message.TrimEnd('.')}",
                $"unreadable-{what}",
                "correct the path or its permissions",
                e
            );
        }
        catch (FormatException e)
        {
            throw new Failure(
                ExitCode.Usage,
                $"the {what} {path} is not valid: {e.Message.TrimEnd('.')}",
                $"invalid-{what}",
                remedy,
                e
            );
        }
    }
}
