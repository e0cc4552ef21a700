using System.Text.Json;

namespace JitFunctions.TransparencyLog.Verification;

/// <summary>The hashes that a leaf of any kind has: its members <c>data</c> and <c>headers</c>.</summary>
internal ref struct LeafMembers
{
    public ReadOnlySpan<byte> Data { get; private set; }

    public ReadOnlySpan<byte> Headers { get; private set; }

    /// <summary>
    /// False if the leaf is not a JSON object, or has one of these twice or as something else than a text.
    /// </summary>
    public static bool TryRead(ReadOnlySpan<byte> leaf, out LeafMembers members)
    {
        members = default;
        var json = new Utf8JsonReader(leaf);
        try
        {
            if (!json.Read() || json.TokenType is not JsonTokenType.StartObject)
                return false;
            while (json.Read() && json.TokenType is JsonTokenType.PropertyName)
            {
                var (isData, isHeaders) = (json.ValueTextEquals("data"u8), json.ValueTextEquals("headers"u8));
                if (!json.Read())
                    return false;
                if (!isData && !isHeaders)
                {
                    json.Skip();
                    continue;
                }

                if (json.TokenType is not JsonTokenType.String || !(isData ? members.Data : members.Headers).IsEmpty)
                    return false;
                if (isData)
                    members.Data = json.ValueSpan;
                else
                    members.Headers = json.ValueSpan;
            }

            return json.TokenType is JsonTokenType.EndObject && !json.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
