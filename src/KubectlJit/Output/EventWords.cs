using System.Globalization;
using System.Text.Json;

namespace JitFunctions.KubectlJit.Output;

/// <summary>The durations and reasons of an event, by the member names that all events share.</summary>
/// <param name="Duration">The requested duration, or how long the rights last from the event on.</param>
/// <param name="Reason">The reason that a person wrote, or that the system found.</param>
internal sealed record EventWords(string? Duration, string? Reason)
{
    /// <param name="line">A line of an event stream, as in docs/api.md.</param>
    public static EventWords Of(JsonElement line)
    {
        if (Member(line, "data") is not { } data)
            return new(null, null);
        var terms = Member(data, "terms");
        var duration = Text(terms, "duration") ?? Text(data, "duration") ?? Lasting(data);
        var cause = Text(data, "cause");
        var reason =
            Text(terms, "reason")
            ?? Text(data, "reason")
            ?? Text(data, "comment")
            ?? Text(data, "detail")
            ?? Text(Member(data, "drift"), "detail");
        return new(duration, cause is null ? reason : Sentences.Joined(cause, reason));
    }

    private static string? Lasting(JsonElement data) =>
        Time(data, "expiresAt") is { } end && Time(data, "at") is { } begin && end > begin
            ? Durations.Exact(end - begin)
            : null;

    private static DateTimeOffset? Time(JsonElement of, string name) =>
        Text(of, name) is { } text && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out var time)
            ? time
            : null;

    private static string? Text(JsonElement? of, string name) =>
        Member(of, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    private static JsonElement? Member(JsonElement? of, string name) =>
        of is { ValueKind: JsonValueKind.Object } json && json.TryGetProperty(name, out var member) ? member : null;
}
