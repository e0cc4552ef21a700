using System.Globalization;

namespace JitFunctions.KubectlJit.Output;

internal static class Printable
{
    /// <summary>
    /// Makes text that others wrote safe for a terminal: an escape sequence or a bidirectional override in a reason
    /// could show an approver something else than what is asked.
    /// </summary>
    public static string Text(string text) =>
        string.Create(text.Length, text, static (span, source) =>
        {
            for (var i = 0; i < span.Length; i++) span[i] = Harmful(source[i]) ? ' ' : source[i];
        });

    public static string Shortened(string text, int length) =>
        text.Length <= length ? text : $"{text.AsSpan(0, length - 1).TrimEnd()}…";

    private static bool Harmful(char c) => char.GetUnicodeCategory(c) is UnicodeCategory.Control or UnicodeCategory.Format
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
