using System.CommandLine;
using JitFunctions.KubectlJit.Api;
using JitFunctions.KubectlJit.Output;
using JitFunctions.KubectlJit.Terminal;

namespace JitFunctions.KubectlJit.Commands;

internal sealed class ListCommand : Command, IListCommand
{
    private const long DefaultLimit = 50;

    private readonly Option<string?> _status = new("--status")
    {
        Description =
            "Only these, separated by commas: pending, approved, activating, active, ending, denied, withdrawn, "
            + "lapsed, failed, ended",
        HelpName = "status",
    };

    private readonly Option<bool> _mine = new("--mine") { Description = "Only your own" };
    private readonly Option<bool> _reviewable = new("--reviewable")
    {
        Description = "Only those that wait for a review that you may give",
    };
    private readonly Option<string?> _cluster = new("--cluster")
    {
        Description = "Only on this cluster",
        HelpName = "name",
    };
    private readonly Option<string?> _requester = new("--requester")
    {
        Description = "Only by this user",
        HelpName = "user name",
    };
    private readonly Option<long> _limit = CountOption.Of(
        "--limit",
        "At most so many (50 by default)",
        "count",
        least: 1
    );
    private readonly GlobalOptions _globals;
    private readonly Shell _shell;

    public ListCommand(GlobalOptions globals, Shell shell)
        : base("list", "List requests that you may see, newest first")
    {
        (_globals, _shell) = (globals, shell);
        Option[] options = [_status, _mine, _reviewable, _cluster, _requester, _limit];
        foreach (var option in options)
            Options.Add(option);
        SetAction(RunAsync);
    }

    private async Task RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        var limit = parsed.GetResult(_limit) is null ? DefaultLimit : parsed.GetValue(_limit);
        using var server = _globals.Connect(parsed, _shell);
        var (requests, more) = await server.ListAsync([.. Filters(parsed)], limit, cancel);
        new RequestOutput(_shell, _globals.Format(parsed)).WriteAll(requests);
        if (requests.Count == 0)
            _shell.Error.WriteLine("No requests found.");
        if (more)
            _shell.Error.WriteLine($"There are more than these {limit}: raise --limit to see them.");
    }

    private IEnumerable<string> Filters(ParseResult parsed)
    {
        if (parsed.GetValue(_status) is { } status)
            yield return $"status={Uri.EscapeDataString(status)}";
        if (parsed.GetValue(_mine))
            yield return "mine=true";
        if (parsed.GetValue(_reviewable))
            yield return "reviewable=true";
        if (parsed.GetValue(_cluster) is { } cluster)
            yield return $"cluster={Uri.EscapeDataString(cluster)}";
        if (parsed.GetValue(_requester) is { } requester)
            yield return $"requester={Uri.EscapeDataString(requester)}";
    }
}
