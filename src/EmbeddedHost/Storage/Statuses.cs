using Microsoft.DurableTask.Protobuf;

namespace JitFunctions.EmbeddedHost.Storage;

/// <summary>The statuses of instances, and how they are stored.</summary>
internal static class Statuses
{
    public static readonly OrchestrationStatus[] Finished =
    [
        OrchestrationStatus.Completed,
        OrchestrationStatus.Failed,
        OrchestrationStatus.Terminated,
    ];

    public static string Write(OrchestrationStatus status) => status.ToString();

    public static OrchestrationStatus Read(string text) => Enum.Parse<OrchestrationStatus>(text);
}
