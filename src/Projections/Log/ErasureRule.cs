using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace JitFunctions.Projections.Log;

/// <param name="IsByPerson">The person caused the event.</param>
/// <param name="IsOfPerson">It is in the stream of a request of the person.</param>
internal sealed record EventPerson(bool IsByPerson, bool IsOfPerson);

/// <summary>
/// Which members of an event are erased with a person, and what comes in their place. A member is erased as a whole:
/// every text in it becomes the placeholder, so that what a check of the log accepts in its place is one text only.
/// </summary>
internal static partial class ErasureRule
{
    /// <summary>What people write, and what is recorded about them, in events that they cause.</summary>
    private static readonly FrozenSet<string> Own = new[]
    {
        "comment",
        "groups",
        "otherAccounts",
        "query",
    }.ToFrozenSet();

    /// <summary>
    /// What the requester wrote, what the cluster said about them, and the hashes from which their name could be
    /// guessed, in all events of their requests.
    /// </summary>
    private static readonly FrozenSet<string> OfRequest = new[]
    {
        "fingerprint",
        "reason",
        "scopeHash",
        "standing",
        "ticket",
    }.ToFrozenSet();

    /// <summary>Whether a personal member is erased. Everything else about an event stays.</summary>
    public static bool Erases(string member, JsonNode? value, EventPerson about, PersonNames names) =>
        PersonalMembers.Personal.Contains(member)
        && TextsIn(value).Any(text => !IsPlaceholder(text))
        && (
            (about.IsByPerson && Own.Contains(member))
            || (about.IsOfPerson && OfRequest.Contains(member))
            || TextsIn(value).Any(names.AreIn)
        );

    /// <returns>How many members were erased.</returns>
    /// <param name="placeholderOf">Gets the member and its text.</param>
    public static int Erase(
        JsonNode? node,
        EventPerson about,
        PersonNames names,
        Func<string, string, string> placeholderOf
    )
    {
        if (node is JsonArray array)
            return array.Sum(item => Erase(item, about, names, placeholderOf));
        if (node is not JsonObject json)
            return 0;
        var erased = 0;
        foreach (var (name, value) in json.ToList())
        {
            if (!PersonalMembers.Personal.Contains(name))
                erased += Erase(value, about, names, placeholderOf);
            else if (Erases(name, value, about, names))
            {
                json[name] = Replaced(value, text => placeholderOf(name, text));
                erased++;
            }
        }

        return erased;
    }

    /// <summary>Whether this is what an erasure leaves of a member: nothing but placeholders that are known.</summary>
    public static bool IsErased(JsonNode? value, IReadOnlySet<string> placeholders) =>
        value switch
        {
            JsonValue text when text.GetValueKind() is JsonValueKind.String => placeholders.Contains(
                Numbered().Replace(text.GetValue<string>(), "")
            ),
            JsonArray { Count: > 0 } array => array.All(item => IsErased(item, placeholders)),
            _ => false,
        };

    public static bool IsPlaceholder(string text) => Form().IsMatch(text);

    private static JsonNode? Replaced(JsonNode? value, Func<string, string> replace) =>
        value switch
        {
            JsonValue text when text.GetValueKind() is JsonValueKind.String => replace(text.GetValue<string>()),
            JsonArray array => new JsonArray([.. array.Select(item => Replaced(item, replace))]),
            JsonObject json => new JsonObject(
                json.Select(member => KeyValuePair.Create(member.Key, Replaced(member.Value, replace)))
            ),
            _ => value?.DeepClone(),
        };

    private static IEnumerable<string> TextsIn(JsonNode? value) =>
        value switch
        {
            JsonValue text when text.GetValueKind() is JsonValueKind.String => [text.GetValue<string>()],
            JsonArray array => array.SelectMany(TextsIn),
            JsonObject json => json.SelectMany(member => TextsIn(member.Value)),
            _ => [],
        };

    [GeneratedRegex(@"^erased-[0-9a-f]{8}(\.[0-9]+)?\z")]
    private static partial Regex Form();

    [GeneratedRegex(@"\.[0-9]+\z")]
    private static partial Regex Numbered();
}
