using System.Globalization;
using JitFunctions.Functions.Platform.Notifications;
using JitFunctions.Projections;
using Marten;
using Microsoft.Extensions.Logging;

namespace JitFunctions.Functions.Notices;

/// <summary>
/// Notifies those who may approve that a request, or an extension, waits for them. Nothing waits for these notices: a
/// pending one is stored as <see cref="ReviewNotice"/> and sent soon afterwards; the reconciler repeats it until it is
/// accepted.
/// </summary>
public sealed class Reviewers(IDocumentStore store, Notifier notifier, TimeProvider clock, ILogger<Reviewers> log)
{
    private const string Type = "jit.review.requested";
    private const int MostInBackground = 4;
    private const int MostInOneRun = 200;
    private const int AtOnce = 4;

    /// <summary>
    /// The time limit in one run of the reconciler: a receiver that does not answer delays it no longer than this.
    /// </summary>
    private static readonly TimeSpan LongestRun = TimeSpan.FromSeconds(30);

    /// <summary>The reconciler waits this long, because the first try may still be running.</summary>
    private static readonly TimeSpan Grace = Notifier.CallTimeout + TimeSpan.FromSeconds(5);

    private int _inBackground;

    /// <summary>
    /// Returns immediately. If too many tries are running, it does nothing, and the reconciler sends the notice.
    /// </summary>
    public void BeginToTell(string id)
    {
        if (!notifier.IsConfigured)
            return;
        if (Interlocked.Increment(ref _inBackground) > MostInBackground)
            Interlocked.Decrement(ref _inBackground);
        else
            _ = SendInBackgroundAsync(id);
    }

    /// <summary>
    /// Sends all notices that were not accepted at the first try. A failed one does not prevent the others.
    /// </summary>
    public async Task TellAllAsync(CancellationToken cancellation)
    {
        if (!notifier.IsConfigured)
            return;
        var pending = (await ReadPendingAsync(cancellation)).ToArray();
        // In a different order each time, so that notices that are never accepted do not always come first.
        Random.Shared.Shuffle(pending);
        using var limit = new CancellationTokenSource(LongestRun, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            await Parallel.ForEachAsync(
                pending,
                new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = either.Token },
                async (notice, cancel) => await TrySendAsync(notice, cancel)
            );
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            log.LogWarning("Not all approvers could be notified within {Limit}; the next run continues", LongestRun);
        }
    }

    private async Task<IReadOnlyList<ReviewNotice>> ReadPendingAsync(CancellationToken cancellation)
    {
        await using var session = store.QuerySession();
        return await session.FindOwedNotices(clock.GetUtcNow() - Grace, MostInOneRun, cancellation);
    }

    private async Task SendInBackgroundAsync(string id)
    {
        try
        {
            await Task.Yield();
            using var limit = new CancellationTokenSource(Grace, clock);
            await using var session = store.QuerySession();
            if (await session.LoadAsync<ReviewNotice>(id, limit.Token) is { } pending)
                await TrySendAsync(pending, limit.Token);
        }
        catch (Exception e)
        {
            log.LogWarning(e, "The approvers of {Request} were not notified; the reconciler sends the notice", id);
        }
        finally
        {
            Interlocked.Decrement(ref _inBackground);
        }
    }

    private async Task TrySendAsync(ReviewNotice pending, CancellationToken cancellation)
    {
        try
        {
            await using var session = store.LightweightSession();
            // The notice describes the current review: the first one may have been decided, and another round may have
            // begun.
            if (
                await session.LoadAsync<ReviewNotice>(pending.Id, cancellation) is not { } now
                || now.Round != pending.Round
            )
                return;
            var details = await session.LoadAsync<RequestDetails>(pending.Id, cancellation);
            if (details is null || ReviewRequestedNotice.Of(details, pending.IsExtension) is not { } notice)
            {
                // The previous version of the app, which has no notices, decided it.
                await session.SettleNotice(pending, cancellation);
                return;
            }

            // The same id at each try, so that the receiver can recognize a repeated notice.
            var id = string.Create(CultureInfo.InvariantCulture, $"{pending.Id}-review-{pending.Round}");
            if (await notifier.SendAsync(id, Type, notice, cancellation) is null)
                await session.SettleNotice(pending, cancellation);
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            log.LogError(
                e,
                "The approvers of {Request} could not be notified; the run continues with the others",
                pending.Id
            );
        }
    }
}
