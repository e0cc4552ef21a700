using System.Text.Json.Nodes;

namespace JitFunctions.EndToEnd.Tests;

internal static class JsonAccess
{
    /// <summary>The text at a path such as <c>ending.cause</c>; null when something on the way is not there.</summary>
    public static string? At(this JsonNode node, string path) =>
        path.Split('.').Aggregate((JsonNode?)node, (at, name) => at?[name])?.ToString();

    public static DateTimeOffset TimeAt(this JsonNode node, string name) => (DateTimeOffset)node[name]!;

    public static string Id(this JsonNode request) => (string)request["id"]!;

    public static IReadOnlyList<string> Types(this IEnumerable<JsonObject> events) =>
        [.. events.Select(e => (string)e["type"]!)];

    /// <summary>The same with one field changed; a null takes it away.</summary>
    public static JsonObject With(this JsonObject node, string name, JsonNode? value)
    {
        var copy = node.DeepClone().AsObject();
        if (value is null)
            copy.Remove(name);
        else
            copy[name] = value;
        return copy;
    }
}
