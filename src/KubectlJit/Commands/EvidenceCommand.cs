using System.CommandLine;
using JitFunctions.KubectlJit.Api;
using JitFunctions.KubectlJit.Terminal;

namespace JitFunctions.KubectlJit.Commands;

/// <summary><c>evidence</c>: downloads the evidence of a period, for an audit.</summary>
internal sealed class EvidenceCommand : Command
{
    private readonly Option<DateTimeOffset?> _from;
    private readonly Option<DateTimeOffset?> _to;

    private readonly Option<string> _file = new("--file", "-f")
    {
        Description = "Where to write the zip archive; a file that exists is not overwritten",
        HelpName = "path",
        Required = true,
    };

    private readonly GlobalOptions _globals;
    private readonly Shell _shell;

    public EvidenceCommand(GlobalOptions globals, Shell shell)
        : base(
            "evidence",
            "Download the evidence of a period (for auditors): all requests, exceptions, events and proofs, for: "
                + "kubectl jit verify"
        )
    {
        (_globals, _shell) = (globals, shell);
        _from = TimeOption.Past(shell, "--from", "Begin of the period");
        _to = TimeOption.Past(shell, "--to", "End of the period, which does not belong to it");
        (_from.Required, _to.Required) = (true, true);
        Options.Add(_from);
        Options.Add(_to);
        Options.Add(_file);
        SetAction(RunAsync);
    }

    private async Task RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        var (path, from, to) = (parsed.GetValue(_file)!, parsed.GetValue(_from)!.Value, parsed.GetValue(_to)!.Value);
        if (from >= to)
            throw Failure.Usage("--from is not before --to", "give the earlier time as --from");
        NewFile.Check(path);
        using var server = _globals.Connect(parsed, _shell);
        await NewFile.WriteAsync(path, stream => server.EvidenceAsync(from, to, stream, cancel));
        _shell.Error.WriteLine($"wrote {path}; verify it with: kubectl jit verify {path} --policy FILE");
    }
}
