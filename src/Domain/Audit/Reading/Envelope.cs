using System.Text.Json;

namespace JitFunctions.Domain.Audit.Reading;

internal static class Envelope
{
    public static AuditGap Unreadable(ReadOnlyMemory<byte> body, string problem) =>
        ItemReader.Gap(GapReason.NotAnEnvelope, problem, body, AuditEventList.Form);

    /// <returns>Null if the value is no object, or its member no text.</returns>
    public static string? Text(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object
        && json.TryGetProperty(name, out var found)
        && found.ValueKind == JsonValueKind.String
            ? found.GetString()
            : null;
}
