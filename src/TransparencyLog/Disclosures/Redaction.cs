using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using JitFunctions.TransparencyLog.Json;

namespace JitFunctions.TransparencyLog.Disclosures;

/// <summary>A document whose personal members are in disclosures.</summary>
/// <param name="Data">
/// Canonical. An object from which members were taken has the member <c>_sd</c>: their digests, sorted.
/// </param>
/// <param name="Disclosures">What was taken out, in the order of the digests.</param>
public sealed record RedactedJson(byte[] Data, IReadOnlyList<Disclosure> Disclosures);

/// <summary>Takes members out of a document, and puts them back.</summary>
public static class Redaction
{
    /// <summary>The member with the digests, as in SD-JWT.</summary>
    public const string Digests = "_sd";

    /// <param name="json">One JSON object.</param>
    /// <param name="isPersonal">
    /// Whether the member at this path is taken out, with all that is in it. A path is a JSON pointer (RFC 6901) with
    /// <c>*</c> for each element of an array, such as <c>/reviews/*/by</c>.
    /// </param>
    /// <param name="newSalt">At least 16 random bytes for each call; null for those of the system.</param>
    /// <exception cref="FormatException">
    /// It has no canonical form, is no object, or has a member <c>_sd</c>.
    /// </exception>
    public static RedactedJson Redact(
        ReadOnlyMemory<byte> json,
        Predicate<string> isPersonal,
        Func<byte[]>? newSalt = null
    )
    {
        newSalt ??= () => RandomNumberGenerator.GetBytes(Disclosure.SaltLength);
        using var document = JsonDocument.Parse(CanonicalJson.Format(json));
        if (document.RootElement.ValueKind is not JsonValueKind.Object)
            throw new FormatException("Only an object can be redacted.");
        var taken = new List<Disclosure>();
        var redacted = Redact(document.RootElement, "");
        taken.Sort((one, other) => string.CompareOrdinal(one.Digest, other.Digest));
        return new(CanonicalJson.Format(redacted!.ToJsonString()), taken);

        JsonNode? Redact(JsonElement element, string path)
        {
            switch (element.ValueKind)
            {
                case JsonValueKind.Object:
                    var (kept, digests) = (new JsonObject(), new List<string>());
                    foreach (var member in element.EnumerateObject())
                    {
                        if (member.Name is Digests)
                            throw new FormatException($"The document has a member '{Digests}' of its own.");
                        var at = $"{path}/{Escaped(member.Name)}";
                        if (!isPersonal(at))
                        {
                            kept[member.Name] = Redact(member.Value, at);
                            continue;
                        }

                        var disclosure = Disclosure.Of(newSalt(), member.Name, member.Value);
                        taken.Add(disclosure);
                        digests.Add(disclosure.Digest);
                    }

                    if (digests is not [])
                        kept[Digests] = Array(
                            digests.Order(StringComparer.Ordinal).Select(digest => JsonValue.Create(digest))
                        );
                    return kept;
                case JsonValueKind.Array:
                    return Array(element.EnumerateArray().Select(item => Redact(item, $"{path}/*")));
                default:
                    return JsonNode.Parse(element.GetRawText());
            }
        }
    }

    /// <summary>All digests in a redacted document.</summary>
    /// <exception cref="FormatException">A member <c>_sd</c> is not a list of digests.</exception>
    public static IReadOnlyList<string> DigestsIn(ReadOnlyMemory<byte> redacted)
    {
        var found = new List<string>();
        // Most documents have none, and a search of bytes is much faster than a parse. Canonical JSON has no escapes
        // in this name.
        if (redacted.Span.IndexOf("\"_sd\""u8) < 0)
            return found;
        using var document = JsonDocument.Parse(redacted);
        Collect(document.RootElement, found);
        return found;
    }

    /// <summary>The document with all members that are disclosed; erased ones stay digests.</summary>
    /// <exception cref="FormatException">Not a redacted document, or a disclosure is not of it.</exception>
    public static byte[] Restore(ReadOnlyMemory<byte> redacted, IEnumerable<Disclosure> disclosures)
    {
        var open = disclosures.ToDictionary(disclosure => disclosure.Digest);
        var root = JsonNode.Parse(redacted.Span);
        Restore(root);
        if (open.Count > 0)
            throw new FormatException($"A disclosure of '{open.Values.First().Name}' belongs to another document.");
        return CanonicalJson.Format(root!.ToJsonString());

        void Restore(JsonNode? node)
        {
            if (node is JsonArray array)
            {
                foreach (var item in array)
                    Restore(item);
                return;
            }

            if (node is not JsonObject json)
                return;
            if (json.ContainsKey(Digests))
            {
                var digests = Strings(json[Digests]);
                json.Remove(Digests);
                foreach (var digest in digests.Where(open.ContainsKey).ToList())
                {
                    open.Remove(digest, out var disclosure);
                    if (!json.TryAdd(disclosure!.Name, JsonNode.Parse(disclosure.Value.GetRawText())))
                        throw new FormatException($"The document has the member '{disclosure.Name}' already.");
                    digests.Remove(digest);
                }

                if (digests is not [])
                    json[Digests] = Array(digests.Select(digest => JsonValue.Create(digest)));
            }

            foreach (var member in json.Where(member => member.Key is not Digests).ToList())
                Restore(member.Value);
        }
    }

    private static void Collect(JsonElement element, List<string> found)
    {
        if (element.ValueKind is JsonValueKind.Array)
        {
            foreach (var item in element.EnumerateArray())
                Collect(item, found);
        }
        else if (element.ValueKind is JsonValueKind.Object)
        {
            foreach (var member in element.EnumerateObject())
            {
                if (member.NameEquals(Digests))
                    found.AddRange(Strings(member.Value));
                else
                    Collect(member.Value, found);
            }
        }
    }

    private static IEnumerable<string> Strings(JsonElement list) =>
        list.ValueKind is JsonValueKind.Array
        && list.EnumerateArray().All(item => item.ValueKind is JsonValueKind.String)
            ? list.EnumerateArray().Select(item => item.GetString()!)
            : throw NoDigests();

    private static List<string> Strings(JsonNode? list) =>
        list is JsonArray array && array.All(item => item?.GetValueKind() is JsonValueKind.String)
            ? [.. array.Select(item => item!.GetValue<string>())]
            : throw NoDigests();

    private static FormatException NoDigests() => new($"A member '{Digests}' is a list of digests.");

    private static JsonArray Array(IEnumerable<JsonNode?> items) => new([.. items]);

    private static string Escaped(string name) =>
        name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
}
