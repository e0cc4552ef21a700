using System.CommandLine;
using System.Text.Json;
using JitFunctions.KubectlJit.Api;
using JitFunctions.KubectlJit.Output;
using JitFunctions.KubectlJit.Terminal;

namespace JitFunctions.KubectlJit.Commands;

/// <summary><c>dossier</c>: all that is known about one request.</summary>
internal sealed class DossierCommand : Command
{
    private readonly Argument<string> _id = RequestIdArgument.Argument();

    private readonly Option<string> _as = new("--as")
    {
        Description = "What is printed or written: text, json, ndjson (CloudEvents) or html (one page to print)",
        HelpName = "form",
        DefaultValueFactory = _ => "text",
    };

    private readonly Option<string?> _file = new("--file", "-f")
    {
        Description = "Where to write it, instead of printing it; a file that exists is not overwritten",
        HelpName = "path",
    };

    private readonly GlobalOptions _globals;
    private readonly Shell _shell;

    public DossierCommand(GlobalOptions globals, Shell shell)
        : base("dossier", "Show all that is known about a request: decisions, actions, end, gaps, what remains")
    {
        (_globals, _shell) = (globals, shell);
        _as.AcceptOnlyFromAmong("text", "json", "ndjson", "html");
        Arguments.Add(_id);
        Options.Add(_as);
        Options.Add(_file);
        SetAction(RunAsync);
    }

    private async Task RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        var path = parsed.GetValue(_file);
        if (path is not null && (File.Exists(path) || Directory.Exists(path)))
            throw Failure.Usage($"{path} exists already", "name another file");
        using var server = _globals.Connect(parsed, _shell);
        var id = await server.FindIdAsync(parsed.GetValue(_id)!, cancel);
        var (form, format) = (parsed.GetValue(_as)!, _globals.Format(parsed));
        using var body = new MemoryStream();
        await server.DossierAsync(id, MediaType(form), body, cancel);
        if (path is not null && form != "text")
        {
            await File.WriteAllBytesAsync(path, body.ToArray(), cancel);
            _shell.Error.WriteLine($"wrote {path}");
            return;
        }

        await using var file = path is null ? null : new StreamWriter(path);
        var writer = file ?? _shell.Out;
        if (form is "ndjson" or "html")
        {
            writer.Write(Printable.Document(Utf8(body), OutputFormat.Json));
            return;
        }

        using var json = JsonDocument.Parse(body.ToArray());
        if (form == "json" || format.IsDocument())
            Document.Write(writer, json.RootElement, format);
        else
            DossierOutput.Write(writer, json.RootElement);
    }

    private static string Utf8(MemoryStream body) => System.Text.Encoding.UTF8.GetString(body.ToArray());

    private static string MediaType(string form) =>
        form switch
        {
            "ndjson" => "application/x-ndjson",
            "html" => "text/html",
            _ => "application/json",
        };
}
