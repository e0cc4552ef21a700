using System.Globalization;
using JitFunctions.KubectlJit.Api;

namespace JitFunctions.KubectlJit.Output;

/// <summary>Events in the chosen format, in as many goes as they come.</summary>
internal sealed class EventOutput(Shell shell, OutputFormat format)
{
    private readonly Table _table = new(shell, "SEQUENCE", "TIME", "REQUEST", "VERSION", "TYPE", "ACTOR", "CHANNEL");

    public void Add(IReadOnlyList<EventLine> lines)
    {
        if (format is OutputFormat.Table)
        {
            _table.Add(lines.Select(line => Row(line.Event)));
            return;
        }

        foreach (var line in lines) Document.WriteNext(shell.Out, line.Json, format);
    }

    private static string?[] Row(RecordedEvent line) =>
    [
        line.Sequence.ToString(CultureInfo.InvariantCulture),
        Timestamps.Exact(line.Timestamp),
        line.Stream,
        line.Version.ToString(CultureInfo.InvariantCulture),
        line.Type,
        line.Actor,
        line.Channel,
    ];
}
