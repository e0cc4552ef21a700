using System.CommandLine;
using System.CommandLine.Parsing;
using JitFunctions.KubectlJit.Api;

namespace JitFunctions.KubectlJit.Commands;

/// <summary>
/// The options for ad-hoc rules instead of a role: flags as in <c>kubectl create role</c>, and a file.
/// </summary>
internal sealed class RuleOptions
{
    private readonly Option<string[]> _verbs = new("--verb")
    {
        Description = "Instead of --role: verbs, such as get,delete; may be repeated",
        HelpName = "verb",
        CustomParser = Words,
    };

    private readonly Option<ResourceName[]> _resources = new("--resource")
    {
        Description = "With --verb: resources, such as pods,pods/log or deployments.apps; may be repeated",
        HelpName = "resource.group/subresource",
        CustomParser = result => [.. Words(result).Select(text => Resource(result, text)).OfType<ResourceName>()],
    };

    private readonly Option<string[]> _names = new("--resource-name")
    {
        Description = "With --verb: only the object with this name; may be repeated",
        HelpName = "name",
        CustomParser = result => NotEmpty(result, [.. result.Tokens.Select(token => token.Value)]),
    };

    private readonly Option<string?> _file = FileOption(
        "Instead of --role, or besides --verb: YAML or JSON file with a list of rules as in a Role"
    );

    public static Option<string?> FileOption(string description) =>
        new("--rules-file") { Description = description, HelpName = "path" };

    public void AddTo(Command command)
    {
        Option[] options = [_verbs, _resources, _names, _file];
        foreach (var option in options)
            command.Options.Add(option);
        command.Validators.Add(result =>
        {
            var (verbs, resources) = (result.GetResult(_verbs) is not null, result.GetResult(_resources) is not null);
            if (verbs != resources)
                result.AddError("--verb and --resource belong together");
            else if (result.GetResult(_names) is not null && !verbs)
                result.AddError("--resource-name needs --verb and --resource");
        });
    }

    public bool Given(CommandResult result) =>
        result.GetResult(_verbs) is not null || result.GetResult(_file) is not null;

    public bool Any(CommandResult result) =>
        Given(result) || result.GetResult(_resources) is not null || result.GetResult(_names) is not null;

    /// <returns>Null when no rules are given.</returns>
    public IReadOnlyList<Rule>? Read(ParseResult parsed)
    {
        IReadOnlyList<Rule> rules =
        [
            .. FromFlags(parsed),
            .. parsed.GetValue(_file) is { } path ? RulesFile.Read(path) : [],
        ];
        return rules is [] ? null : rules;
    }

    /// <summary>
    /// Creates one rule per API group, as kubectl does. In a single rule, each resource would apply to each of the
    /// groups.
    /// </summary>
    private IEnumerable<Rule> FromFlags(ParseResult parsed) =>
        from resource in parsed.GetValue(_resources) ?? []
        group resource.Name by resource.Group into named
        select new Rule(
            parsed.GetValue(_verbs)!,
            [named.Key],
            [.. named.Distinct()],
            parsed.GetValue(_names) is [_, ..] names ? names : null
        );

    private static string[] Words(ArgumentResult result) =>
        NotEmpty(result, [.. result.Tokens.SelectMany(token => token.Value.Split(',')).Distinct()]);

    private static string[] NotEmpty(ArgumentResult result, string[] words)
    {
        if (words.Contains(""))
            result.AddError($"'{string.Join(',', result.Tokens)}' leaves out a word");
        return words;
    }

    private static ResourceName? Resource(ArgumentResult result, string text)
    {
        var (resource, wrong) = ResourceName.Parse(text);
        if (wrong is not null)
            result.AddError(wrong);
        return resource;
    }
}
