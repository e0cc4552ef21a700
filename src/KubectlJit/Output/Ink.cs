using JitFunctions.KubectlJit.Api;

namespace JitFunctions.KubectlJit.Output;

internal static class Ink
{
    /// <summary>Colours a text by the status that it shows; for terminals only.</summary>
    public static string Of(string status, string text) =>
        status switch
        {
            Status.Active => $"\e[32m{text}\e[0m",
            Status.Pending or Status.Approved or Status.Activating or Status.Ending => $"\e[33m{text}\e[0m",
            Status.Denied or Status.Failed => $"\e[31m{text}\e[0m",
            Status.Withdrawn or Status.Lapsed or Status.Ended => $"\e[2m{text}\e[0m",
            _ => text,
        };
}
