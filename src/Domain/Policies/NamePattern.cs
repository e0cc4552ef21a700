using System.IO.Enumeration;

namespace JitFunctions.Domain.Policies;

/// <summary>
/// A name, or a pattern in which <c>*</c> stands for any run of characters. In a policy, a pattern does not match names
/// that begin with <c>kube-</c>, unless the pattern itself begins so: system namespaces must be named explicitly.
/// </summary>
public sealed record NamePattern(string Text)
{
    private const string SystemPrefix = "kube-";

    /// <summary>True if the pattern matches the name when it is used to allow.</summary>
    public bool Allows(string name) => Matches(name) && (!IsSystem(name) || IsSystem(Text));

    /// <summary>True if the pattern matches the name when it is used to deny.</summary>
    public bool Matches(string name) => FileSystemName.MatchesSimpleExpression(Text, name, ignoreCase: false);

    private static bool IsSystem(string text) => text.StartsWith(SystemPrefix, StringComparison.Ordinal);
}
