using System.Buffers;
using JitFunctions.TransparencyLog.Text;

namespace JitFunctions.TransparencyLog.Json;

/// <summary>
/// A JSON string as RFC 8785 writes it. The encoders of System.Text.Json escape more characters than that.
/// </summary>
internal static class CanonicalText
{
    private static readonly SearchValues<char> Escaped = SearchValues.Create([
        .. Enumerable.Range(0, 0x20).Select(c => (char)c),
        '"',
        '\\',
    ]);

    /// <exception cref="FormatException">The text has half of a surrogate pair.</exception>
    public static void Write(ReadOnlySpan<char> text, IBufferWriter<byte> output)
    {
        output.Write("\""u8);
        while (text.IndexOfAny(Escaped) is >= 0 and var at)
        {
            StrictUtf8.Write(text[..at], output);
            WriteEscape(text[at], output);
            text = text[(at + 1)..];
        }

        StrictUtf8.Write(text, output);
        output.Write("\""u8);
    }

    private static void WriteEscape(char c, IBufferWriter<byte> output)
    {
        var name = c switch
        {
            '"' => (byte)'"',
            '\\' => (byte)'\\',
            '\b' => (byte)'b',
            '\f' => (byte)'f',
            '\n' => (byte)'n',
            '\r' => (byte)'r',
            '\t' => (byte)'t',
            _ => (byte)0,
        };
        if (name != 0)
            output.Write([(byte)'\\', name]);
        else
            output.Write([.. "\\u00"u8, (byte)('0' + (c >> 4)), "0123456789abcdef"u8[c & 0xf]]);
    }
}
