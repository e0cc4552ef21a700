using System.Diagnostics.CodeAnalysis;

namespace JitFunctions.TransparencyLog.Text;

/// <summary>
/// Base64 with one spelling for each value: .NET also reads white space, and bits after the last byte that are not
/// zero.
/// </summary>
public static class StrictBase64
{
    /// <summary>Reads the standard alphabet with padding (RFC 4648, section 4).</summary>
    public static bool TryDecode(string text, [NotNullWhen(true)] out byte[]? bytes)
    {
        bytes = null;
        var buffer = new byte[text.Length / 4 * 3];
        if (text.Length % 4 != 0 || !Convert.TryFromBase64String(text, buffer, out var length))
            return false;
        var read = buffer.AsSpan(0, length);
        if (Convert.ToBase64String(read) != text)
            return false;
        bytes = read.ToArray();
        return true;
    }
}
