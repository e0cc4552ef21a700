using System.Buffers;
using System.Text;

namespace JitFunctions.TransparencyLog.Text;

/// <summary>UTF-8 that refuses what cannot be written or read without a replacement character.</summary>
public static class StrictUtf8
{
    private static readonly UTF8Encoding Encoding = new(
        encoderShouldEmitUTF8Identifier: false,
        throwOnInvalidBytes: true
    );

    /// <exception cref="FormatException">The bytes are not valid UTF-8.</exception>
    public static string GetString(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return Encoding.GetString(bytes);
        }
        catch (DecoderFallbackException e)
        {
            throw new FormatException("The text is not valid UTF-8.", e);
        }
    }

    /// <exception cref="FormatException">The text has half of a surrogate pair.</exception>
    public static byte[] GetBytes(string text)
    {
        try
        {
            return Encoding.GetBytes(text);
        }
        catch (EncoderFallbackException e)
        {
            throw new FormatException("The text has half of a surrogate pair.", e);
        }
    }

    /// <exception cref="FormatException">The text has half of a surrogate pair.</exception>
    public static void Write(ReadOnlySpan<char> text, IBufferWriter<byte> output)
    {
        try
        {
            Encoding.GetBytes(text, output);
        }
        catch (EncoderFallbackException e)
        {
            throw new FormatException("The text has half of a surrogate pair.", e);
        }
    }
}
