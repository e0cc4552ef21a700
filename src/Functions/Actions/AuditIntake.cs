using System.Collections.Concurrent;
using System.Security.Cryptography;
using JitFunctions.Domain.Audit.Reading;
using JitFunctions.Functions.Monitoring;
using JitFunctions.Projections;
using Microsoft.Extensions.Logging;

namespace JitFunctions.Functions.Actions;

/// <summary>What became of a delivery.</summary>
public abstract record IntakeResult
{
    private IntakeResult() { }

    /// <summary>It is stored.</summary>
    /// <param name="IsUnreadable">True if the whole delivery is a gap.</param>
    public sealed record Recorded(RecordedDelivery Delivery, bool IsUnreadable) : IntakeResult;

    /// <summary>It is too large. That is stored as a gap.</summary>
    public sealed record TooLarge : IntakeResult;

    /// <summary>It has to be sent again. It may be stored nevertheless: a repeat changes nothing.</summary>
    public sealed record Overloaded : IntakeResult;
}

/// <summary>
/// Takes deliveries of audit logs. Some are in work at the same time; others have to come again. An API server keeps
/// what it sends in memory, so it never waits long for an answer, however slow the event store is.
/// </summary>
public sealed class AuditIntake(
    ActionRecorder recorder,
    AuditCredentials credentials,
    FirstUses firstUses,
    Measurements measurements,
    TimeProvider clock,
    ILogger<AuditIntake> log
) : IDisposable
{
    /// <summary>
    /// In bytes: <c>--audit-webhook-truncate-max-batch-size</c>, which does not count what is around the events.
    /// </summary>
    public const int LargestBody = 10 * 1024 * 1024 + 64 * 1024;

    /// <summary>
    /// On this node. Each may have <see cref="LargestBody"/>, and several times that while it is read.
    /// </summary>
    public const int MostInWork = 6;

    // So that one cluster cannot take up all places.
    private const int MostOfOneCluster = 4;

    private static readonly TimeSpan LongestAnswer = TimeSpan.FromMilliseconds(900);

    // For a place, so that a short burst is not refused.
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(300);

    // A body of 10 MB from a slow sender must not keep its place.
    private static readonly TimeSpan LongestBody = TimeSpan.FromSeconds(5);

    // Goes on after the answer, so that a repeat finds the delivery stored.
    private static readonly TimeSpan LongestWork = TimeSpan.FromSeconds(15);

    private readonly SemaphoreSlim _places = new(MostInWork);
    private readonly ConcurrentDictionary<string, SemaphoreSlim> _placesOfClusters = new(StringComparer.Ordinal);

    /// <param name="cluster">One for which the credential was accepted.</param>
    public async Task<IntakeResult> TakeAsync(string cluster, Stream body, long? length, CancellationToken cancellation)
    {
        var own = _placesOfClusters.GetOrAdd(cluster, _ => new SemaphoreSlim(MostOfOneCluster));
        if (!await own.WaitAsync(LongestWait, cancellation))
            return Refused(cluster, "busy");
        var isWorking = false;
        try
        {
            if (!await _places.WaitAsync(LongestWait, cancellation))
                return Refused(cluster, "busy");
            try
            {
                var (bytes, isWhole) = await ReadAsync(body, length, cancellation);
                var work = RecordAsync(cluster, bytes, isWhole);
                var finished = await Task.WhenAny(work, Task.Delay(LongestAnswer, clock, cancellation));
                if (finished == work)
                    return await work;
                isWorking = true;
                _ = work.ContinueWith(
                    _ =>
                    {
                        _places.Release();
                        own.Release();
                    },
                    CancellationToken.None,
                    TaskContinuationOptions.None,
                    TaskScheduler.Default
                );
                return Refused(cluster, "slow");
            }
            finally
            {
                if (!isWorking)
                    _places.Release();
            }
        }
        catch (Exception e)
            when (e is IOException or OperationCanceledException && !cancellation.IsCancellationRequested)
        {
            log.LogWarning(e, "A delivery of the audit log of {Cluster} did not arrive as a whole", cluster);
            return Refused(cluster, "broken");
        }
        finally
        {
            if (!isWorking)
                own.Release();
        }
    }

    public void Dispose()
    {
        _places.Dispose();
        foreach (var places in _placesOfClusters.Values)
            places.Dispose();
    }

    // Never throws: nobody may be waiting for it any more.
    private async Task<IntakeResult> RecordAsync(string cluster, ReadOnlyMemory<byte> body, bool isWhole)
    {
        try
        {
            await Task.Yield();
            using var limit = new CancellationTokenSource(LongestWork, clock);
            var delivery = isWhole ? AuditDelivery.Read(body) : AuditDelivery.TooLarge(body, LargestBody);
            var recorded = await recorder.RecordAsync(
                cluster,
                credentials.UsernamePrefix(cluster),
                delivery,
                SHA256.HashData(body.Span),
                clock.GetUtcNow(),
                limit.Token
            );
            measurements.Received(cluster, recorded);
            if (recorded.Used is [_, ..])
                firstUses.BeginToRecord(recorded.Used);
            return isWhole ? new IntakeResult.Recorded(recorded, delivery.IsUnreadable) : new IntakeResult.TooLarge();
        }
        catch (Exception e)
        {
            log.LogError(
                e,
                "A delivery of the audit log of {Cluster} was not stored; it has to be sent again",
                cluster
            );
            return Refused(cluster, "store");
        }
    }

    private IntakeResult.Overloaded Refused(string cluster, string cause)
    {
        measurements.AuditRefused(cluster, cause);
        return new IntakeResult.Overloaded();
    }

    /// <returns>What was read, and false if there is more than <see cref="LargestBody"/>.</returns>
    private async Task<(ReadOnlyMemory<byte> Body, bool IsWhole)> ReadAsync(
        Stream body,
        long? length,
        CancellationToken cancellation
    )
    {
        using var limit = new CancellationTokenSource(LongestBody, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        var isTooLarge = length > LargestBody;
        // Of what is too large, the beginning is kept.
        var most = isTooLarge ? Domain.Audit.AuditGap.LongestRaw : LargestBody + 1;
        var buffer = new MemoryStream((int)Math.Min(most, length ?? 64 * 1024));
        var chunk = new byte[64 * 1024];
        while (buffer.Length < most)
        {
            var read = await body.ReadAsync(
                chunk.AsMemory(0, (int)Math.Min(chunk.Length, most - buffer.Length)),
                either.Token
            );
            if (read == 0)
                break;
            buffer.Write(chunk, 0, read);
        }

        var bytes = buffer.GetBuffer().AsMemory(0, (int)buffer.Length);
        return (bytes, !isTooLarge && bytes.Length <= LargestBody);
    }
}
