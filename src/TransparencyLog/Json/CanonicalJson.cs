using System.Buffers;
using System.Text.Json;
using JitFunctions.TransparencyLog.Text;

namespace JitFunctions.TransparencyLog.Json;

/// <summary>
/// JSON in the one form that a hash can be about (RFC 8785): no white space, members in the order of their names'
/// UTF-16 code units, and one spelling for each text and number.
/// </summary>
public static class CanonicalJson
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <exception cref="FormatException">
    /// It is not one JSON value, names a member twice, has half of a surrogate pair, or a number that is not allowed.
    /// </exception>
    public static byte[] Format(ReadOnlyMemory<byte> json, CanonicalNumbers numbers = CanonicalNumbers.SafeIntegers)
    {
        try
        {
            using var document = JsonDocument.Parse(json, Strict);
            return Format(document.RootElement, numbers);
        }
        // Half of a surrogate pair in the name of a member is an InvalidOperationException already here.
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new FormatException($"It is not JSON: {e.Message}", e);
        }
    }

    /// <exception cref="FormatException">As of the other overload.</exception>
    public static byte[] Format(string json, CanonicalNumbers numbers = CanonicalNumbers.SafeIntegers) =>
        Format(StrictUtf8.GetBytes(json), numbers);

    /// <exception cref="FormatException">As of the other overload.</exception>
    public static byte[] Format(JsonElement json, CanonicalNumbers numbers = CanonicalNumbers.SafeIntegers)
    {
        var output = new ArrayBufferWriter<byte>();
        Write(json, numbers, output);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>One text as a JSON string, with its quotes.</summary>
    /// <exception cref="FormatException">The text has half of a surrogate pair.</exception>
    public static byte[] FormatText(string text)
    {
        var output = new ArrayBufferWriter<byte>();
        CanonicalText.Write(text, output);
        return output.WrittenSpan.ToArray();
    }

    internal static void WriteText(string text, IBufferWriter<byte> output) => CanonicalText.Write(text, output);

    /// <summary>Whether the bytes are exactly their own canonical form.</summary>
    public static bool IsCanonical(ReadOnlyMemory<byte> json, CanonicalNumbers numbers = CanonicalNumbers.SafeIntegers)
    {
        try
        {
            return Format(json, numbers).AsSpan().SequenceEqual(json.Span);
        }
        catch (FormatException)
        {
            return false;
        }
    }

    private static void Write(JsonElement json, CanonicalNumbers numbers, ArrayBufferWriter<byte> output)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.Object:
                WriteObject(json, numbers, output);
                break;
            case JsonValueKind.Array:
                output.Write("["u8);
                var isFirst = true;
                foreach (var item in json.EnumerateArray())
                {
                    if (!isFirst)
                        output.Write(","u8);
                    isFirst = false;
                    Write(item, numbers, output);
                }

                output.Write("]"u8);
                break;
            case JsonValueKind.String:
                CanonicalText.Write(TextOf(json), output);
                break;
            case JsonValueKind.Number:
                CanonicalNumber.Write(json.GetRawText(), numbers, output);
                break;
            case JsonValueKind.True:
                output.Write("true"u8);
                break;
            case JsonValueKind.False:
                output.Write("false"u8);
                break;
            case JsonValueKind.Null:
                output.Write("null"u8);
                break;
            default:
                throw new FormatException("There is no JSON value.");
        }
    }

    private static void WriteObject(JsonElement json, CanonicalNumbers numbers, ArrayBufferWriter<byte> output)
    {
        var members = json.EnumerateObject().Select(member => (Name: NameOf(member), member.Value)).ToList();
        members.Sort((one, other) => string.CompareOrdinal(one.Name, other.Name));
        output.Write("{"u8);
        for (var i = 0; i < members.Count; i++)
        {
            if (i > 0)
            {
                // An element that was not parsed here may have them.
                if (members[i].Name == members[i - 1].Name)
                    throw new FormatException($"The member '{members[i].Name}' occurs twice.");
                output.Write(","u8);
            }

            CanonicalText.Write(members[i].Name, output);
            output.Write(":"u8);
            Write(members[i].Value, numbers, output);
        }

        output.Write("}"u8);
    }

    // Half of a surrogate pair as an escape is JSON, but no text.
    private static string TextOf(JsonElement json)
    {
        try
        {
            return json.GetString()!;
        }
        catch (InvalidOperationException e)
        {
            throw new FormatException("A text has half of a surrogate pair.", e);
        }
    }

    private static string NameOf(JsonProperty member)
    {
        try
        {
            return member.Name;
        }
        catch (InvalidOperationException e)
        {
            throw new FormatException("The name of a member has half of a surrogate pair.", e);
        }
    }
}
