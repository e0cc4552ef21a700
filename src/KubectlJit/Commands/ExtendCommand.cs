using System.CommandLine;
using JitFunctions.KubectlJit.Api;
using JitFunctions.KubectlJit.Output;
using JitFunctions.KubectlJit.Terminal;

namespace JitFunctions.KubectlJit.Commands;

internal sealed class ExtendCommand : Command
{
    private readonly Argument<string> _id = RequestIdArgument.Argument();

    private readonly Option<string> _duration = new("--duration")
    {
        Description = "How much longer: 30m, 1h30m, 90s",
        HelpName = "duration",
        Required = true,
    };

    private readonly Option<string> _reason = new("--reason")
    {
        Description = "Why you need it for longer; approvers and auditors read it",
        HelpName = "text",
        Required = true,
    };

    private readonly GlobalOptions _globals;
    private readonly Shell _shell;

    public ExtendCommand(GlobalOptions globals, Shell shell)
        : base("extend", "Request more time for your active rights")
    {
        (_globals, _shell) = (globals, shell);
        Arguments.Add(_id);
        Options.Add(_duration);
        Options.Add(_reason);
        SetAction(RunAsync);
    }

    private async Task RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        using var server = _globals.Connect(parsed, _shell);
        var before = (await server.ShowAsync(await server.FindIdAsync(parsed.GetValue(_id)!, cancel), cancel)).Request;
        var body = new NewExtension(parsed.GetValue(_duration)!, parsed.GetValue(_reason)!);
        var after = await ExtendAsync(server, before, body, cancel);
        new Progress(_shell, before).Tell(after.Request);
        if (after.Request.Extension is not null)
            _shell.Error.WriteLine(Printable.Text($"  follow it:  kubectl jit show {before.Id} --watch"));
        new RequestOutput(_shell, _globals.Format(parsed)).Write(after);
    }

    private static async Task<Snapshot> ExtendAsync(
        JitConnection server,
        AccessRequest before,
        NewExtension body,
        CancellationToken cancel
    )
    {
        try
        {
            return await server.ExtendAsync(before, body, cancel);
        }
        catch (Failure failure) when (MayBeDone(failure))
        {
            throw failure.With(
                $"see whether it is extended already before you repeat this: kubectl jit show {before.Id}"
            );
        }
    }

    // The request has changed in the meantime, perhaps by an earlier attempt of this call, or the outcome is unknown.
    private static bool MayBeDone(Failure failure) =>
        failure.Code is "version-mismatch" or "conflict"
        || (failure.ExitCode is ExitCode.Unreachable or ExitCode.Unexpected && !Problem.IsRefusal(failure.Code));
}
