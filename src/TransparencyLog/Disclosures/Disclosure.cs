using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using JitFunctions.TransparencyLog.Hashing;
using JitFunctions.TransparencyLog.Json;

namespace JitFunctions.TransparencyLog.Disclosures;

/// <summary>
/// One member of an object that the record has by its digest only, so that it can be erased: base64url of the JSON
/// array <c>[salt, name, value]</c> (the form of SD-JWT, RFC 9901). Whoever has the digest but not the salt cannot find
/// the value by trying values.
/// </summary>
public sealed class Disclosure
{
    /// <summary>The bytes of a salt.</summary>
    public const int SaltLength = 16;

    private Disclosure(string encoded, string name, JsonElement value)
    {
        (Encoded, Name, Value) = (encoded, name, value);
        Digest = Base64Url.EncodeToString(Sha256Hash.Of(Encoding.ASCII.GetBytes(encoded)).ToArray());
    }

    /// <summary>What is stored and exported.</summary>
    public string Encoded { get; }

    /// <summary>Base64url of the SHA-256 of <see cref="Encoded"/>: 43 characters.</summary>
    public string Digest { get; }

    /// <summary>The name of the member.</summary>
    public string Name { get; }

    public JsonElement Value { get; }

    /// <param name="salt">Random bytes that are used once only.</param>
    /// <exception cref="ArgumentException">The salt is too short.</exception>
    /// <exception cref="FormatException">The value has no canonical form.</exception>
    public static Disclosure Of(ReadOnlySpan<byte> salt, string name, JsonElement value)
    {
        if (salt.Length < SaltLength)
            throw new ArgumentException($"A salt has at least {SaltLength} bytes, not {salt.Length}.", nameof(salt));
        byte[] array =
        [
            .. "["u8,
            .. CanonicalJson.FormatText(Base64Url.EncodeToString(salt)),
            .. ","u8,
            .. CanonicalJson.FormatText(name),
            .. ","u8,
            .. CanonicalJson.Format(value),
            .. "]"u8,
        ];
        return Parse(Base64Url.EncodeToString(array));
    }

    /// <exception cref="FormatException">It is not a disclosure of a member.</exception>
    public static Disclosure Parse(string encoded)
    {
        try
        {
            var bytes = Base64Url.DecodeFromChars(encoded);
            if (Base64Url.EncodeToString(bytes) != encoded)
                throw new FormatException("A disclosure is base64url without padding.");
            using var document = JsonDocument.Parse(bytes);
            var array = document.RootElement;
            if (
                array.ValueKind is not JsonValueKind.Array
                || array.GetArrayLength() != 3
                || array[0].ValueKind is not JsonValueKind.String
                || array[1].ValueKind is not JsonValueKind.String
            )
                throw new FormatException("A disclosure is an array of a salt, a name and a value.");
            return new(encoded, array[1].GetString()!, array[2].Clone());
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new FormatException("A disclosure is an array of a salt, a name and a value.", e);
        }
    }

    /// <summary>The name only: the value is about a person.</summary>
    public override string ToString() => $"disclosure of '{Name}'";
}
