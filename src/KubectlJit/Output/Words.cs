using System.Text.Json;
using JitFunctions.KubectlJit.Api;

namespace JitFunctions.KubectlJit.Output;

/// <summary>Parts of policies in words.</summary>
internal static class Words
{
    /// <summary>Any condition of a policy as it comes: a text, a list, or fields and what they hold. Nothing for null and false.</summary>
    public static string Of(JsonElement? json) => json is { } value ? Of(value) : "";

    public static string At(string? what, string? source) => source is null ? what ?? "" : $"{what} ({source})";

    public static string People(IReadOnlyList<string>? groups, IReadOnlyList<string>? users) =>
        string.Join(", ", [.. (groups ?? []).Select(group => $"group {group}"), .. (users ?? []).Select(user => $"user {user}")]);

    /// <param name="automatic">True, or a condition under which nobody has to approve.</param>
    public static string Approval(JsonElement? automatic, IReadOnlyList<Requirement>? requirements)
    {
        var needed = Sentences.Needed(requirements ?? []);
        return automatic?.ValueKind switch
        {
            JsonValueKind.True => "automatic",
            JsonValueKind.Object or JsonValueKind.String => $"{needed}; automatic if {Of(automatic)}",
            _ => needed,
        };
    }

    private static string Of(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.True => "yes",
        JsonValueKind.Number => value.GetRawText(),
        JsonValueKind.Array => string.Join(", ", value.EnumerateArray().Select(Of)),
        JsonValueKind.Object when value.TryGetProperty("kind", out var kind) && value.TryGetProperty("name", out var name) => $"{Of(kind)}/{Of(name)}",
        JsonValueKind.Object => string.Join(", ", value.EnumerateObject().Select(field => $"{field.Name}: {Of(field.Value)}")),
        _ => "",
    };
}
