using System.IO.Enumeration;

namespace JitFunctions.Domain.Policies;

/// <summary>
/// A name, or a pattern in which <c>*</c> stands for any run of characters. A pattern that starts with <c>*</c> leaves out
/// <c>kube-</c> names: the system namespaces have to be asked for by name.
/// </summary>
public sealed record NamePattern(string Text)
{
    private const string SystemPrefix = "kube-";

    public bool Matches(string name) =>
        FileSystemName.MatchesSimpleExpression(Text, name, ignoreCase: false)
        && !(Text.StartsWith('*') && name.StartsWith(SystemPrefix, StringComparison.Ordinal));
}
