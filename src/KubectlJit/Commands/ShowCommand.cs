using System.CommandLine;
using JitFunctions.KubectlJit.Api;
using JitFunctions.KubectlJit.Output;
using JitFunctions.KubectlJit.Terminal;

namespace JitFunctions.KubectlJit.Commands;

internal sealed class ShowCommand : Command
{
    private readonly Argument<string> _id = RequestIdArgument.Argument();
    private readonly Option<bool> _watch = new("--watch", "-w")
    {
        Description = "Print each change until the request has ended",
    };
    private readonly WaitOptions _wait = new();
    private readonly GlobalOptions _globals;
    private readonly Shell _shell;

    public ShowCommand(GlobalOptions globals, Shell shell)
        : base("show", "Show all details of a request")
    {
        (_globals, _shell) = (globals, shell);
        Arguments.Add(_id);
        Options.Add(_watch);
        _wait.AddTo(this);
        SetAction(RunAsync);
    }

    private async Task RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        var (waits, watches) = (_wait.Wait(parsed), parsed.GetValue(_watch));
        if (waits && watches)
            throw Failure.Usage(
                "--wait and --watch exclude each other",
                "--wait ends when the request is active, --watch when it is over"
            );

        var format = _globals.Format(parsed);
        using var server = _globals.Connect(parsed, _shell, follows: waits || watches);
        var request = await server.ShowAsync(await server.FindIdAsync(parsed.GetValue(_id)!, cancel), cancel);
        if (waits)
            await new Waiting(_shell, server, format).RunAsync(request, _wait.Timeout(parsed), cancel);
        else if (watches)
            await WatchAsync(server, request, format, cancel);
        else
            new RequestOutput(_shell, format).WriteDetails(request);
    }

    private async Task WatchAsync(JitConnection server, Snapshot first, OutputFormat format, CancellationToken cancel)
    {
        var (output, progress) = (new RequestOutput(_shell, format), new Progress(_shell));
        Tell(first);
        await foreach (var next in server.ChangesAsync(first, _shell.Clock, cancel))
            Tell(next);

        // A JSON or YAML document contains everything. A table row has no room for who made the change and why.
        void Tell(Snapshot snapshot)
        {
            if (!format.IsDocument())
                progress.Tell(snapshot.Request);
            output.WriteNext(snapshot);
        }
    }
}
