using System.IO.Enumeration;

namespace JitFunctions.Domain.Policies;

/// <summary>
/// A name, or a pattern in which <c>*</c> stands for any run of characters. Where it allows, a pattern that starts with <c>*</c>
/// leaves out <c>kube-</c> names: the system namespaces have to be asked for by name.
/// </summary>
public sealed record NamePattern(string Text)
{
    private const string SystemPrefix = "kube-";

    /// <summary>True when this pattern, in something that allows, means the name.</summary>
    public bool Allows(string name) => Matches(name) && !(Text.StartsWith('*') && name.StartsWith(SystemPrefix, StringComparison.Ordinal));

    /// <summary>True when this pattern, in something that denies, means the name.</summary>
    public bool Matches(string name) => FileSystemName.MatchesSimpleExpression(Text, name, ignoreCase: false);
}
