using System.Globalization;
using JitFunctions.KubectlJit.Api;
using JitFunctions.KubectlJit.Terminal;

namespace JitFunctions.KubectlJit.Output;

/// <summary>Prints events in the chosen format. It can be called for each batch of events.</summary>
/// <param name="ofMany">Whether the events belong to more than one request.</param>
internal sealed class EventOutput(Shell shell, OutputFormat format, bool ofMany)
{
    private readonly Table _table = new(
        shell,
        format,
        new("SEQUENCE", Shown.Wide),
        new("TIME"),
        new("REQUEST", ofMany ? Shown.Always : Shown.Wide),
        new("VERSION", Shown.Wide),
        new("TYPE", Least: 10),
        new("ACTOR", Least: 8),
        new("CHANNEL", Shown.Wide),
        new("DURATION"),
        new("REASON", Least: 8)
    );

    public void Add(IReadOnlyList<EventLine> lines)
    {
        if (!format.IsDocument())
        {
            _table.Add(lines.Select(Row));
            return;
        }

        foreach (var line in lines)
            Document.WriteNext(shell.Out, line.Json, format);
    }

    private static string?[] Row(EventLine line)
    {
        var (e, told) = (line.Event, EventWords.Of(line.Json));
        return
        [
            e.Sequence.ToString(CultureInfo.InvariantCulture),
            Timestamps.Exact(e.Timestamp),
            e.Stream,
            e.Version.ToString(CultureInfo.InvariantCulture),
            e.Type,
            e.Actor,
            e.Channel,
            told.Duration,
            told.Reason,
        ];
    }
}
