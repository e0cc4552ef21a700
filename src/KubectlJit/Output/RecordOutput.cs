using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using JitFunctions.Domain.Evidence;
using JitFunctions.EvidenceFiles;
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
            Document.Write(shell.Out, JsonElement.Parse(Json(verification).ToJsonString()), format);
        else
            WriteFields(verification, verification.IsValid);
        WriteUnknown(verification);
    }

    /// <summary>The same for evidence: what its log proves, and what follows from that.</summary>
    public void Write(EvidenceVerification verification)
    {
        if (format.IsDocument())
        {
            Document.Write(shell.Out, JsonElement.Parse(Json(verification).ToJsonString()), format);
        }
        else
        {
            WriteFields(verification.Log, verification.IsValid);
            if (verification is { IsValid: true, About: { } about })
                WriteFields(verification, about);
        }

        WriteUnknown(verification.Log);
    }

    private void WriteFields(EvidenceVerification verification, EvidenceAbout about)
    {
        var fields = new Fields(shell.Out);
        fields.Line("Period", $"{EvidencePeriod.Text(about.Period.From)} until {EvidencePeriod.Text(about.Period.To)}");
        fields.Line("Population", $"{Number(verification.Requests)} requests, which are all that the log has of it");
        fields.Line("Exceptions", $"{Number(verification.Exceptions)}, which are all that follow from the log");
        fields.Line("Proofs", Number(verification.Proofs));
    }

    private void WriteUnknown(ExportVerification verification)
    {
        if (verification.UnknownSignatures > 0)
        {
            shell.Error.WriteLine(
                $"{verification.UnknownSignatures} of the signatures are of keys that the policy does not name; "
                    + "they were ignored."
            );
        }
    }

    private void WriteFields(ExportVerification verification, bool isValid)
    {
        var fields = new Fields(shell.Out);
        fields.Line("Proven", isValid ? "yes" : "no");
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

        if (!isValid)
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

    private static JsonObject Json(ExportVerification verification) =>
        new()
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

    private static JsonObject Json(EvidenceVerification verification)
    {
        var json = Json(verification.Log);
        json["valid"] = verification.IsValid;
        json["evidence"] = new JsonObject
        {
            ["from"] = verification.About is { } about ? EvidencePeriod.Text(about.Period.From) : null,
            ["to"] = verification.About is { } same ? EvidencePeriod.Text(same.Period.To) : null,
            ["requests"] = verification.Requests,
            ["exceptions"] = verification.Exceptions,
            ["proofs"] = verification.Proofs,
            ["problems"] = new JsonArray([.. verification.Problems.Select(Json)]),
        };
        return json;
    }

    private static JsonNode Json(EvidenceProblem problem) =>
        new JsonObject
        {
            ["kind"] = Name(problem.Kind),
            ["file"] = problem.File,
            ["reason"] = problem.Reason,
        };

    // Scripts rely on these names too.
    private static string Name(EvidenceProblemKind kind) =>
        kind switch
        {
            EvidenceProblemKind.Form => "form",
            EvidenceProblemKind.Missing => "missing",
            EvidenceProblemKind.Added => "added",
            EvidenceProblemKind.Changed => "changed",
            EvidenceProblemKind.Proof => "proof",
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "A kind of problem without a name."),
        };

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
