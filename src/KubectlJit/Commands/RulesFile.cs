using JitFunctions.KubectlJit.Api;
using JitFunctions.KubectlJit.Settings;
using JitFunctions.KubectlJit.Terminal;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace JitFunctions.KubectlJit.Commands;

/// <summary>A list of rules, as below <c>rules:</c> in a Role. Ambiguous values are refused.</summary>
internal static class RulesFile
{
    public static IReadOnlyList<Rule> Read(string path)
    {
        var file = new YamlFile(path, "rules-file");
        return file.Root() switch
        {
            null => throw new Failure(ExitCode.Usage, $"{path} is empty", file.Code, Form),
            YamlSequenceNode { Children: { Count: > 0 } rules } => [.. rules.Select(rule => Parse(file, rule))],
            var other => throw file.Wrong(other, "not a list of rules", Form),
        };
    }

    private const string Form =
        "write what a Role has below 'rules:', such as: - {apiGroups: [\"\"], resources: [pods], verbs: [get]}";

    private static Rule Parse(YamlFile file, YamlNode node)
    {
        if (node is not YamlMappingNode fields)
            throw file.Wrong(node, "not a rule", Form);
        var rule = new Rule([]);
        foreach (var (key, value) in fields)
        {
            rule = (key as YamlScalarNode)?.Value switch
            {
                "apiGroups" => rule with { ApiGroups = Words(file, value, emptyToo: true) },
                "resources" => rule with { Resources = Words(file, value) },
                "verbs" => rule with { Verbs = Words(file, value) },
                "resourceNames" => rule with { ResourceNames = Words(file, value) },
                var other => throw file.Wrong(
                    key,
                    $"unknown field '{other}'",
                    "a rule has apiGroups, resources, verbs and resourceNames"
                ),
            };
        }

        return rule is { Verbs: [_, ..], Resources: [_, ..] }
            ? rule
            : throw file.Wrong(node, "a rule needs verbs and resources", Form);
    }

    /// <param name="emptyToo">Whether a word may be empty, as the name of the core group is.</param>
    private static string[] Words(YamlFile file, YamlNode node, bool emptyToo = false) =>
        node switch
        {
            YamlSequenceNode { Children: [_, ..] words } => [.. words.Select(word => Word(file, word, emptyToo))],
            YamlSequenceNode => throw file.Wrong(
                node,
                "an empty list, which limits nothing",
                "list at least one, or leave the field out"
            ),
            _ => throw file.Wrong(node, "not a list", "write one, such as [get, list]"),
        };

    private static string Word(YamlFile file, YamlNode node, bool emptyToo) =>
        node switch
        {
            // An unquoted empty value is YAML's null.
            YamlScalarNode { Style: ScalarStyle.Plain, Value: null or "" or "~" or "null" } => throw file.Wrong(
                node,
                "nothing",
                "write a text"
            ),
            YamlScalarNode { Value: { } text } when text.Length > 0 || emptyToo => text,
            _ => throw file.Wrong(node, "not a text", "write one value"),
        };
}
