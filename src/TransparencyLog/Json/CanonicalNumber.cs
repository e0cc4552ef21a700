using System.Buffers;
using System.Globalization;
using System.Text;

namespace JitFunctions.TransparencyLog.Json;

internal static class CanonicalNumber
{
    private const long UnsafeInteger = 1L << 53;

    /// <param name="json">The number as the JSON has it.</param>
    /// <exception cref="FormatException">The number is not allowed.</exception>
    public static void Write(string json, CanonicalNumbers numbers, ArrayBufferWriter<byte> output)
    {
        var text = numbers is CanonicalNumbers.SafeIntegers ? OfInteger(json) : OfDouble(json);
        Encoding.ASCII.GetBytes(text, output);
    }

    private static string OfInteger(string json) =>
        long.TryParse(json, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
        && number is > -UnsafeInteger and < UnsafeInteger
            ? number.ToString(CultureInfo.InvariantCulture)
            : throw new FormatException($"The number {json} is not an integer between -2^53 and 2^53.");

    // As ECMAScript's Number::toString does: the shortest digits that give the same double, as .NET finds them too, but
    // laid out in another way.
    private static string OfDouble(string json)
    {
        var number = double.Parse(json, NumberStyles.Float, CultureInfo.InvariantCulture);
        if (!double.IsFinite(number))
            throw new FormatException($"The number {json} is too large for a double.");
        if (number == 0)
            return "0";
        var (digits, point) = Shortest(Math.Abs(number));
        return (number < 0 ? "-" : "") + Layout(digits, point);
    }

    /// <summary>The value is <c>0.digits</c> times ten to the power of the point.</summary>
    private static (string Digits, int Point) Shortest(double positive)
    {
        var parts = positive.ToString("R", CultureInfo.InvariantCulture).Split('E');
        var exponent = parts is [_, var power] ? int.Parse(power, CultureInfo.InvariantCulture) : 0;
        var whole = parts[0].Split('.')[0];
        var all = parts[0].Replace(".", "", StringComparison.Ordinal);
        var digits = all.TrimStart('0');
        return (digits.TrimEnd('0'), whole.Length + exponent - (all.Length - digits.Length));
    }

    private static string Layout(string digits, int point)
    {
        var count = digits.Length;
        if (point is > 0 and <= 21)
        {
            return count <= point ? digits.PadRight(point, '0') : $"{digits.AsSpan(0, point)}.{digits.AsSpan(point)}";
        }

        if (point is > -6 and <= 0)
            return $"0.{new string('0', -point)}{digits}";
        var exponent = (point - 1).ToString("+0;-0", CultureInfo.InvariantCulture);
        return count == 1 ? $"{digits}e{exponent}" : $"{digits[0]}.{digits.AsSpan(1)}e{exponent}";
    }
}
