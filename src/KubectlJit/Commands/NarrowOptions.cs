using System.CommandLine;
using JitFunctions.KubectlJit.Api;

namespace JitFunctions.KubectlJit.Commands;

/// <summary>The options with which an approver reduces a request.</summary>
internal sealed class NarrowOptions
{
    private readonly Option<string?> _duration = new("--duration")
    {
        Description = "Approve a shorter time: 30m, 1h30m, 90s",
        HelpName = "duration",
    };

    private readonly Option<string[]> _namespaces = new("--namespace", "-n")
    {
        Description = "Approve only this namespace; may be repeated",
        HelpName = "name",
    };

    private readonly Option<string?> _rules = RuleOptions.FileOption(
        "Approve only these rules: YAML or JSON file with a list of rules as in a Role"
    );

    public void AddTo(Command command)
    {
        Option[] options = [_duration, _namespaces, _rules];
        foreach (var option in options)
            command.Options.Add(option);
    }

    /// <returns>Null when the request is approved unchanged.</returns>
    public Narrowing? Read(ParseResult parsed)
    {
        var namespaces = parsed.GetValue(_namespaces) is [_, ..] some ? some : null;
        var rules = parsed.GetValue(_rules) is { } path ? RulesFile.Read(path) : null;
        var duration = parsed.GetValue(_duration);
        return duration is null && namespaces is null && rules is null
            ? null
            : new Narrowing(duration, namespaces, rules);
    }
}
