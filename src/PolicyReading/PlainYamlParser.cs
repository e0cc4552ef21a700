using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using TagDirective = YamlDotNet.Core.Tokens.TagDirective;

namespace JitFunctions.PolicyReading;

internal sealed class NotPlainYamlException(Mark start, Mark end, string message) : YamlException(start, end, message);

/// <summary>
/// Rejects YAML features that policy files do not need. An alias repeats a node from elsewhere: a few lines of aliases
/// expand to billions of nodes, and a reviewer of a change cannot see everything that it changes.
/// </summary>
internal sealed class PlainYamlParser(IParser inner) : IParser
{
    // The deepest valid nodes are the days in the hours of an automatic approval, at level 11 including the stream and
    // the document. The library reads nodes recursively.
    private const int Deepest = 12;

    private int _depth;

    public ParsingEvent? Current => inner.Current;

    public bool MoveNext()
    {
        if (!inner.MoveNext())
            return false;
        _depth += Current!.NestingIncrease;
        if (WhyNot(Current) is { } why)
            throw new NotPlainYamlException(Current.Start, Current.End, why);
        return true;
    }

    private string? WhyNot(ParsingEvent found) =>
        found switch
        {
            AnchorAlias => "aliases (*name) are not allowed: write it out.",
            NodeEvent { Anchor.IsEmpty: false } => "anchors (&name) are not allowed.",
            NodeEvent { Tag.IsEmpty: false } => "tags (!name) are not allowed.",
            DocumentStart { Version: not null } => "%YAML is not allowed.",
            DocumentStart { Tags: { } tags } when !tags.All(IsDefault) => "%TAG is not allowed.",
            _ when _depth > Deepest => "too many levels of nesting.",
            _ => null,
        };

    private static bool IsDefault(TagDirective tag) =>
        (tag.Handle, tag.Prefix) is ("!", "!") or ("!!", "tag:yaml.org,2002:");
}
