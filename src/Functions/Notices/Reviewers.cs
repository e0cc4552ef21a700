using System.Globalization;
using JitFunctions.Functions.Platform.Notifications;
using JitFunctions.Projections;
using Marten;
using Microsoft.Extensions.Logging;

namespace JitFunctions.Functions.Notices;

/// <summary>
/// Tells those who may approve that a request, or an extension, waits for them. Nothing waits for this: what is owed is
/// in <see cref="ReviewNotice"/>, is sent soon after it came about, and until it is taken by the reconciler.
/// </summary>
public sealed class Reviewers(IDocumentStore store, Notifier notifier, TimeProvider clock, ILogger<Reviewers> log)
{
    private const string Type = "jit.review.requested";
    private const int MostInBackground = 4;
    private const int MostInOneRun = 200;
    private const int AtOnce = 4;

    /// <summary>For one run of the reconciler: a receiver that does not answer keeps it no longer.</summary>
    private static readonly TimeSpan LongestRun = TimeSpan.FromSeconds(30);

    /// <summary>Before, the first try may still be under way.</summary>
    private static readonly TimeSpan Grace = Notifier.CallTimeout + TimeSpan.FromSeconds(5);

    private int _inBackground;

    /// <summary>Returns at once. With too many under way it does nothing, and leaves it to the reconciler.</summary>
    public void BeginToTell(string id)
    {
        if (!notifier.IsConfigured)
            return;
        if (Interlocked.Increment(ref _inBackground) > MostInBackground)
            Interlocked.Decrement(ref _inBackground);
        else
            _ = TellInBackgroundAsync(id);
    }

    /// <summary>All who were not told at once. One that cannot be told keeps no other from it.</summary>
    public async Task TellAllAsync(CancellationToken cancellation)
    {
        if (!notifier.IsConfigured)
            return;
        var owed = (await OwedAsync(cancellation)).ToArray();
        // In another order each time, so that some which are never taken do not always come first.
        Random.Shared.Shuffle(owed);
        using var limit = new CancellationTokenSource(LongestRun, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            await Parallel.ForEachAsync(
                owed,
                new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = either.Token },
                async (notice, cancel) => await TryTellAsync(notice, cancel)
            );
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            log.LogWarning("Not all approvers could be told within {Limit}; the next run goes on", LongestRun);
        }
    }

    private async Task<IReadOnlyList<ReviewNotice>> OwedAsync(CancellationToken cancellation)
    {
        await using var session = store.QuerySession();
        return await session.FindOwedNotices(clock.GetUtcNow() - Grace, MostInOneRun, cancellation);
    }

    private async Task TellInBackgroundAsync(string id)
    {
        try
        {
            await Task.Yield();
            using var limit = new CancellationTokenSource(Grace, clock);
            await using var session = store.QuerySession();
            if (await session.LoadAsync<ReviewNotice>(id, limit.Token) is { } owed)
                await TryTellAsync(owed, limit.Token);
        }
        catch (Exception e)
        {
            log.LogWarning(e, "The approvers of {Request} were not told; the reconciler does it", id);
        }
        finally
        {
            Interlocked.Decrement(ref _inBackground);
        }
    }

    private async Task TryTellAsync(ReviewNotice owed, CancellationToken cancellation)
    {
        try
        {
            await using var session = store.LightweightSession();
            // What is waited for now: it may have been decided since, or another round may have begun.
            if (await session.LoadAsync<ReviewNotice>(owed.Id, cancellation) is not { } now || now.Round != owed.Round)
                return;
            var details = await session.LoadAsync<RequestDetails>(owed.Id, cancellation);
            if (details is null || ReviewRequestedNotice.Of(details, owed.IsExtension) is not { } notice)
            {
                // The version before, which does not know of notices, decided it.
                await session.SettleNotice(owed, cancellation);
                return;
            }

            // The same id at each try: whoever gets it twice can tell.
            var id = string.Create(CultureInfo.InvariantCulture, $"{owed.Id}-review-{owed.Round}");
            if (await notifier.SendAsync(id, Type, notice, cancellation) is null)
                await session.SettleNotice(owed, cancellation);
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            log.LogError(e, "The approvers of {Request} could not be told; the others are", owed.Id);
        }
    }
}
