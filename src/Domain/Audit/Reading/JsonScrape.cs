using System.Text.Json;
using JitFunctions.Domain.Text;

namespace JitFunctions.Domain.Audit.Reading;

/// <summary>Reads texts from JSON of which only the beginning may be there.</summary>
internal static class JsonScrape
{
    /// <returns>The text at this path, shortened, if its outermost member is complete; otherwise null.</returns>
    public static string? Text(ReadOnlyMemory<byte> json, JsonParts parts, params ReadOnlySpan<string> path)
    {
        if (parts.Last(path[0]) is not { } part)
            return null;
        if (path.Length > 1)
            return Text(json[part.Range], JsonParts.OfObject(json.Span[part.Range]), path[1..]);
        try
        {
            var reader = new Utf8JsonReader(json.Span[part.Range]);
            return reader.Read() && reader.TokenType == JsonTokenType.String
                ? ShortText.Name(reader.GetString()!)
                : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
