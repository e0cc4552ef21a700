using System.Text.Json;

namespace JitFunctions.EmbeddedHost.Durable.Replay;

internal static class HistoryJson
{
    public static string Write(HistoryEvent happened) => JsonSerializer.Serialize(happened);

    public static HistoryEvent Read(string json)
        => JsonSerializer.Deserialize<HistoryEvent>(json) ?? throw new JsonException("The history holds an empty event.");
}
