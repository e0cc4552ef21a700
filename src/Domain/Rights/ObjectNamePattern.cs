namespace JitFunctions.Domain.Rights;

/// <summary>
/// Matches object names in a ceiling: <c>*</c> stands for any run of characters, every other character for itself. File
/// name patterns are not usable here, because object names may contain characters that those treat as special, such as
/// <c>?</c>.
/// </summary>
internal static class ObjectNamePattern
{
    public static bool Matches(string pattern, string name)
    {
        var parts = pattern.Split('*');
        if (parts is [var literal])
            return literal == name;
        if (!name.StartsWith(parts[0], StringComparison.Ordinal))
            return false;

        var at = parts[0].Length;
        foreach (var part in parts[1..^1])
        {
            var found = name.IndexOf(part, at, StringComparison.Ordinal);
            if (found < 0)
                return false;
            at = found + part.Length;
        }

        return name.AsSpan(at).EndsWith(parts[^1], StringComparison.Ordinal);
    }
}
