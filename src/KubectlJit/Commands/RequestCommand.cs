using System.CommandLine;
using JitFunctions.KubectlJit.Api;
using JitFunctions.KubectlJit.Output;
using JitFunctions.KubectlJit.Terminal;

namespace JitFunctions.KubectlJit.Commands;

internal sealed class RequestCommand : Command
{
    private readonly AskOptions _ask;

    private readonly Option<string?> _key = new("--idempotency-key")
    {
        Description = "A repeated call with the same key returns the same request (random by default)",
        HelpName = "key",
    };

    private readonly WaitOptions _wait = new();
    private readonly GlobalOptions _globals;
    private readonly Shell _shell;

    public RequestCommand(GlobalOptions globals, Shell shell)
        : base("request", "Request rights in a cluster for a limited time")
    {
        (_globals, _shell, _ask) = (globals, shell, new AskOptions(shell, reasonRequired: true));
        _ask.AddTo(this);
        Options.Add(_key);
        _wait.AddTo(this);
        Validators.Add(_ask.Validate);
        SetAction(RunAsync);
    }

    private async Task RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        var key = parsed.GetValue(_key) ?? Guid.NewGuid().ToString("N");
        var body = _ask.Body(parsed);
        var waits = _wait.Wait(parsed);
        var format = _globals.Format(parsed);
        using var server = _globals.Connect(parsed, _shell, follows: waits);
        var request = await AskAsync(server, body, key, cancel);
        if (waits)
        {
            await new Waiting(_shell, server, format).RunAsync(request, _wait.Timeout(parsed), cancel);
            return;
        }

        new Progress(_shell).Tell(request.Request);
        if (!Status.IsSettled(request.Request.Status))
            _shell.Error.WriteLine(Printable.Text($"  follow it:  kubectl jit show {request.Request.Id} --wait"));
        new RequestOutput(_shell, format).Write(request);
    }

    private static async Task<Snapshot> AskAsync(
        JitConnection server,
        NewRequest body,
        string key,
        CancellationToken cancel
    )
    {
        try
        {
            return await server.AskAsync(body, key, cancel);
        }
        catch (Failure failure)
            when (failure.ExitCode is ExitCode.Unreachable or ExitCode.Unexpected && !Problem.IsRefusal(failure.Code))
        {
            throw failure.With(HowToRepeat(body, key));
        }
        catch (OperationCanceledException)
        {
            throw new Failure(ExitCode.Interrupted, "stopped before the server answered", "interrupted", null)
            {
                Details = [HowToRepeat(body, key)],
            };
        }
    }

    // The same key requires the same body, but "in two hours" would be a different time then.
    private static string HowToRepeat(NewRequest body, string key) =>
        "it may have been made all the same; repeat it safely with: --idempotency-key "
        + $"{key}{(body.Start is { } start ? $" --start {start}" : "")}";
}
