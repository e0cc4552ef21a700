using System.Diagnostics;
using OpenTelemetry;

namespace JitFunctions.Functions.Platform.Telemetry;

/// <summary>
/// Takes the messages of exceptions out of spans, where the Functions worker puts them: they may name people and
/// places.
/// </summary>
internal sealed class MessageRemoval : BaseProcessor<Activity>
{
    public override void OnEnd(Activity data)
    {
        if (data.StatusDescription is not null)
            data.SetStatus(data.Status);
    }
}
