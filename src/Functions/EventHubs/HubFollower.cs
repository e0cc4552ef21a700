using Azure.Messaging.EventHubs.Consumer;
using JitFunctions.Functions.Actions;
using JitFunctions.Projections;
using Marten;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace JitFunctions.Functions.EventHubs;

/// <summary>
/// Reads this node's share of the partitions of all hubs. Nodes that read the same hub share its partitions; if one of
/// them ends, its connection and with that its locks end, and the others take over.
/// </summary>
internal sealed class HubFollower(
    IReadOnlyList<HubSource> sources,
    IDocumentStore documents,
    NpgsqlDataSource database,
    ActionRecorder recorder,
    FirstUses firstUses,
    TimeProvider clock,
    ILogger<HubFollower> log
) : BackgroundService
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    /// <summary>How often a node looks which partitions it should read.</summary>
    internal TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(10);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(sources.Select(source => FollowAsync(source, stoppingToken)));

    private async Task FollowAsync(HubSource source, CancellationToken cancellation)
    {
        var pause = ShortestPause;
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                await ActionTables.EnsureAsync(documents, cancellation);
                await ShareAsync(source, () => pause = ShortestPause, cancellation);
            }
            catch (Exception e) when (!cancellation.IsCancellationRequested)
            {
                log.LogError(
                    e,
                    "The audit log in {Source} cannot be read; it is tried again in {Pause}",
                    source,
                    pause
                );
                await Task.Delay(pause, clock, cancellation);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
        }
    }

    private async Task ShareAsync(HubSource source, Action succeeded, CancellationToken cancellation)
    {
        await using var leases = await HubLeases.OpenAsync(database, source, cancellation);
        string[] partitions;
        await using (var connection = source.Connect())
        await using (var consumer = new EventHubConsumerClient(source.ConsumerGroup, connection))
            partitions = await consumer.GetPartitionIdsAsync(cancellation);

        // All readers end before the leases do.
        await using var readers = new Readers();
        while (true)
        {
            foreach (var (partition, failure) in await readers.TakeFailedAsync())
            {
                log.LogWarning(failure, "Reading partition {Partition} of {Source} has failed", partition, source);
                await leases.ReleaseAsync(source.Partition(partition), cancellation);
            }

            var nodes = await leases.CountNodesAsync(cancellation);
            var share = PartitionShare.Of(partitions.Length, readers.Partitions, nodes);
            foreach (var partition in share.Release)
            {
                await readers.StopAsync(partition);
                await leases.ReleaseAsync(source.Partition(partition), cancellation);
            }

            var take = share.Take;
            foreach (var partition in partitions.Except(readers.Partitions).ToList())
            {
                if (take == 0)
                    break;
                if (!await leases.TryTakeAsync(source.Partition(partition), cancellation))
                    continue;
                var reader = new PartitionReader(source, partition, recorder, firstUses, clock, log);
                readers.Start(partition, reader.RunAsync);
                take--;
            }

            succeeded();
            await Task.Delay(Interval, clock, cancellation);
        }
    }

    private sealed class Readers : IAsyncDisposable
    {
        private readonly Dictionary<string, (Task Run, CancellationTokenSource Stop)> _running = [];

        public IReadOnlyList<string> Partitions => [.. _running.Keys.Order(StringComparer.Ordinal)];

        public void Start(string partition, Func<CancellationToken, Task> run)
        {
            var stop = new CancellationTokenSource();
            _running[partition] = (Task.Run(() => run(stop.Token), CancellationToken.None), stop);
        }

        public async Task<IReadOnlyList<(string Partition, Exception? Failure)>> TakeFailedAsync()
        {
            List<(string, Exception?)> failed = [];
            foreach (var partition in _running.Where(one => one.Value.Run.IsCompleted).Select(one => one.Key).ToList())
                failed.Add((partition, await StopAsync(partition)));
            return failed;
        }

        /// <returns>Why it had failed before; null if it had not.</returns>
        public async Task<Exception?> StopAsync(string partition)
        {
            _running.Remove(partition, out var reader);
            await reader.Stop.CancelAsync();
            await ((Task)reader.Run).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            reader.Stop.Dispose();
            return reader.Run.Exception?.InnerException;
        }

        public async ValueTask DisposeAsync()
        {
            await Task.WhenAll(_running.Values.Select(reader => reader.Stop.CancelAsync()));
            foreach (var partition in _running.Keys.ToList())
                await StopAsync(partition);
        }
    }
}
