using System.Text.Json;

namespace JitFunctions.Domain.Audit.Reading;

/// <summary>A member of an object, or an element of an array, by its place in the bytes.</summary>
/// <param name="Name">Empty for an element.</param>
internal readonly record struct JsonPart(string Name, int Start, int End)
{
    public Range Range => Start..End;
}

/// <summary>
/// Splits one JSON object or array into its parts, without looking into them: as far as it goes, if it is cut or
/// broken. Depth is no limit, so that one part cannot make the others unreadable.
/// </summary>
/// <param name="Whole">The parts that are complete, in their order.</param>
/// <param name="Rest">Where the first part begins that is not complete; null if the object or array is complete and
/// nothing follows it.</param>
/// <param name="RestName">The name of that part, if it is known.</param>
/// <param name="IsCut">True if the bytes end early, false if they are not JSON.</param>
internal sealed record JsonParts(IReadOnlyList<JsonPart> Whole, int? Rest, string? RestName, bool IsCut)
{
    public static JsonParts OfObject(ReadOnlySpan<byte> json) => Split(json, JsonTokenType.StartObject);

    public static JsonParts OfArray(ReadOnlySpan<byte> json) => Split(json, JsonTokenType.StartArray);

    /// <summary>Returns the last complete member of this name, as Go does if there are several.</summary>
    public JsonPart? Last(string name) =>
        Whole.LastOrDefault(part => part.Name == name) is { End: > 0 } found ? found : null;

    private static JsonParts Split(ReadOnlySpan<byte> json, JsonTokenType opening)
    {
        List<JsonPart> whole = [];
        var reader = new Utf8JsonReader(
            json,
            isFinalBlock: false,
            new JsonReaderState(new JsonReaderOptions { MaxDepth = int.MaxValue })
        );
        var rest = 0;
        string? name = null;
        try
        {
            if (!reader.Read())
                return new(whole, 0, null, IsCut: true);
            if (reader.TokenType != opening)
                return new(whole, 0, null, IsCut: false);
            while (true)
            {
                (rest, name) = ((int)reader.BytesConsumed, null);
                if (!reader.Read())
                    return new(whole, rest, null, IsCut: true);
                if (reader.TokenType is JsonTokenType.EndObject or JsonTokenType.EndArray)
                {
                    rest = (int)reader.BytesConsumed;
                    return json[rest..].IndexOfAnyExcept(" \t\r\n"u8) < 0
                        ? new(whole, null, null, IsCut: false)
                        : new(whole, rest, null, IsCut: false);
                }

                if (reader.TokenType == JsonTokenType.PropertyName)
                {
                    name = reader.GetString();
                    rest = (int)reader.BytesConsumed;
                    if (!reader.Read())
                        return new(whole, rest, name, IsCut: true);
                }

                rest = (int)reader.TokenStartIndex;
                if (!reader.TrySkip())
                    return new(whole, rest, name, IsCut: true);
                whole.Add(new(name ?? "", rest, (int)reader.BytesConsumed));
            }
        }
        // InvalidOperationException: bytes that are not UTF-8, or half a surrogate pair.
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return new(whole, rest, name, IsCut: false);
        }
    }
}
