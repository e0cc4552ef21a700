using System.Globalization;
using System.Text;

namespace JitFunctions.KubectlJit.Output;

/// <summary>
/// The number of terminal columns that a text takes: two for each East Asian character and each emoji, none for
/// combining accents.
/// </summary>
internal static class TextWidth
{
    public static int Of(string text) => text.EnumerateRunes().Sum(Of);

    public static string Padded(string text, int width) => text + new string(' ', Math.Max(0, width - Of(text)));

    /// <summary>The text, or as much of it as fits, with an ellipsis.</summary>
    public static string Shortened(string text, int width)
    {
        if (Of(text) <= width)
            return text;
        var (shortened, left) = (new StringBuilder(), width - 1);
        foreach (var rune in text.EnumerateRunes())
        {
            if ((left -= Of(rune)) < 0)
                break;
            shortened.Append(rune);
        }

        return $"{shortened.ToString().TrimEnd()}…";
    }

    // The blocks in which every character is wide, see https://www.unicode.org/reports/tr11.
    private static int Of(Rune rune) =>
        rune.Value switch
        {
            < 0x300 => 1,
            (>= 0x1100 and <= 0x115F)
            or (>= 0x2E80 and <= 0xA4CF)
            or (>= 0xAC00 and <= 0xD7A3)
            or (>= 0xF900 and <= 0xFAFF)
            or (>= 0xFE30 and <= 0xFE6F)
            or (>= 0xFF00 and <= 0xFF60)
            or (>= 0xFFE0 and <= 0xFFE6)
            or (>= 0x1F300 and <= 0x1FAFF)
            or (>= 0x20000 and <= 0x3FFFD) => 2,
            _ => Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark
                ? 0
                : 1,
        };
}
