using System.Globalization;
using System.Text.Json;

namespace JitFunctions.Domain.Evidence;

/// <summary>Reads the data of an event as the log has it. It never throws: what cannot be read is not there.</summary>
internal static class LoggedData
{
    /// <summary>What a column has for a value that was erased.</summary>
    public const string Erased = "(erased)";

    public static JsonElement Member(this JsonElement json, string name) =>
        json.ValueKind is JsonValueKind.Object && json.TryGetProperty(name, out var value) ? value : default;

    /// <summary>Null if it is not there, or erased.</summary>
    public static string? Text(this JsonElement json, string name) =>
        json.Member(name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    /// <summary>For a column: empty if it is not there.</summary>
    public static string Shown(this JsonElement json, string name) =>
        json.Text(name) ?? (json.HasErased() ? Erased : string.Empty);

    public static bool HasErased(this JsonElement json) => json.Member("_sd").ValueKind is JsonValueKind.Array;

    public static bool Flag(this JsonElement json, string name) => json.Member(name).ValueKind is JsonValueKind.True;

    public static int Number(this JsonElement json, string name) =>
        json.Member(name) is { ValueKind: JsonValueKind.Number } number && number.TryGetInt32(out var value)
            ? value
            : 0;

    public static DateTimeOffset? Time(this JsonElement json, string name) =>
        DateTimeOffset.TryParse(
            json.Text(name),
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal,
            out var at
        )
            ? at
            : null;

    public static TimeSpan? Duration(this JsonElement json, string name) =>
        TimeSpan.TryParseExact(json.Text(name), "c", CultureInfo.InvariantCulture, out var duration) ? duration : null;

    public static IReadOnlyList<string> Texts(this JsonElement json, string name) =>
        json.Member(name) is { ValueKind: JsonValueKind.Array } list
            ?
            [
                .. list.EnumerateArray()
                    .Where(item => item.ValueKind is JsonValueKind.String)
                    .Select(item => item.GetString()!),
            ]
            : [];

    public static IEnumerable<JsonElement> Items(this JsonElement json, string name) =>
        json.Member(name) is { ValueKind: JsonValueKind.Array } list
            ? list.EnumerateArray()
            : Enumerable.Empty<JsonElement>();
}
