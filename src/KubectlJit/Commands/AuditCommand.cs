using System.CommandLine;
using JitFunctions.KubectlJit.Api;
using JitFunctions.KubectlJit.Output;
using JitFunctions.KubectlJit.Terminal;

namespace JitFunctions.KubectlJit.Commands;

internal sealed class AuditCommand : Command, IListCommand
{
    private const long PageSize = 1000;

    private static readonly TimeSpan PollingPause = TimeSpan.FromSeconds(2);

    private readonly Option<long> _after = CountOption.Of(
        "--after",
        "Start behind this sequence (at the beginning by default)",
        "sequence",
        least: 0
    );
    private readonly Option<long> _limit = CountOption.Of(
        "--limit",
        "Stop after so many events (all by default)",
        "count",
        least: 1
    );
    private readonly Option<bool> _follow = new("--follow", "-f")
    {
        Description = "Keep printing new events as they are recorded",
    };
    private readonly Option<DateTimeOffset?> _since;
    private readonly Option<DateTimeOffset?> _until;
    private readonly GlobalOptions _globals;
    private readonly Shell _shell;

    public AuditCommand(GlobalOptions globals, Shell shell)
        : base("audit", "Replay every event of every request, in order (for auditors)")
    {
        (_globals, _shell) = (globals, shell);
        _since = TimeOption.Past(shell, "--since", "Only what was recorded at this time or later");
        _until = TimeOption.Past(shell, "--until", "Only what was recorded before this time");
        Options.Add(_after);
        Options.Add(_limit);
        Options.Add(_follow);
        Options.Add(_since);
        Options.Add(_until);
        Validators.Add(result =>
        {
            if (result.GetValue(_follow) && result.GetResult(_until) is not null)
                result.AddError("--follow has no end: leave --until out");
        });
        SetAction(RunAsync);
    }

    private async Task RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        var output = new EventOutput(_shell, _globals.Format(parsed), ofMany: true);
        var (start, follow) = (parsed.GetValue(_after), parsed.GetValue(_follow));
        var after = start;
        if (parsed.GetValue(_since) >= parsed.GetValue(_until))
            throw Failure.Usage("--since is not before --until", "exchange them");
        string[] filters = [.. Filters(parsed)];
        var left = parsed.GetResult(_limit) is null ? long.MaxValue : parsed.GetValue(_limit);
        using var server = _globals.Connect(parsed, _shell, follows: follow);
        try
        {
            while (left > 0)
            {
                var page = await server.AuditAsync(after, Math.Min(left, PageSize), filters, cancel);
                output.Add(page.Lines);
                (after, left) = (page.LastSequence, left - page.Lines.Count);
                if (page.Lines.Count > 0)
                    continue;
                if (!follow)
                    break;
                await Task.Delay(PollingPause, _shell.Clock, cancel);
            }
        }
        finally
        {
            if (after > start)
                _shell.Error.WriteLine($"read up to sequence {after}; go on with: kubectl jit audit --after {after}");
        }
    }

    private IEnumerable<string> Filters(ParseResult parsed)
    {
        if (parsed.GetValue(_since) is { } since)
            yield return $"since={Uri.EscapeDataString(Timestamps.Exact(since))}";
        if (parsed.GetValue(_until) is { } until)
            yield return $"until={Uri.EscapeDataString(Timestamps.Exact(until))}";
    }
}
