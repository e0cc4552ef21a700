using System.Text.Json;

namespace JitFunctions.KubectlJit.Api;

/// <summary>The API calls of docs/api.md that return events, one JSON object per line.</summary>
internal static class EventCalls
{
    public static async Task<IReadOnlyList<EventLine>> EventsAsync(
        this JitConnection server,
        string id,
        CancellationToken cancel
    )
    {
        using var answer = await server.GetAsync($"requests/{Uri.EscapeDataString(id)}/events", cancel);
        return await LinesAsync(answer, cancel);
    }

    /// <param name="filters">Further query parameters, already escaped.</param>
    public static async Task<AuditPage> AuditAsync(
        this JitConnection server,
        long after,
        long limit,
        IReadOnlyList<string> filters,
        CancellationToken cancel
    )
    {
        string[] query = [$"after={after}", $"limit={limit}", .. filters];
        using var answer = await server.GetAsync($"audit/events?{string.Join('&', query)}", cancel);
        var lines = await LinesAsync(answer, cancel);
        var told =
            answer.Headers.TryGetValues("Jit-Last-Sequence", out var values)
            && long.TryParse(values.First(), out var last)
                ? last
            : lines is [.., var final] ? final.Event.Sequence
            : after;
        return new AuditPage(lines, told);
    }

    private static async Task<IReadOnlyList<EventLine>> LinesAsync(HttpResponseMessage answer, CancellationToken cancel)
    {
        var lines = new List<EventLine>();
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(cancel));
        while (await reader.ReadLineAsync(cancel) is { } line)
        {
            if (line.Length > 0)
                lines.Add(EventLine.Of(JsonElement.Parse(line)));
        }

        return lines;
    }
}
