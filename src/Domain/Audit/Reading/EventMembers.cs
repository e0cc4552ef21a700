using System.Globalization;
using System.Text.Json;

namespace JitFunctions.Domain.Audit.Reading;

/// <summary>
/// Reads members of one JSON object and remembers the first that is missing or has another type than it should, so that
/// a broken item is a result and not an exception.
/// </summary>
internal sealed class EventMembers(JsonElement json)
{
    /// <summary>What is wrong, without any content; null if nothing is.</summary>
    public string? Problem { get; private set; }

    public string Text(string name) => OptionalText(name) ?? Missing(name, "");

    public string? OptionalText(string name) =>
        Find(name) switch
        {
            null => null,
            { ValueKind: JsonValueKind.String } text => text.GetString(),
            _ => Missing<string?>(name, null),
        };

    public int? OptionalInteger(string name) =>
        Find(name) switch
        {
            null => null,
            { ValueKind: JsonValueKind.Number } number when number.TryGetInt32(out var value) => value,
            _ => Missing<int?>(name, null),
        };

    /// <summary>The API server writes microseconds, GKE nanoseconds.</summary>
    public DateTimeOffset Time(string name) =>
        Find(name) is { ValueKind: JsonValueKind.String } text && ParseTime(text.GetString()!) is { } time
            ? time
            : Missing(name, DateTimeOffset.MinValue);

    public T Choice<T>(string name)
        where T : struct, Enum =>
        Enum.TryParse<T>(Text(name), out var value) && Enum.GetName(value) == Text(name)
            ? value
            : Missing<T>(name, default);

    public IReadOnlyList<string> Texts(string name) =>
        Find(name) switch
        {
            null => [],
            { ValueKind: JsonValueKind.Array } list when list.EnumerateArray().All(IsText) =>
            [
                .. list.EnumerateArray().Select(text => text.GetString()!),
            ],
            _ => Missing<IReadOnlyList<string>>(name, []),
        };

    public JsonElement? OptionalObject(string name) =>
        Find(name) switch
        {
            null => null,
            { ValueKind: JsonValueKind.Object } inner => inner,
            _ => Missing<JsonElement?>(name, null),
        };

    /// <summary>Adopts the problem of an object inside of this one.</summary>
    public T From<T>(EventMembers inner, T value)
    {
        Problem ??= inner.Problem;
        return value;
    }

    public static DateTimeOffset? ParseTime(string text) =>
        DateTimeOffset.TryParse(
            text,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out var time
        )
        && text.Length > 10
        && text[10] == 'T'
            ? time.AddTicks(-(time.Ticks % TimeSpan.TicksPerMicrosecond))
            : null;

    private static bool IsText(JsonElement element) => element.ValueKind == JsonValueKind.String;

    private JsonElement? Find(string name) =>
        json.TryGetProperty(name, out var found) && found.ValueKind != JsonValueKind.Null ? found : null;

    private T Missing<T>(string name, T instead)
    {
        Problem ??= $"'{name}' is missing or has another type";
        return instead;
    }
}
