using System.IO.Enumeration;

namespace JitFunctions.Domain.Policies;

/// <summary>
/// A name, or a pattern in which <c>*</c> stands for any run of characters. Where it allows, <c>kube-</c> names are
/// left out unless the pattern begins so itself: the system namespaces have to be meant.
/// </summary>
public sealed record NamePattern(string Text)
{
    private const string SystemPrefix = "kube-";

    /// <summary>True when this pattern, in something that allows, means the name.</summary>
    public bool Allows(string name) => Matches(name) && (!IsSystem(name) || IsSystem(Text));

    /// <summary>True when this pattern, in something that denies, means the name.</summary>
    public bool Matches(string name) => FileSystemName.MatchesSimpleExpression(Text, name, ignoreCase: false);

    private static bool IsSystem(string text) => text.StartsWith(SystemPrefix, StringComparison.Ordinal);
}
