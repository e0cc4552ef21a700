using System.CommandLine;
using System.CommandLine.Parsing;
using JitFunctions.KubectlJit.Api;
using JitFunctions.KubectlJit.Output;
using JitFunctions.KubectlJit.Terminal;

namespace JitFunctions.KubectlJit.Commands;

/// <summary>
/// The options that describe a request. <c>request</c> and <c>can</c> share them; <c>can</c> asks whether a policy
/// covers the request.
/// </summary>
internal sealed class AskOptions
{
    private readonly ClusterOption _cluster;

    private readonly Option<string[]> _namespaces = new("--namespace", "-n")
    {
        Description = "Namespace to act in; may be repeated",
        HelpName = "name",
    };

    private readonly Option<bool> _clusterWide = new("--cluster-wide")
    {
        Description = "All namespaces and cluster-scoped resources",
    };

    private readonly Option<Role> _role = new("--role")
    {
        Description = "ClusterRole/edit, Role/debugger, or just edit, which means ClusterRole/edit",
        HelpName = "kind/name",
        CustomParser = ParseRole,
    };

    private readonly RuleOptions _rules = new();

    private readonly Option<string?> _duration = new("--duration")
    {
        Description = "How long you need it: 30m, 1h30m, 90s (else the default of the policy)",
        HelpName = "duration",
    };

    private readonly Option<DateTimeOffset?> _start;
    private readonly Option<bool> _breakGlass = new("--break-glass")
    {
        Description =
            "Get the rights at once, without approval; the skipped approvers are notified and have to review it",
    };

    private readonly Option<string?> _reason = new("--reason")
    {
        Description = "Why you need it; approvers and auditors read it",
        HelpName = "text",
    };

    private readonly Option<string?> _ticket = new("--ticket")
    {
        Description = "Ticket for this request",
        HelpName = "key",
    };
    private readonly Shell _shell;

    public AskOptions(Shell shell, bool reasonRequired)
    {
        _shell = shell;
        _cluster = new ClusterOption(shell);
        _start = TimeOption.Start(shell);
        _reason.Required = reasonRequired;
    }

    public void AddTo(Command command)
    {
        _cluster.AddTo(command);
        command.Options.Add(_namespaces);
        command.Options.Add(_clusterWide);
        command.Options.Add(_role);
        _rules.AddTo(command);
        Option[] options = [_duration, _start, _breakGlass, _reason, _ticket];
        foreach (var option in options)
            command.Options.Add(option);
    }

    /// <summary>Whether any of these options is given.</summary>
    public bool Any(CommandResult result)
    {
        Option[] options = [_namespaces, _clusterWide, _role, _duration, _start, _breakGlass, _reason, _ticket];
        return _cluster.Given(result)
            || _rules.Any(result)
            || options.Any(option => result.GetResult(option) is { Implicit: false });
    }

    public void Validate(CommandResult result)
    {
        var named = result.GetValue(_namespaces) is { Length: > 0 };
        if (named == result.GetValue(_clusterWide))
            result.AddError("Say where: -n NAMESPACE (may be repeated), or --cluster-wide");
        if (result.GetResult(_role) is not null == _rules.Given(result))
            result.AddError(
                "Say what: --role, or rules of your own by --verb and --resource or --rules-file, not both"
            );
    }

    public NewRequest Body(ParseResult parsed, SimulatedUser? on = null)
    {
        var wide = parsed.GetValue(_clusterWide);
        var rules = _rules.Read(parsed);
        Verbs.Warn(_shell, (rules ?? []).SelectMany(rule => rule.Verbs).Distinct());
        return new NewRequest(
            _cluster.Name(parsed),
            wide ? null : parsed.GetValue(_namespaces),
            wide ? true : null,
            parsed.GetValue(_role),
            rules,
            parsed.GetValue(_duration),
            parsed.GetValue(_start) is { } start ? Timestamps.Exact(start) : null,
            parsed.GetValue(_breakGlass) ? true : null,
            parsed.GetValue(_reason),
            parsed.GetValue(_ticket),
            on
        );
    }

    private static Role? ParseRole(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        var role = text.Split('/') switch
        {
            [{ Length: > 0 } name] => new Role("ClusterRole", name),
            [var kind, { Length: > 0 } name] when kind.Equals("ClusterRole", StringComparison.OrdinalIgnoreCase) =>
                new Role("ClusterRole", name),
            [var kind, { Length: > 0 } name] when kind.Equals("Role", StringComparison.OrdinalIgnoreCase) => new Role(
                "Role",
                name
            ),
            _ => null,
        };
        if (role is null)
            result.AddError($"--role takes ClusterRole/NAME, Role/NAME or NAME, not '{text}'");
        return role;
    }
}
