using System.CommandLine;
using JitFunctions.EvidenceFiles;
using JitFunctions.KubectlJit.Output;
using JitFunctions.KubectlJit.Terminal;
using JitFunctions.TransparencyLog.Exports;
using JitFunctions.TransparencyLog.Verification;

namespace JitFunctions.KubectlJit.Commands;

/// <summary><c>verify</c>: verifies an export of the record, or evidence, without a server.</summary>
internal sealed class VerifyCommand : Command
{
    private readonly Argument<string> _export = new("export")
    {
        Description = "The export: a folder or a zip archive",
        HelpName = "EXPORT",
    };

    private readonly Option<string> _policy = new("--policy")
    {
        Description = "File that says which log and which witnesses you trust (tlog-policy); not the one in the export",
        HelpName = "file",
        Required = true,
    };

    private readonly Option<string?> _known = new("--known")
    {
        Description = "An earlier checkpoint that you kept: the log must continue it",
        HelpName = "checkpoint",
    };

    private readonly GlobalOptions _globals;
    private readonly Shell _shell;

    public VerifyCommand(GlobalOptions globals, Shell shell)
        : base(
            "verify",
            "Verify an exported record or evidence: leaves, proofs, signatures, population and exceptions; needs no "
                + "server. Exits with 1 when it is not proven"
        )
    {
        (_globals, _shell) = (globals, shell);
        Arguments.Add(_export);
        Options.Add(_policy);
        Options.Add(_known);
        SetAction(RunAsync);
    }

    private async Task RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        var path = parsed.GetValue(_export)!;
        var policy = TrustFiles.Policy(parsed.GetValue(_policy)!);
        var known = parsed.GetValue(_known) is { } file ? TrustFiles.Checkpoint(file) : null;
        using var export = ExportFile.Open(path);
        if (EvidenceVerifier.IsEvidence(export))
        {
            await EvidenceAsync(parsed, path, export, new(policy, known), cancel);
            return;
        }

        var verification = await new ExportVerifier(policy, known).VerifyAsync(export, cancel);
        new RecordOutput(_shell, _globals.Format(parsed)).Write(verification);
        if (verification.Problem is { } problem)
            throw NotProven(path, problem);
    }

    private async Task EvidenceAsync(
        ParseResult parsed,
        string path,
        ExportSource export,
        EvidenceVerifier verifier,
        CancellationToken cancel
    )
    {
        var verification = await verifier.VerifyAsync(export, cancel);
        new RecordOutput(_shell, _globals.Format(parsed)).Write(verification);
        if (verification.Log.Problem is { } problem)
            throw NotProven(path, problem);
        if (verification.Problems is not [var first, ..])
            return;
        throw new Failure(
            ExitCode.Unexpected,
            $"{path} is not proven: {first.File}: {first.Reason}",
            "not-proven",
            null
        )
        {
            Details = [.. verification.Problems.Skip(1).Select(one => $"{one.File}: {one.Reason}")],
        };
    }

    private static Failure NotProven(string path, ExportProblem problem)
    {
        var place = problem.Index is { } index ? $"leaf {index}: " : "";
        return new(ExitCode.Unexpected, $"{path} is not proven: {place}{problem.Reason}", "not-proven", null);
    }
}
