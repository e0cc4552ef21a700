using System.Diagnostics;
using JitFunctions.LocalStack;

namespace JitFunctions.Benchmarks;

/// <summary>
/// What the embedded host costs a function app that does almost nothing itself, beside that of another revision.
/// </summary>
internal sealed class Host(IReadOnlyList<HostAppNode> nodes, Sizes sizes, CancellationToken cancellation)
{
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Lead = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Spacing = TimeSpan.FromMilliseconds(50);

    private readonly Measure _ready = new("process started → first answer, ms");
    private readonly Measure _idle = new($"resident memory {Idle.TotalSeconds:0} s later, MiB", Bound.AtMost(1.3));
    private readonly Measure _rate = new("orchestrations per second", Bound.AtLeast(0.9));
    private readonly Measure _processor = new("processor time of an orchestration, ms", Bound.AtMost(1.3));
    private readonly Measure _median = new("timer: lateness p50, ms");
    private readonly Measure _late = new("timer: lateness p99, ms", Bound.AtMost(1.5));
    private readonly Measure _burstMedian = new("timers at once: lateness p50, ms");
    private readonly Measure _burstLate = new("timers at once: lateness p99, ms", Bound.AtMost(1.5));
    private readonly Measure _busy = new("resident memory after all that, MiB");
    private readonly List<string> _failures = [];

    public static async Task<IReadOnlyList<Table>> RunAsync(Sizes sizes, CancellationToken cancellation)
    {
        await using var postgres = await PostgresServer.StartAsync(durable: true, cancellation);
        Tree[] trees = sizes.Against is { } revision
            ? [await Tree.CheckOutAsync(revision, cancellation), Tree.Present]
            : [Tree.Present];
        List<HostAppNode> nodes = [];
        try
        {
            foreach (var tree in trees)
            {
                var assembly = await tree.PublishHostAppAsync(cancellation);
                nodes.Add(
                    new HostAppNode(tree, assembly, await postgres.CreateDatabaseAsync(cancellation: cancellation))
                );
            }

            return [await new Host(nodes, sizes, cancellation).MeasureAsync()];
        }
        finally
        {
            foreach (var node in nodes)
                await node.DisposeAsync();
        }
    }

    private async Task<Table> MeasureAsync()
    {
        for (var i = 0; i <= sizes.ColdStarts; i++)
            await InTurnsAsync(i, node => StartAsync(node, measured: i > 0));
        await InTurnsAsync(0, node => WalkAsync(node, sizes.Orchestrations * 2));
        for (var round = 0; round < sizes.Rounds; round++)
        {
            await InTurnsAsync(round, MeasureWalksAsync);
            await InTurnsAsync(round, node => MeasureTimersAsync(node, Spacing, _median, _late));
            await InTurnsAsync(round, node => MeasureTimersAsync(node, TimeSpan.Zero, _burstMedian, _burstLate));
        }

        await InTurnsAsync(
            0,
            async node =>
            {
                _busy.Add(node.Tree, node.ResidentMebibytes);
                if (await node.FailedAsync(cancellation) is > 0 and var failed)
                    _failures.Add($"{node.Tree.Name}: {failed} orchestrations failed");
            }
        );
        return Measure.Table(
            "The embedded host",
            [.. nodes.Select(node => node.Tree)],
            [_rate, _processor, _late, _burstLate, _median, _burstMedian, _ready, _idle, _busy],
            [
                $"A small function app, on one PostgreSQL with fsync. {sizes.Rounds} rounds, in each one tree "
                    + "after the other, taking turns at being first; ratios are medians of the rounds'.",
                $"An orchestration calls 5 activities, one after the other; {sizes.Clients} clients start "
                    + $"{sizes.Orchestrations} a round over HTTP. Time ends when all are completed; processor time is "
                    + "the app's, user and system.",
                $"Timers: {sizes.Timers} due {Spacing.TotalMilliseconds:0} ms after each other, and "
                    + $"{sizes.Timers} due at once, {Lead.TotalSeconds:0} s after the call; late is until the "
                    + "orchestrator's own code goes on.",
                $"Load average at the end {Machine.LoadAverage()}.",
            ],
            _failures
        );
    }

    private async Task InTurnsAsync(int turn, Func<HostAppNode, Task> work)
    {
        foreach (var node in turn % 2 == 0 ? nodes : nodes.Reverse())
            await work(node);
    }

    // The first start is not measured: it makes the tables, and reads the files from the disk.
    private async Task StartAsync(HostAppNode node, bool measured)
    {
        await node.StopAsync();
        var ready = await node.StartAsync(cancellation);
        if (!measured)
            return;
        await Task.Delay(Idle, cancellation);
        _ready.Add(node.Tree, ready.TotalMilliseconds);
        _idle.Add(node.Tree, node.ResidentMebibytes);
    }

    private async Task MeasureWalksAsync(HostAppNode node)
    {
        var processor = node.Processor;
        var elapsed = await WalkAsync(node, sizes.Orchestrations);
        _rate.Add(node.Tree, sizes.Orchestrations / elapsed.TotalSeconds);
        _processor.Add(node.Tree, (node.Processor - processor).TotalMilliseconds / sizes.Orchestrations);
    }

    private async Task<TimeSpan> WalkAsync(HostAppNode node, int count)
    {
        var watch = Stopwatch.StartNew();
        var left = count;
        await Task.WhenAll(
            Enumerable
                .Range(0, sizes.Clients)
                .Select(async _ =>
                {
                    while (Interlocked.Decrement(ref left) >= 0)
                        await node.WalkAsync(cancellation);
                })
        );
        await node.SettleAsync(cancellation);
        return watch.Elapsed;
    }

    private async Task MeasureTimersAsync(HostAppNode node, TimeSpan spacing, Measure median, Measure late)
    {
        var lateness = (await node.NapAsync(sizes.Timers, spacing, Lead, cancellation)).Order().ToArray();
        await node.SettleAsync(cancellation);
        median.Add(node.Tree, lateness[(lateness.Length - 1) / 2]);
        late.Add(node.Tree, lateness[(int)Math.Ceiling(0.99 * lateness.Length) - 1]);
        if (lateness[0] < 0)
            _failures.Add($"{node.Tree.Name}: a timer was {-lateness[0]:0.0} ms early");
    }
}
