using System.Globalization;

namespace JitFunctions.PolicyReading;

/// <summary>What text may hold that people decide by: nothing that is not seen, or that changes what is.</summary>
internal static class PlainText
{
    /// <summary>Control characters, line breaks of other kinds, and those that turn the direction of text (CVE-2021-42574).</summary>
    public static bool IsDeceptive(char c) =>
        char.IsControl(c) || c is '\u2028' or '\u2029' or (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069') or '\u200E' or '\u200F' or '\u061C';

    /// <summary>True for an invisible character, which would make two names that look the same differ.</summary>
    public static bool IsInvisible(char c) => IsDeceptive(c) || char.GetUnicodeCategory(c) is UnicodeCategory.Format or UnicodeCategory.Surrogate;
}
