using JitFunctions.Domain.Requests;
using JitFunctions.Projections;
using Marten;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace JitFunctions.Functions.Actions;

/// <summary>
/// Records in the stream of a request that its grant was used. An API server that delivers its audit log does not wait
/// for this; what is not recorded at the first try is recorded by the reconciler.
/// </summary>
public sealed class FirstUses(
    IDocumentStore store,
    NpgsqlDataSource database,
    SystemCommands commands,
    TimeProvider clock,
    ILogger<FirstUses> log
)
{
    private const int MostInOneRun = 200;
    private const int MostInBackground = 2;

    private static readonly TimeSpan LongestInBackground = TimeSpan.FromSeconds(20);

    private readonly ActionStore _actions = new(database);
    private int _inBackground;

    /// <summary>
    /// Returns immediately. If too many tries are running, it does nothing, and the reconciler does it.
    /// </summary>
    public void BeginToRecord(IReadOnlyList<string> ids)
    {
        if (Interlocked.Increment(ref _inBackground) > MostInBackground)
            Interlocked.Decrement(ref _inBackground);
        else
            _ = RecordInBackgroundAsync(ids);
    }

    /// <summary>Records what is pending. A failed one does not prevent the others.</summary>
    public async Task RecordAllAsync(CancellationToken cancellation)
    {
        await using var session = store.QuerySession();
        await RecordAsync(await session.FindPendingFirstUses(MostInOneRun, cancellation), cancellation);
    }

    private async Task RecordInBackgroundAsync(IReadOnlyList<string> ids)
    {
        try
        {
            await Task.Yield();
            using var limit = new CancellationTokenSource(LongestInBackground, clock);
            await RecordAsync(ids, limit.Token);
        }
        catch (Exception e)
        {
            log.LogWarning(e, "The first use of grants was not recorded; the reconciler records it");
        }
        finally
        {
            Interlocked.Decrement(ref _inBackground);
        }
    }

    private async Task RecordAsync(IReadOnlyList<string> ids, CancellationToken cancellation)
    {
        if (ids is [])
            return;
        var first = await _actions.FirstOfEachAsync(ids, cancellation);
        foreach (var id in ids)
        {
            try
            {
                if (first.TryGetValue(id, out var action))
                {
                    var use = new AccessRequestCommand.RecordFirstUse(
                        action.ReceivedAt,
                        action.Hash,
                        action.Summary,
                        clock.GetUtcNow()
                    );
                    await commands.HandleAsync(id, use, Channel.Audit, cancellation);
                }

                await using var session = store.LightweightSession();
                await session.SettleFirstUse(id, cancellation);
            }
            catch (Exception e) when (!cancellation.IsCancellationRequested)
            {
                log.LogError(e, "The first use of {Request} was not recorded; the run continues with the others", id);
            }
        }
    }
}
