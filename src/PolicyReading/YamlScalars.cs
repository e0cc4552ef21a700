using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace JitFunctions.PolicyReading;

internal enum ScalarKind
{
    Text,
    Flag,
    Number,
    Nothing,
}

/// <summary>
/// The type of a scalar according to the core schema of YAML 1.2 (yaml.org/spec/1.2.2, section 10.3.2), as in editors
/// with a JSON Schema.
/// </summary>
internal static partial class YamlScalars
{
    private const int LongestQuote = 60;

    public static ScalarKind Kind(this YamlScalarNode node) =>
        node switch
        {
            { Style: not ScalarStyle.Plain } => ScalarKind.Text,
            { Value: null or "" or "~" or "null" or "Null" or "NULL" } => ScalarKind.Nothing,
            { Value: "true" or "True" or "TRUE" or "false" or "False" or "FALSE" } => ScalarKind.Flag,
            { Value: { } text } when Number().IsMatch(text) => ScalarKind.Number,
            _ => ScalarKind.Text,
        };

    /// <summary>Returns the text for a node in an error message.</summary>
    public static string Quoted(this YamlNode node) =>
        node switch
        {
            YamlSequenceNode => "a list",
            YamlMappingNode => "a mapping",
            YamlScalarNode scalar when scalar.Kind() is ScalarKind.Nothing => "nothing",
            YamlScalarNode { Value: { Length: > LongestQuote } text } => $"'{text[..LongestQuote]}…'",
            _ => $"'{node}'",
        };

    [GeneratedRegex(
        @"\A(?:[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+|"
            + @"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|"
            + @"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))\z"
    )]
    private static partial Regex Number();
}
