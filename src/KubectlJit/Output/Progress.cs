using JitFunctions.KubectlJit.Api;

namespace JitFunctions.KubectlJit.Output;

/// <summary>Tells on standard error, line by line, what has changed about a request since it was last told.</summary>
internal sealed class Progress(Shell shell)
{
    private AccessRequest? _last;

    public void Tell(AccessRequest now)
    {
        foreach (var review in (now.Reviews ?? []).Skip(_last?.Reviews?.Count ?? 0)) Line(now, Sentences.Of(review));
        if (now.Status != _last?.Status) TellStatus(now);
        if (now.Trouble is { } trouble && trouble != _last?.Trouble) Line(now, $"trouble: {Sentences.Of(trouble)}");
        _last = now;
    }

    private void TellStatus(AccessRequest now)
    {
        switch (now.Status)
        {
            case Status.Pending when now is { Policy: { } policy }:
                var until = now.DecideBy is { } limit ? $", lapses at {Timestamps.Left(limit, shell.Now)}" : "";
                Line(now, $"pending: approval needed: {Sentences.ApprovalBy(policy)}{until}");
                break;
            case Status.Active when now is { ExpiresAt: { } expiry }:
                Line(now, $"active, expires at {Timestamps.Left(expiry, shell.Now)}");
                TellUse(now);
                break;
            default:
                Line(now, now.Ending is { } ending ? $"{now.Status} ({Sentences.Of(ending)})" : now.Status);
                break;
        }
    }

    private void TellUse(AccessRequest now)
    {
        var place = now.ClusterWide ? "" : $" -n {now.Namespaces?[0]}";
        Hint($"use it, as {now.Requester.Username} in your context for {now.Cluster}:", $"kubectl{place} auth can-i --list");
        Hint("give it back early:", $"kubectl jit relinquish {now.Id}");
    }

    private void Hint(string what, string command) => shell.Error.WriteLine(Printable.Text($"  {what}  {command}"));

    private void Line(AccessRequest request, string text) => shell.Error.WriteLine(Printable.Text($"{request.Id}  {text}"));
}
