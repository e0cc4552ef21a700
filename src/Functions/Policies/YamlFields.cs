using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace JitFunctions.Functions.Policies;

/// <summary>The fields of one YAML mapping, read strictly: what nobody asked for is an error.</summary>
internal sealed class YamlFields
{
    private readonly Dictionary<string, YamlNode> _fields = [];
    private readonly PolicyErrors _errors;

    public YamlFields(YamlNode node, string what, IReadOnlyList<string> known, PolicyErrors errors)
    {
        (At, _errors) = (node.Start, errors);
        if (node is not YamlMappingNode mapping)
        {
            errors.Add(node.Start, $"{what} must be a mapping with the fields {string.Join(", ", known)}.");
            return;
        }

        foreach (var (key, value) in mapping.Children)
        {
            if (key is YamlScalarNode { Value: { } name } && known.Contains(name))
                _fields.Add(name, value);
            else
                errors.Add(key.Start, $"unknown field '{key}' in {what}; known are {string.Join(", ", known)}.");
        }
    }

    public Mark At { get; }

    public YamlNode? Node(string name) => _fields.GetValueOrDefault(name);

    public IReadOnlyList<YamlNode> Items(string name)
    {
        if (Node(name) is not { } node)
            return [];
        if (node is YamlSequenceNode sequence)
            return [.. sequence.Children];
        _errors.Add(node.Start, $"'{name}' must be a list.");
        return [];
    }

    public IReadOnlyList<T> List<T>(string name, Func<string, T?> parse, string form) where T : class =>
        [.. Items(name).Select(item => Scalar(item, name, parse, form)).OfType<T>()];

    public IReadOnlyList<string> Names(string name) => List(name, text => text, "a name");

    public T? Value<T>(string name, Func<string, T?> parse, string form) where T : class =>
        Node(name) is { } node ? Scalar(node, name, parse, form) : null;

    public bool Flag(string name) => Value(name, text => text is "true" or "false" ? text : null, "true or false") is "true";

    private T? Scalar<T>(YamlNode node, string name, Func<string, T?> parse, string form) where T : class
    {
        if (node is YamlScalarNode { Value: { Length: > 0 } text } && parse(text) is { } value)
            return value;
        _errors.Add(node.Start, $"'{name}' must be {form}, not '{node}'.");
        return null;
    }
}
