using System.CommandLine;
using JitFunctions.KubectlJit.Api;
using JitFunctions.KubectlJit.Terminal;

namespace JitFunctions.KubectlJit.Commands;

/// <summary><c>export</c>: downloads the record, or what it has about one request.</summary>
internal sealed class ExportCommand : Command
{
    private readonly Argument<string?> _id = RequestIdArgument.Optional();

    private readonly Option<string> _file = new("--file", "-f")
    {
        Description = "Where to write the zip archive; a file that exists is not overwritten",
        HelpName = "path",
        Required = true,
    };

    private readonly GlobalOptions _globals;
    private readonly Shell _shell;

    public ExportCommand(GlobalOptions globals, Shell shell)
        : base(
            "export",
            "Download the whole record (for auditors), or one request's part of it, for: kubectl jit verify"
        )
    {
        (_globals, _shell) = (globals, shell);
        Arguments.Add(_id);
        Options.Add(_file);
        SetAction(RunAsync);
    }

    private async Task RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        var path = parsed.GetValue(_file)!;
        NewFile.Check(path);
        using var server = _globals.Connect(parsed, _shell);
        var id = parsed.GetValue(_id) is { } text ? await server.FindIdAsync(text, cancel) : null;
        await NewFile.WriteAsync(path, stream => server.ExportAsync(id, stream, cancel));
        _shell.Error.WriteLine($"wrote {path}; verify it with: kubectl jit verify {path} --policy FILE");
    }
}
