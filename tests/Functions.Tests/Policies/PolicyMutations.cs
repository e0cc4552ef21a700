using System.Text;
using System.Text.RegularExpressions;
using CsCheck;
using YamlDotNet.RepresentationModel;

namespace JitFunctions.Functions.Tests.Policies;

/// <summary>Ways in which a policy file can be damaged, or be written by somebody with other intentions.</summary>
internal static partial class PolicyMutations
{
    private static readonly string[] Words =
    [
        "true",
        "false",
        "null",
        "~",
        "''",
        "\"*\"",
        "[]",
        "{}",
        "[a]",
        "{ a: b }",
        "0",
        "-1",
        "21",
        "1e3",
        "9999999999999999999",
        "1h",
        "0s",
        "999999h",
        "24:00",
        "00:00",
        "system:masters",
        "\"system:masters\"",
        "ClusterRole/cluster-admin",
        "ClusterRole/*",
        "refuse",
        "allow",
        "full-control",
        "automatic",
        "groups",
        "users",
        "requirements",
        "required",
        "count",
        "policies",
        "denials",
        "people",
        "UTC",
        "Europe/Berlin",
        "mon",
        "&x a",
        "*x",
        "!!str a",
        "<<",
        "? a",
        "- a",
        "|",
        ">",
        "#",
        "---",
        "...",
        "%YAML 1.1",
        "\"\\u0000\"",
        "'(a)\\1'",
        "((a{99}){99}){99}",
        "\u202E",
        "ä",
    ];

    public static Gen<string> Of(string text) =>
        from mutations in Gen.Select(Gen.Int[0, 9], Gen.Int[0, int.MaxValue], Gen.Int[0, int.MaxValue]).List[1, 4]
        select mutations.Aggregate(
            text,
            (current, mutation) => Apply(current, mutation.Item1, mutation.Item2, mutation.Item3)
        );

    private static string Apply(string text, int kind, int where, int what)
    {
        var lines = text.Split('\n').ToList();
        var (line, other) = (where % lines.Count, what % lines.Count);
        switch (kind)
        {
            case 0:
                return WithByte(text, where, what);
            case 1:
                lines.RemoveAt(line);
                break;
            case 2:
                lines.Insert(other, lines[line]);
                break;
            case 3:
                (lines[line], lines[other]) = (lines[other], lines[line]);
                break;
            case 4:
                lines[line] = new string(' ', what % 12) + lines[line].TrimStart();
                break;
            case 5:
                return text[..(where % (text.Length + 1))];
            case 6 or 7:
                return WithToken(text, where, Words[what % Words.Length]);
            default:
                return WithoutNode(text, where, what);
        }

        return string.Join('\n', lines);
    }

    // As it would come from a disk: what is no UTF-8 any more is replaced when it is read.
    private static string WithByte(string text, int where, int what)
    {
        var bytes = Encoding.UTF8.GetBytes(text).ToList();
        if (bytes.Count == 0)
            return text;
        var at = where % bytes.Count;
        if (what % 3 == 0)
            bytes.RemoveAt(at);
        else if (what % 3 == 1)
            bytes.Insert(at, (byte)(what >> 8));
        else
            bytes[at] = (byte)(what >> 8);
        return Encoding.UTF8.GetString([.. bytes]);
    }

    private static string WithToken(string text, int where, string word)
    {
        var tokens = Token().Matches(text);
        if (tokens.Count == 0)
            return word;
        var token = tokens[where % tokens.Count];
        return text[..token.Index] + word + text[(token.Index + token.Length)..];
    }

    // Deletes a node, or puts a copy of another in its place.
    private static string WithoutNode(string text, int where, int what)
    {
        var yaml = new YamlStream();
        try
        {
            yaml.Load(new StringReader(text));
        }
        catch (Exception e) when (e is YamlDotNet.Core.YamlException or InvalidOperationException or ArgumentException)
        {
            return text;
        }

        var nodes = yaml.Documents.SelectMany(document => document.AllNodes).ToList();
        var parents = nodes
            .Where(node => node is YamlMappingNode { Children.Count: > 0 } or YamlSequenceNode { Children.Count: > 0 })
            .ToList();
        if (parents.Count == 0)
            return text;
        var replacement = what % 2 == 0 ? null : nodes[what / 2 % nodes.Count];
        switch (parents[where % parents.Count])
        {
            case YamlMappingNode mapping:
                var key = mapping.Children[what % mapping.Children.Count].Key;
                mapping.Children.Remove(key);
                if (replacement is YamlScalarNode)
                    mapping.Children.Add(key, new YamlScalarNode(replacement.ToString()));
                break;
            case YamlSequenceNode list:
                list.Children.RemoveAt(what % list.Children.Count);
                if (replacement is YamlScalarNode)
                    list.Children.Add(new YamlScalarNode(replacement.ToString()));
                break;
        }

        using var writer = new StringWriter { NewLine = "\n" };
        yaml.Save(writer, assignAnchors: false);
        return writer.ToString().Replace("...\n", "", StringComparison.Ordinal);
    }

    [GeneratedRegex(@"[\w@./*\\+:-]+|""[^""\n]*""|'[^'\n]*'|[\[\]{},]")]
    private static partial Regex Token();
}
