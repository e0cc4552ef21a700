using System.Text.Json;
using JitFunctions.KubectlJit.Api;

namespace JitFunctions.KubectlJit.Output;

/// <summary>Parts of policies in words.</summary>
internal static class Words
{
    /// <summary>
    /// Any condition of a policy as it comes: a text, a list, or fields and what they hold. Nothing for null and false.
    /// </summary>
    public static string Of(JsonElement? json) =>
        json is { ValueKind: not (JsonValueKind.Null or JsonValueKind.False) } value ? Of(value) : "";

    public static string At(string? what, string? source) => source is null ? what ?? "" : $"{what} ({source})";

    public static string People(IReadOnlyList<string>? groups, IReadOnlyList<string>? users) =>
        string.Join(
            ", ",
            [.. (groups ?? []).Select(group => $"group {group}"), .. (users ?? []).Select(user => $"user {user}")]
        );

    /// <param name="automatic">Whether it may be that nobody has to approve, or when.</param>
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
