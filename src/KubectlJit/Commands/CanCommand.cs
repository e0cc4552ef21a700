using System.CommandLine;
using JitFunctions.KubectlJit.Api;
using JitFunctions.KubectlJit.Output;
using JitFunctions.KubectlJit.Terminal;

namespace JitFunctions.KubectlJit.Commands;

internal sealed class CanCommand : Command
{
    private readonly AskOptions _ask;

    private readonly Option<string?> _as = new("--as")
    {
        Description = "For this user instead of yourself (administrators and auditors)",
        HelpName = "user name",
    };

    private readonly Option<string[]> _asGroups = new("--as-group")
    {
        Description = "With --as: a group that the user is in; may be repeated",
        HelpName = "group",
    };

    private readonly GlobalOptions _globals;
    private readonly Shell _shell;

    public CanCommand(GlobalOptions globals, Shell shell)
        : base(
            "can",
            "Show what you may ask for, or, with the flags of request, whether that would be covered and who "
                + "could approve it"
        )
    {
        (_globals, _shell, _ask) = (globals, shell, new AskOptions(shell, reasonRequired: false));
        _ask.AddTo(this);
        Options.Add(_as);
        Options.Add(_asGroups);
        Validators.Add(result =>
        {
            if (result.GetResult(_asGroups) is not null && result.GetResult(_as) is null)
                result.AddError("--as-group needs --as");
            else if (_ask.Any(result) || result.GetResult(_as) is not null)
                _ask.Validate(result);
        });
        SetAction(
            (parsed, cancel) =>
                _ask.Any(parsed.CommandResult) ? SimulateAsync(parsed, cancel) : OffersAsync(parsed, cancel)
        );
    }

    private async Task OffersAsync(ParseResult parsed, CancellationToken cancel)
    {
        using var server = _globals.Connect(parsed, _shell);
        new PolicyOutput(_shell, _globals.Format(parsed)).WriteOffers(await server.OffersAsync(cancel));
    }

    private async Task SimulateAsync(ParseResult parsed, CancellationToken cancel)
    {
        var on = parsed.GetValue(_as) is { } username
            ? new SimulatedUser(username, parsed.GetValue(_asGroups) ?? [])
            : null;
        var body = _ask.Body(parsed, on);
        using var server = _globals.Connect(parsed, _shell);
        var answer = await server.SimulateAsync(body, cancel);
        var simulation = new PolicyOutput(_shell, _globals.Format(parsed)).WriteSimulation(answer);
        if (!simulation.Covered)
            throw new Failure(
                ExitCode.Refused,
                "this would be refused",
                simulation.Code ?? "not-covered",
                simulation.Detail
            );
    }
}
