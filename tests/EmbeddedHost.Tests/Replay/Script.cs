using System.Text.Json;
using JitFunctions.EmbeddedHost.Durable.Client;
using JitFunctions.EmbeddedHost.Durable.Replay;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace JitFunctions.EmbeddedHost.Tests.Replay;

/// <summary>Feeds an orchestrator turn by turn, and replays its whole history, through JSON, in each of them.</summary>
internal sealed class Script(Orchestrator orchestrator, string? input = null)
{
    public static readonly DateTime Noon = new(2026, 11, 23, 12, 0, 0, DateTimeKind.Utc);

    private readonly Replayer _replayer = new(new JsonDataConverter(Options.Create(JsonSerializerOptions.Web)), NullLoggerFactory.Instance);
    private readonly List<string> _history = [];
    private Instance _instance = new("test", "Test", "1.0", 1, input, null);

    public DateTime Now { get; set; } = Noon;

    public Orchestrator Orchestrator { get; set; } = orchestrator;

    public Turn Start() => Send(new Started());

    public Turn Send(params Message[] messages)
    {
        var turn = _replayer.Run(_instance, Orchestrator, [.. _history.Select(HistoryJson.Read)], messages, Now);
        _history.AddRange(turn.Appended.Select(HistoryJson.Write));
        _instance = _instance with { CustomStatus = turn.CustomStatus };
        return turn;
    }
}
