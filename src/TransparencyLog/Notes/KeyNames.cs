namespace JitFunctions.TransparencyLog.Notes;

/// <summary>Names of keys: those of logs and witnesses are best URLs without a scheme.</summary>
internal static class KeyNames
{
    public static bool IsValid(string name) =>
        name is not "" && !name.Any(c => char.IsWhiteSpace(c) || char.IsControl(c) || c is '+');

    /// <exception cref="ArgumentException">The name cannot be in a note.</exception>
    public static void Check(string name)
    {
        if (!IsValid(name))
            throw new ArgumentException($"'{name}' cannot be the name of a key: white space, '+' or nothing.");
    }
}
