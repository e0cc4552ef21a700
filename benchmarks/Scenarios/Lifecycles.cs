using System.Diagnostics;

namespace JitFunctions.Benchmarks;

/// <summary>
/// Whole lives of requests, from the call that asks to the proof that the rights are gone, by several clients at once.
/// </summary>
internal sealed class Lifecycles(
    Rig rig,
    IReadOnlyList<string> granted,
    IReadOnlyList<string> raw,
    CancellationToken cancellation
)
{
    // A round of as few inserts as there are life cycles would be over before it could be measured.
    private const int InsertsPerLifecycle = 20;
    private static readonly TimeSpan Duration = TimeSpan.FromMinutes(10);

    private readonly Durations _post = new("POST /api/requests");
    private readonly Durations _whole = new("asked → ended");

    public static async Task<IReadOnlyList<Table>> RunAsync(Rig rig, Sizes sizes, CancellationToken cancellation)
    {
        var lifecycles = await CreateAsync(rig, sizes.Clients, cancellation);
        return await lifecycles.MeasureAsync(sizes);
    }

    /// <summary>
    /// Plays some unmeasured ones, so that what is compiled at the first use is not measured elsewhere.
    /// </summary>
    public static async Task WarmUpAsync(Rig rig, int count, CancellationToken cancellation)
    {
        var lifecycles = await CreateAsync(rig, 1, cancellation);
        for (var i = 0; i < count; i++)
        {
            await lifecycles.LiveAsync(0);
            await lifecycles.BindAndUnbindAsync(0);
        }
    }

    private static async Task<Lifecycles> CreateAsync(Rig rig, int clients, CancellationToken cancellation) =>
        new(
            rig,
            await rig.NamespacesAsync("automatic-lifecycle", clients, cancellation),
            await rig.NamespacesAsync("raw", clients, cancellation),
            cancellation
        );

    private async Task<IReadOnlyList<Table>> MeasureAsync(Sizes sizes)
    {
        var lives = new Throughput("life cycles (asked, active, relinquished, ended)");
        var bindings = new Throughput("baseline: RoleBinding created and deleted");
        var inserts = new Throughput("baseline: insert transactions");
        await using (
            var create = rig.Database.CreateCommand(
                "create table if not exists baseline (id bigint generated always as identity, data jsonb)"
            )
        )
            await create.ExecuteNonQueryAsync(cancellation);

        for (var round = 0; round < sizes.Rounds; round++)
        {
            var count = sizes.Requests / sizes.Rounds;
            await lives.MeasureRoundAsync(count, sizes.Clients, LiveAsync);
            await bindings.MeasureRoundAsync(count, sizes.Clients, BindAndUnbindAsync);
            await inserts.MeasureRoundAsync(count * InsertsPerLifecycle, sizes.Clients, InsertAsync);
        }

        Throughput[] all = [lives, bindings, inserts];
        return
        [
            new Table(
                $"Life cycles per second, {sizes.Clients} clients",
                ["per second", "n", "overall", "slowest round", "fastest round"],
                [
                    .. all.Select(x =>
                        (IReadOnlyList<string>)
                            [x.What, $"{x.Count}", $"{x.PerSecond:0.0}", $"{x.Slowest:0.0}", $"{x.Fastest:0.0}"]
                    ),
                ],
                [
                    $"{sizes.Rounds} rounds, in each first the product, then the baselines. Policy: automatic "
                        + "approval; the clients wait by `GET …?wait=10`.",
                ],
                []
            ),
            Table.OfLatencies($"Latency meanwhile, {sizes.Clients} clients", [], _post, _whole),
        ];
    }

    private Task<bool> LiveAsync(int client) =>
        _whole.MeasureAsync(async () =>
        {
            var start = Stopwatch.GetTimestamp();
            var request = await rig.Alice.RequestAsync(granted[client], Duration, cancellation);
            _post.Add(Stopwatch.GetElapsedTime(start));
            var active = await rig.Alice.WhenAsync(request, "active", cancellation);
            await rig.Alice.WhenAsync(await rig.Alice.RelinquishAsync(active.Id, cancellation), "ended", cancellation);
            return Stopwatch.GetElapsedTime(start);
        });

    private async Task<bool> BindAndUnbindAsync(int client)
    {
        var name = Guid.NewGuid().ToString("n");
        await rig.Cluster.BindAsync(raw[client], name, cancellation);
        await rig.Cluster.UnbindAsync(raw[client], name, cancellation);
        return true;
    }

    private async Task<bool> InsertAsync(int client)
    {
        await using var insert = rig.Database.CreateCommand(
            "insert into baseline (data) values ('{\"reason\": \"benchmark\"}')"
        );
        await insert.ExecuteNonQueryAsync(cancellation);
        return true;
    }
}
