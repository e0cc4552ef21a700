using System.Globalization;
using JitFunctions.Domain.Policies;
using JitFunctions.Domain.Text;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace JitFunctions.PolicyReading;

/// <summary>Reads the fields of one YAML mapping strictly: unknown fields and empty lists are errors.</summary>
internal sealed class YamlFields
{
    private readonly Dictionary<string, (Mark Key, YamlNode Value)> _fields = [];
    private readonly PolicyErrors _errors;
    private readonly bool _isMapping;

    public YamlFields(YamlNode node, string what, IReadOnlyList<string> known, PolicyErrors errors)
    {
        (At, _errors, _isMapping) = (node.Start, errors, node is YamlMappingNode);
        if (node is not YamlMappingNode mapping)
        {
            errors.Add(node.Start, $"{what} must be a mapping with the fields {string.Join(", ", known)}.");
            return;
        }

        foreach (var (key, value) in mapping.Children)
        {
            if (key is not YamlScalarNode { Value: { } name } || !known.Contains(name))
                errors.Add(key.Start, $"unknown field {key.Quoted()} in {what}; known are {string.Join(", ", known)}.");
            else if (!_fields.TryAdd(name, (key.Start, value)))
                errors.Add(key.Start, $"'{name}' appears twice.");
        }
    }

    public Mark At { get; }

    /// <summary>Returns the positions of this mapping and of each of its fields.</summary>
    public SourcePlace Place(string file) =>
        new(file, At.Line, _fields.ToDictionary(field => field.Key, field => field.Value.Key.Line));

    public bool Has(string name) => _fields.ContainsKey(name);

    public Mark AtOf(string name) => _fields.TryGetValue(name, out var field) ? field.Value.Start : At;

    public YamlNode? Node(string name) => Has(name) ? _fields[name].Value : null;

    public void Error(string name, string message) => _errors.Add(AtOf(name), message);

    public void Error(YamlNode node, string message) => _errors.Add(node.Start, message);

    /// <summary>Adds an error about the whole mapping, unless the condition holds.</summary>
    public void Check(bool holds, string otherwise)
    {
        if (_isMapping && !holds)
            _errors.Add(At, otherwise);
    }

    public YamlFields? Mapping(string name, IReadOnlyList<string> known) =>
        Node(name) is { } node ? new(node, $"'{name}'", known, _errors) : null;

    public IReadOnlyList<YamlFields> Mappings(string name, string what, IReadOnlyList<string> known) =>
        [.. Items(name).Select(item => new YamlFields(item, what, known, _errors))];

    public IReadOnlyList<YamlNode> Items(string name, bool mayBeEmpty = false)
    {
        switch (Node(name))
        {
            case null:
                return [];
            case YamlSequenceNode { Children.Count: 0 } when !mayBeEmpty:
                Error(name, $"'{name}' is an empty list: fill it, or leave it out.");
                return [];
            case YamlSequenceNode list:
                return [.. list.Children];
            default:
                Error(name, $"'{name}' must be a list.");
                return [];
        }
    }

    public IReadOnlyList<string> Texts(string name, TextForm form, bool mayBeEmpty = false) =>
        Texts(Items(name, mayBeEmpty), name, form);

    public IReadOnlyList<string> Texts(IReadOnlyList<YamlNode> items, string name, TextForm form)
    {
        List<string> texts = [];
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in items)
        {
            if (Text(item, name, form) is not { } text)
                continue;
            if (seen.Add(text))
                texts.Add(text);
            else
                _errors.Add(item.Start, $"'{name}' has '{text}' twice.");
        }

        return texts;
    }

    public string? Text(string name, TextForm form) => Node(name) is { } node ? Text(node, name, form) : null;

    public string? Text(YamlNode node, string name, TextForm form)
    {
        if (node is YamlScalarNode { Value: { } text } scalar && form.Fits(text))
        {
            if (scalar.Kind() is ScalarKind.Text)
                return text;
            if (scalar.Kind() is not ScalarKind.Nothing)
            {
                _errors.Add(node.Start, $"'{name}' must be text: put it in quotes, \"{text}\".");
                return null;
            }
        }

        _errors.Add(node.Start, $"'{name}' must be {form.Words}, not {node.Quoted()}.");
        return null;
    }

    /// <returns>Null if the value is neither true nor false, which is also reported as an error.</returns>
    public bool? Flag(string name, bool absent = false)
    {
        if (Node(name) is not { } node)
            return absent;
        if (node is YamlScalarNode { Value: { } text } scalar && scalar.Kind() is ScalarKind.Flag)
            return bool.Parse(text);
        Error(name, $"'{name}' must be true or false, not {node.Quoted()}.");
        return null;
    }

    public int? Number(string name, int least, int most)
    {
        if (Node(name) is not { } node)
            return null;
        if (
            node is YamlScalarNode { Value: { } text } scalar
            && scalar.Kind() is ScalarKind.Number
            && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number >= least
            && number <= most
        )
            return number;
        Error(name, $"'{name}' must be a number from {least} to {most}, not {node.Quoted()}.");
        return null;
    }

    public TimeSpan? Duration(string name, TimeSpan least, TimeSpan most)
    {
        if (KubernetesDuration.TryParse(Text(name, TextForm.Duration)) is not { } duration)
            return null;
        if (duration >= least && duration <= most)
            return duration;
        Error(
            name,
            duration < least
                ? $"'{name}' is at least {KubernetesDuration.Format(least)}."
                : $"'{name}' is at most {KubernetesDuration.Format(most)}."
        );
        return null;
    }
}
