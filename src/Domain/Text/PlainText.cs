using System.Globalization;
using System.Text;

namespace JitFunctions.Domain.Text;

/// <summary>
/// What text may hold that people decide by: nothing that cannot be seen, and nothing that changes how the rest is
/// seen. Characters are judged as a whole (runes), since the halves of a surrogate pair say nothing.
/// </summary>
public static class PlainText
{
    /// <summary>
    /// True for control characters (the line break '\n' among them), line and paragraph separators, those that turn the
    /// direction of text (CVE-2021-42574), zero-width and tag characters, and fillers that look like nothing. By
    /// Unicode: the categories Cc, Cf, Zl and Zp, and Default_Ignorable_Code_Point but for the variation selectors of
    /// emoji, see <see cref="IsUnseenInName"/>.
    /// </summary>
    public static bool IsUnseen(Rune rune) =>
        Rune.GetUnicodeCategory(rune)
            is UnicodeCategory.Control
                or UnicodeCategory.Format
                or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator
        || rune.Value
            is 0x034F
                or 0x115F
                or 0x1160
                or 0x17B4
                or 0x17B5
                or (>= 0x180B and <= 0x180F)
                or 0x2065
                or 0x3164
                or 0xFFA0
                or (>= 0xFFF0 and <= 0xFFF8)
                or (>= 0xE0000 and <= 0xE0FFF);

    /// <summary>
    /// In names, which are compared, variation selectors are as bad: with and without one they look the same.
    /// </summary>
    public static bool IsUnseenInName(Rune rune) => IsUnseen(rune) || rune.Value is >= 0xFE00 and <= 0xFE0F;

    /// <summary>True for text in one line that shows all it holds; half a surrogate pair is not text.</summary>
    public static bool IsLine(string text) => Holds(text, rune => !IsUnseen(rune));

    /// <summary>The same, with line breaks.</summary>
    public static bool IsText(string text) => Holds(text, rune => rune.Value is '\n' || !IsUnseen(rune));

    /// <summary>
    /// True for a name that no other name looks like because of what cannot be seen in it: no blank at an end either.
    /// </summary>
    public static bool IsName(string text) =>
        text.Length > 0
        && !char.IsWhiteSpace(text[0])
        && !char.IsWhiteSpace(text[^1])
        && Holds(text, rune => !IsUnseenInName(rune));

    /// <summary>The text with what cannot be seen in it replaced by U+FFFD.</summary>
    public static string Shown(string text) =>
        string.Concat(
            text.EnumerateRunes().Select(rune => IsUnseen(rune) ? Rune.ReplacementChar.ToString() : rune.ToString())
        );

    private static bool Holds(string text, Predicate<Rune> isAllowed)
    {
        for (var i = 0; i < text.Length; )
        {
            if (!Rune.TryGetRuneAt(text, i, out var rune) || !isAllowed(rune))
                return false;
            i += rune.Utf16SequenceLength;
        }

        return true;
    }
}
