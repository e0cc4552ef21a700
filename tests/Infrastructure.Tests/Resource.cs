using System.Text.Json.Nodes;

namespace JitFunctions.Infrastructure.Tests;

/// <param name="Json">All of it, as the compiler predicts it.</param>
internal sealed record Resource(string Id, string Type, string Name, JsonNode Json)
{
    /// <summary>
    /// The value at a path such as <c>properties.network.publicNetworkAccess</c> as text; null when it is not there.
    /// </summary>
    public string? this[string path] => At(path)?.ToString();

    public JsonNode? At(string path) =>
        path.Split('.').Aggregate<string, JsonNode?>(Json, (node, part) => (node as JsonObject)?[part]);

    /// <summary>For a resource that extends another one, such as a lock: that other one's id.</summary>
    public string Extended => Id[..Id.LastIndexOf("/providers/", StringComparison.Ordinal)];
}
