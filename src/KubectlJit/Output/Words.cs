using System.Text.Json;
using JitFunctions.KubectlJit.Api;

namespace JitFunctions.KubectlJit.Output;

/// <summary>Text for parts of policies.</summary>
internal static class Words
{
    /// <summary>
    /// Formats any condition of a policy: a string, a list, or fields with their values. Null and false give an empty
    /// text.
    /// </summary>
    public static string Of(JsonElement? json) =>
        json is { ValueKind: not (JsonValueKind.Null or JsonValueKind.False) } value ? Of(value) : "";

    public static string At(string? what, string? source) => source is null ? what ?? "" : $"{what} ({source})";

    public static string People(IReadOnlyList<string>? groups, IReadOnlyList<string>? users) =>
        string.Join(
            ", ",
            [.. (groups ?? []).Select(group => $"group {group}"), .. (users ?? []).Select(user => $"user {user}")]
        );

    /// <param name="automatic">Whether, or under which conditions, nobody has to approve.</param>
    public static string Approval(JsonElement? automatic, IReadOnlyList<Requirement>? requirements)
    {
        var needed = Sentences.Needed(requirements ?? []);
        return automatic?.ValueKind switch
        {
            JsonValueKind.True when needed is "" => "automatic",
            JsonValueKind.True => $"automatic where the policy says so, else {needed}",
            JsonValueKind.Object or JsonValueKind.String => $"automatic if {Of(automatic)}, else {needed}",
            _ => needed,
        };
    }

    private static string Of(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.String => value.GetString()!,
            JsonValueKind.True => "yes",
            JsonValueKind.False => "no",
            JsonValueKind.Number => value.GetRawText(),
            JsonValueKind.Array => string.Join(", ", value.EnumerateArray().Select(Of)),
            JsonValueKind.Object
                when value.TryGetProperty("kind", out var kind) && value.TryGetProperty("name", out var name) =>
                $"{Of(kind)}/{Of(name)}",
            JsonValueKind.Object => string.Join(
                ", ",
                value.EnumerateObject().Select(field => $"{field.Name}: {Of(field.Value)}")
            ),
            _ => "",
        };
}
