using System.Buffers.Binary;
using System.Globalization;
using JitFunctions.TransparencyLog.Text;

namespace JitFunctions.TransparencyLog.Notes;

/// <summary>One signature line of a note: <c>— name base64</c>.</summary>
/// <param name="KeyName">The name of the key.</param>
/// <param name="KeyId">Tells keys of one name apart. It is short, so it proves nothing.</param>
/// <param name="Signature">The bytes after the key ID. Do not change them.</param>
public sealed record NoteSignature(string KeyName, uint KeyId, byte[] Signature)
{
    private const string Start = "— ";

    /// <summary>The line, without its line feed.</summary>
    public override string ToString()
    {
        var bytes = new byte[4 + Signature.Length];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, KeyId);
        Signature.CopyTo(bytes, 4);
        return $"{Start}{KeyName} {Convert.ToBase64String(bytes)}";
    }

    /// <exception cref="FormatException">It is not a signature line.</exception>
    public static NoteSignature Parse(string line)
    {
        if (
            !line.StartsWith(Start, StringComparison.Ordinal)
            || line[Start.Length..].Split(' ') is not [var name, var text]
        )
            throw new FormatException("A signature line has the form '— NAME BASE64'.");
        if (!KeyNames.IsValid(name))
            throw new FormatException("The name of a key is not empty, and has no white space and no '+'.");
        if (!StrictBase64.TryDecode(text, out var bytes) || bytes.Length <= 4)
            throw new FormatException("A signature is base64 of a key ID of four bytes and at least one more byte.");
        return new(name, BinaryPrimitives.ReadUInt32BigEndian(bytes), bytes[4..]);
    }

    /// <summary>Eight lower-case hexadecimal digits, as in verifier keys.</summary>
    public static string Hex(uint keyId) => keyId.ToString("x8", CultureInfo.InvariantCulture);
}
