namespace JitFunctions.Domain.Text;

/// <summary>Puts messages of several sources together, of which some end with a full stop and some do not.</summary>
public static class Wording
{
    /// <summary>Without a full stop at its end, to go on after it.</summary>
    public static string AsClause(this string text) => text.TrimEnd().TrimEnd('.');

    /// <summary>With one.</summary>
    public static string AsSentence(this string text) =>
        text.TrimEnd() is [.., '?' or '!'] ended ? ended : $"{text.AsClause()}.";
}
