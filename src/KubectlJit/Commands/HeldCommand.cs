using System.CommandLine;
using JitFunctions.KubectlJit.Api;
using JitFunctions.KubectlJit.Output;
using JitFunctions.KubectlJit.Terminal;

namespace JitFunctions.KubectlJit.Commands;

internal sealed class HeldCommand : Command, IListCommand
{
    private readonly Option<string?> _cluster = new("--cluster") { Description = "In this cluster", HelpName = "name" };
    private readonly Option<string?> _person = new("--person")
    {
        Description = "By this user name",
        HelpName = "username",
    };
    private readonly Option<string?> _namespace = new("--namespace", "-n")
    {
        Description = "In this namespace, or in all of them",
        HelpName = "name",
    };
    private readonly Option<long> _atSize = CountOption.Of(
        "--at-size",
        "As it was known at the checkpoint of this size (the newest by default)",
        "size",
        least: 1
    );
    private readonly Option<DateTimeOffset?> _at;
    private readonly Option<DateTimeOffset?> _since;
    private readonly Option<DateTimeOffset?> _until;
    private readonly GlobalOptions _globals;
    private readonly Shell _shell;

    public HeldCommand(GlobalOptions globals, Shell shell)
        : base("held", "Show who held what, when (for auditors)")
    {
        (_globals, _shell) = (globals, shell);
        _at = TimeOption.Past(shell, "--at", "At this time");
        _since = TimeOption.Past(shell, "--since", "In the period from this time on");
        _until = TimeOption.Past(shell, "--until", "In the period before this time");
        Options.Add(_at);
        Options.Add(_since);
        Options.Add(_until);
        Options.Add(_cluster);
        Options.Add(_person);
        Options.Add(_namespace);
        Options.Add(_atSize);
        Validators.Add(result =>
        {
            var period = result.GetResult(_since) ?? result.GetResult(_until);
            if (result.GetResult(_at) is not null && period is not null)
                result.AddError("Ask for one time with --at, or for a period with --since and --until");
            if ((result.GetResult(_at) ?? period ?? result.GetResult(_person) ?? result.GetResult(_namespace)) is null)
                result.AddError("Give a time (--at), a period (--since, --until), a --person or a --namespace");
        });
        SetAction(RunAsync);
    }

    private async Task RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        var output = new HeldOutput(_shell, _globals.Format(parsed));
        using var server = _globals.Connect(parsed, _shell);
        KnownAt? known = null;
        await foreach (var page in server.HeldAsync([.. Filters(parsed), "limit=1000"], cancel))
        {
            output.Add(page.Items);
            known = page.Checkpoint;
        }

        if (known is not null)
            _shell.Error.WriteLine($"as known at the checkpoint of {known.Size} leaves, root {known.Root}");
    }

    private IEnumerable<string> Filters(ParseResult parsed)
    {
        string?[] all =
        [
            Time("at", parsed.GetValue(_at)),
            Time("since", parsed.GetValue(_since)),
            Time("until", parsed.GetValue(_until)),
            Text("cluster", parsed.GetValue(_cluster)),
            Text("person", parsed.GetValue(_person)),
            Text("namespace", parsed.GetValue(_namespace)),
            parsed.GetResult(_atSize) is null ? null : $"atSize={parsed.GetValue(_atSize)}",
        ];
        return all.OfType<string>();
    }

    private static string? Time(string name, DateTimeOffset? time) =>
        time is { } at ? Text(name, Timestamps.Exact(at)) : null;

    private static string? Text(string name, string? text) =>
        text is null ? null : $"{name}={Uri.EscapeDataString(text)}";
}
