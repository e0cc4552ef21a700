using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace JitFunctions.Domain.Audit.Reading;

/// <summary>
/// Writes JSON in the canonical form of RFC 8785: no white space, members in the order of their UTF-16 code units, only
/// necessary escapes. Two differences: a number that is not an integer below 2^53 stays as it was written, because RFC
/// 8785 rounds it, so that different events could become equal; and members of the same name all stay, in their order.
/// </summary>
internal static class CanonicalJson
{
    private const long LargestInteger = (1L << 53) - 1;

    /// <param name="isLeftOut">Tells by the path of a member, such as <c>/requestObject</c>, whether it is left
    /// out.</param>
    /// <exception cref="InvalidOperationException">A text is not Unicode.</exception>
    public static byte[] Write(JsonElement value, Func<string, bool> isLeftOut)
    {
        var output = new ArrayBufferWriter<byte>(1024);
        Write(value, "", isLeftOut, output);
        return output.WrittenSpan.ToArray();
    }

    private static void Write(JsonElement value, string path, Func<string, bool> isLeftOut, ArrayBufferWriter<byte> to)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                to.Write("{"u8);
                var isFirst = true;
                // The order is stable.
                foreach (var member in value.EnumerateObject().OrderBy(x => x.Name, StringComparer.Ordinal))
                {
                    var inside = $"{path}/{member.Name}";
                    if (isLeftOut(inside))
                        continue;
                    if (!isFirst)
                        to.Write(","u8);
                    isFirst = false;
                    WriteText(member.Name, to);
                    to.Write(":"u8);
                    Write(member.Value, inside, isLeftOut, to);
                }

                to.Write("}"u8);
                break;
            case JsonValueKind.Array:
                to.Write("["u8);
                var isFirstElement = true;
                foreach (var element in value.EnumerateArray())
                {
                    if (!isFirstElement)
                        to.Write(","u8);
                    isFirstElement = false;
                    Write(element, path, isLeftOut, to);
                }

                to.Write("]"u8);
                break;
            case JsonValueKind.String:
                WriteText(value.GetString()!, to);
                break;
            case JsonValueKind.Number:
                to.Write(Encoding.ASCII.GetBytes(Number(value.GetRawText())));
                break;
            default:
                to.Write(Encoding.ASCII.GetBytes(value.GetRawText()));
                break;
        }
    }

    private static string Number(string written) =>
        long.TryParse(written, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var integer)
        && integer is >= -LargestInteger and <= LargestInteger
            ? integer.ToString(CultureInfo.InvariantCulture)
            : written;

    private static void WriteText(string text, ArrayBufferWriter<byte> to)
    {
        var escaped = new StringBuilder(text.Length + 2).Append('"');
        foreach (var c in text)
        {
            _ = c switch
            {
                '"' => escaped.Append("\\\""),
                '\\' => escaped.Append(@"\\"),
                '\b' => escaped.Append(@"\b"),
                '\t' => escaped.Append(@"\t"),
                '\n' => escaped.Append(@"\n"),
                '\f' => escaped.Append(@"\f"),
                '\r' => escaped.Append(@"\r"),
                < ' ' => escaped.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => escaped.Append(c),
            };
        }

        to.Write(Encoding.UTF8.GetBytes(escaped.Append('"').ToString()));
    }
}
