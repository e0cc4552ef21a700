using System.Globalization;

namespace JitFunctions.TransparencyLog.Text;

/// <summary>Decimal numbers as checkpoints have them: ASCII digits without a sign and without leading zeroes.</summary>
internal static class StrictDecimal
{
    /// <summary>Reads a number from 0 to 2^63 - 1.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out long number) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number)
        && (text is "0" || text[0] is not '0')
        && !text.ContainsAnyExceptInRange('0', '9');

    public static string Format(long number) => number.ToString(CultureInfo.InvariantCulture);
}
