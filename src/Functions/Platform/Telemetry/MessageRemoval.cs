using System.Diagnostics;
using OpenTelemetry;

namespace JitFunctions.Functions.Platform.Telemetry;

/// <summary>
/// Removes the messages of exceptions from spans, to which the Functions worker adds them: they may contain names of
/// people and namespaces.
/// </summary>
internal sealed class MessageRemoval : BaseProcessor<Activity>
{
    public override void OnEnd(Activity data)
    {
        if (data.StatusDescription is not null)
            data.SetStatus(data.Status);
    }
}
