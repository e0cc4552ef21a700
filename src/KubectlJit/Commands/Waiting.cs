using JitFunctions.KubectlJit.Api;
using JitFunctions.KubectlJit.Output;
using JitFunctions.KubectlJit.Terminal;

namespace JitFunctions.KubectlJit.Commands;

/// <summary>
/// Follows a request until its rights are active or can no longer become active, and reports progress.
/// </summary>
internal sealed class Waiting(Shell shell, JitConnection server, OutputFormat format)
{
    /// <summary>Prints the final state of the request in every case. Fails unless the request is active.</summary>
    public async Task RunAsync(Snapshot first, TimeSpan? timeout, CancellationToken cancel)
    {
        var seen = first;
        using var limit = timeout is { } time
            ? new CancellationTokenSource(time, shell.Clock)
            : new CancellationTokenSource();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel, limit.Token);
        var progress = new Progress(shell);
        progress.Tell(seen.Request);
        try
        {
            var changes = server.ChangesAsync(seen, shell.Clock, stop.Token).GetAsyncEnumerator(stop.Token);
            await using (changes)
            {
                while (!Status.IsSettled(seen.Request.Status) && await changes.MoveNextAsync())
                {
                    seen = changes.Current;
                    progress.Tell(seen.Request);
                }
            }
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            throw WaitFailure.Interrupted(seen.Request);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            Print(seen);
            throw WaitFailure.TimedOut(seen.Request, timeout!.Value);
        }
        catch (Failure failure) when (failure.ExitCode is ExitCode.Unreachable or ExitCode.NotSignedIn)
        {
            throw failure.With(
                $"the request stays as it is; go on waiting with: kubectl jit show {seen.Request.Id} --wait"
            );
        }

        Print(seen);
        if (seen.Request.Status is not Status.Active)
            throw WaitFailure.NotGranted(seen.Request);
    }

    private void Print(Snapshot snapshot) => new RequestOutput(shell, format).Write(snapshot);
}
