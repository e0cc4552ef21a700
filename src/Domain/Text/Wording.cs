namespace JitFunctions.Domain.Text;

/// <summary>Combines messages from several sources, some of which end with a full stop.</summary>
public static class Wording
{
    /// <summary>Returns the text without a full stop at the end, so that a sentence can continue.</summary>
    public static string AsClause(this string text) => text.TrimEnd().TrimEnd('.');

    /// <summary>Returns the text with a full stop at the end.</summary>
    public static string AsSentence(this string text) =>
        text.TrimEnd() is [.., '?' or '!'] ended ? ended : $"{text.AsClause()}.";
}
