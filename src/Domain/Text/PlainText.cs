using System.Globalization;
using System.Text;

namespace JitFunctions.Domain.Text;

/// <summary>
/// Decides which characters are allowed in text that people base decisions on: no invisible characters, and none that
/// change how other characters are displayed. Whole code points (runes) are checked, because the halves of a surrogate
/// pair have no meaning of their own.
/// </summary>
public static class PlainText
{
    /// <summary>
    /// True for control characters (including the line break '\n'), line and paragraph separators, characters that
    /// change the direction of text (CVE-2021-42574), zero-width and tag characters, and blank fillers. In Unicode
    /// terms: the categories Cc, Cf, Zl and Zp, and Default_Ignorable_Code_Point except for the variation selectors of
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
    /// In names, variation selectors are not allowed either: names are compared, and a name looks the same with and
    /// without them.
    /// </summary>
    public static bool IsUnseenInName(Rune rune) => IsUnseen(rune) || rune.Value is >= 0xFE00 and <= 0xFE0F;

    /// <summary>True for text of one line without invisible characters. Half a surrogate pair is not text.</summary>
    public static bool IsLine(string text) => Holds(text, rune => !IsUnseen(rune));

    /// <summary>Like <see cref="IsLine"/>, but line breaks are allowed.</summary>
    public static bool IsText(string text) => Holds(text, rune => rune.Value is '\n' || !IsUnseen(rune));

    /// <summary>
    /// True for a name that cannot be confused with another name because of invisible characters. It must not begin or
    /// end with white space either.
    /// </summary>
    public static bool IsName(string text) =>
        text.Length > 0
        && !char.IsWhiteSpace(text[0])
        && !char.IsWhiteSpace(text[^1])
        && Holds(text, rune => !IsUnseenInName(rune));

    /// <summary>Replaces invisible characters by U+FFFD.</summary>
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
