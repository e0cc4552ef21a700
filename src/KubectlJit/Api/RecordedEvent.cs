using System.Text.Json;

namespace JitFunctions.KubectlJit.Api;

internal sealed record RecordedEvent(
    long Sequence,
    string Stream,
    long Version,
    string Type,
    DateTimeOffset Timestamp,
    string? Actor = null,
    string? Channel = null
);

/// <summary>One line of an event stream: the server's JSON for scripts, and the parsed event for people.</summary>
internal sealed record EventLine(JsonElement Json, RecordedEvent Event)
{
    public static EventLine Of(JsonElement json) => new(json, json.Read(ApiJson.Default.RecordedEvent));
}

/// <param name="LastSequence">The value of <c>after</c> for the next page.</param>
internal sealed record AuditPage(IReadOnlyList<EventLine> Lines, long LastSequence);
