using JitFunctions.KubectlJit.Api;
using JitFunctions.KubectlJit.Output;
using JitFunctions.KubectlJit.Terminal;

namespace JitFunctions.KubectlJit.Commands;

/// <summary>The failures with which a wait can end.</summary>
internal static class WaitFailure
{
    public static Failure NotGranted(AccessRequest request)
    {
        var (why, remedy) = request.Status switch
        {
            Status.Denied => (
                request.Reviews?.LastOrDefault(review => review.Verdict is Review.Deny) is { } denial
                    ? Sentences.Of(denial)
                    : "denied",
                "talk to the reviewer before you ask again"
            ),
            Status.Lapsed => ("lapsed: nobody decided in time", "ask again when an approver is there"),
            Status.Withdrawn => (Why(request, "withdrawn"), "ask again if you still need it"),
            Status.Failed => (Why(request, "failed: the rights could not be activated"), "ask the platform team"),
            _ => (Why(request, "over"), "ask again if you still need it"),
        };
        return new Failure(ExitCode.NotGranted, $"request {request.Id}: {why}", request.Status, remedy)
        {
            Details = request.Trouble is { } trouble ? [$"trouble: {Sentences.Of(trouble)}"] : [],
        };
    }

    public static Failure TimedOut(AccessRequest request, TimeSpan timeout) =>
        new(
            ExitCode.TimedOut,
            $"request {request.Id} is still {request.Status} after {Durations.Human(timeout)}",
            "timeout",
            "it stays as it is"
        )
        {
            Details = [.. Start(request), .. Ways(request)],
        };

    public static Failure Interrupted(AccessRequest request) =>
        new(ExitCode.Interrupted, $"stopped waiting; request {request.Id} stays {request.Status}", "interrupted", null)
        {
            Details = Ways(request),
        };

    private static string Why(AccessRequest request, string otherwise) =>
        request.Ending is { } ending ? Sentences.Of(ending) : otherwise;

    private static string[] Start(AccessRequest request) =>
        request is { Status: Status.Approved, Start: { } start } ? [$"its start:      {Timestamps.Exact(start)}"] : [];

    private static IReadOnlyList<string> Ways(AccessRequest request) =>
        [$"go on waiting:  kubectl jit show {request.Id} --wait", $"withdraw it:    kubectl jit withdraw {request.Id}"];
}
