using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using JitFunctions.KubectlJit.Terminal;
using JitFunctions.TransparencyLog.Notes;
using JitFunctions.TransparencyLog.Verification;

namespace JitFunctions.KubectlJit.Output;

/// <summary>Prints what the verification of an export found.</summary>
internal sealed class RecordOutput(Shell shell, OutputFormat format)
{
    public void Write(ExportVerification verification)
    {
        if (format.IsDocument())
            Document.Write(shell.Out, Json(verification), format);
        else
            WriteFields(verification);
        if (verification.UnknownSignatures > 0)
        {
            shell.Error.WriteLine(
                $"{verification.UnknownSignatures} of the signatures are of keys that the policy does not name; "
                    + "they were ignored."
            );
        }
    }

    private void WriteFields(ExportVerification verification)
    {
        var fields = new Fields(shell.Out);
        fields.Line("Proven", verification.IsValid ? "yes" : "no");
        if (verification.Checkpoint is { } checkpoint)
        {
            fields.Line("Log", checkpoint.Origin);
            fields.Line("Checkpoint", $"{Number(checkpoint.Size)} leaves, root {checkpoint.Root.ToBase64()}");
        }

        foreach (var signature in verification.Signatures)
        {
            fields.Line(
                signature.CosignedAt is null ? "Signed" : "Cosigned",
                signature.CosignedAt is { } at
                    ? $"{signature.Key.Name} at {Timestamps.Exact(at)}"
                    : $"{signature.Key.Name} ({Name(signature.Key.Type)})"
            );
        }

        if (!verification.IsValid)
            return;
        fields.Line(
            "Leaves",
            verification.IsComplete
                ? $"{Number(verification.Leaves)}, which is the whole log"
                : $"{Number(verification.Leaves)} of {Number(verification.Checkpoint!.Size)}: what is here is proven, "
                    + "but not that nothing else happened"
        );
        if (verification.Erased > 0)
            fields.Line("Erased", $"{Number(verification.Erased)} personal values, whose digests are proven");
        if (verification.ConsistentWith is { } size)
            fields.Line("Continues", $"the earlier checkpoint of {Number(size)} leaves");
    }

    private static JsonElement Json(ExportVerification verification)
    {
        var json = new JsonObject
        {
            ["valid"] = verification.IsValid,
            ["origin"] = verification.Checkpoint?.Origin,
            ["size"] = verification.Checkpoint?.Size,
            ["root"] = verification.Checkpoint?.Root.ToBase64(),
            ["signatures"] = new JsonArray([.. verification.Signatures.Select(Json)]),
            ["unknownSignatures"] = verification.UnknownSignatures,
            ["leaves"] = verification.Leaves,
            ["complete"] = verification.IsComplete,
            ["disclosed"] = verification.Disclosed,
            ["erased"] = verification.Erased,
            ["consistentWith"] = verification.ConsistentWith,
            ["problem"] = verification.Problem is { } problem
                ? new JsonObject
                {
                    ["kind"] = Name(problem.Kind),
                    ["index"] = problem.Index,
                    ["reason"] = problem.Reason,
                }
                : null,
        };
        return JsonElement.Parse(json.ToJsonString());
    }

    private static JsonNode Json(VerifiedSignature signature) =>
        new JsonObject
        {
            ["key"] = signature.Key.ToString(),
            ["cosignedAt"] = signature.CosignedAt is { } at ? Timestamps.Exact(at) : null,
        };

    private static string Name(SignatureType type) =>
        type switch
        {
            SignatureType.Ecdsa => "ECDSA P-256",
            SignatureType.Ed25519 => "Ed25519",
            _ => "cosignature",
        };

    // Scripts rely on these names.
    private static string Name(ExportProblemKind kind) =>
        kind switch
        {
            ExportProblemKind.Form => "form",
            ExportProblemKind.Checkpoint => "checkpoint",
            ExportProblemKind.RolledBack => "rolled-back",
            ExportProblemKind.Forked => "forked",
            ExportProblemKind.Order => "order",
            ExportProblemKind.Missing => "missing",
            ExportProblemKind.Added => "added",
            ExportProblemKind.Changed => "changed",
            ExportProblemKind.Disclosure => "disclosure",
            ExportProblemKind.Root => "root",
            ExportProblemKind.Proof => "proof",
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "A kind of problem without a name."),
        };

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
