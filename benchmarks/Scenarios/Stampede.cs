using System.Diagnostics;

namespace JitFunctions.Benchmarks;

/// <summary>
/// Many grants that end at the same moment, as at the end of a shift, and as many bindings that are deleted by hand at
/// once.
/// </summary>
internal sealed class Stampede(Rig rig, CancellationToken cancellation)
{
    private const int Clients = 16;

    // To ask for all of them, at twice the time that each takes.
    private static readonly TimeSpan PerGrant = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan AtLeast = TimeSpan.FromSeconds(10);

    private readonly TimeProvider _clock = TimeProvider.System;
    private readonly ParallelOptions _clients = new()
    {
        MaxDegreeOfParallelism = Clients,
        CancellationToken = cancellation,
    };
    private readonly Durations _ended = new("expiresAt → removed and proved");
    private readonly Durations _deleted = new("baseline: all deletions begun → deleted");

    public static async Task<IReadOnlyList<Table>> RunAsync(Rig rig, Sizes sizes, CancellationToken cancellation) =>
        [await new Stampede(rig, cancellation).MeasureAsync(sizes.Stampede)];

    private async Task<Table> MeasureAsync(int count)
    {
        var granted = await rig.NamespacesAsync("automatic-stampede", count, cancellation);
        var raw = await rig.NamespacesAsync("raw", count, cancellation);
        var end = _clock.GetUtcNow() + AtLeast + (PerGrant * count);

        var grants = new MeasuredGrant[count];
        await Parallel.ForAsync(
            0,
            count,
            _clients,
            async (i, stop) =>
            {
                var left = TimeSpan.FromSeconds(Math.Ceiling((end - _clock.GetUtcNow()).TotalSeconds));
                grants[i] = await rig.Alice.WhenAsync(
                    await rig.Alice.RequestAsync(granted[i], left, stop),
                    "active",
                    stop
                );
            }
        );
        var ends = grants.Select(grant => grant.ExpiresAt!.Value).Order().ToList();
        if (_clock.GetUtcNow() > ends[0])
            _ended.Fail("The first grant ended before the last one was active.");

        await Task.Delay(ends[^1] - _clock.GetUtcNow(), _clock, cancellation);
        await Parallel.ForEachAsync(
            grants,
            _clients,
            async (grant, stop) =>
                await _ended.MeasureAsync(async () =>
                    (await rig.Alice.WhenAsync(grant, "ended", stop)).EndedAt!.Value - grant.ExpiresAt!.Value
                )
        );

        await DeleteAsync(raw);
        return Table.OfLatencies(
            $"{count} grants that end at once",
            [
                $"Their ends lie {(ends[^1] - ends[0]).TotalSeconds:0.0} s apart. Proved: the API server itself "
                    + "says that the rights are gone, by up to twenty questions for each grant.",
                "`endedAt` and `expiresAt` as the API reports them, by the function app's clock.",
                $"Deleted by {Clients} clients, without a question.",
            ],
            _ended,
            _deleted
        );
    }

    private async Task DeleteAsync(IReadOnlyList<string> namespaces)
    {
        const string name = "stampede";
        await Parallel.ForEachAsync(
            namespaces,
            _clients,
            async (ns, stop) => await rig.Cluster.BindAsync(ns, name, stop)
        );
        var begun = Stopwatch.GetTimestamp();
        await Parallel.ForEachAsync(
            namespaces,
            _clients,
            async (ns, stop) =>
                await _deleted.MeasureAsync(async () =>
                {
                    await rig.Cluster.UnbindAsync(ns, name, stop);
                    return Stopwatch.GetElapsedTime(begun);
                })
        );
    }
}
