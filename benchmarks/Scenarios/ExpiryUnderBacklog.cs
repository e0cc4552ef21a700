namespace JitFunctions.Benchmarks;

/// <summary>The same while many other requests wait for a decision or for their own end.</summary>
internal static class ExpiryUnderBacklog
{
    private const int Clients = 8;
    private static readonly TimeSpan Duration = TimeSpan.FromHours(1);

    public static async Task<IReadOnlyList<Table>> RunAsync(Rig rig, Sizes sizes, CancellationToken cancellation)
    {
        var pending = await rig.NamespacesAsync("reviewed-backlog", Clients, cancellation);
        var active = await rig.NamespacesAsync("automatic-backlog", Clients, cancellation);
        var half = sizes.Backlog / 2;
        var clients = new ParallelOptions { MaxDegreeOfParallelism = Clients, CancellationToken = cancellation };
        await Parallel.ForAsync(
            0,
            sizes.Backlog,
            clients,
            async (i, stop) =>
            {
                if (i < half)
                    await rig.Alice.RequestAsync(pending[i % Clients], Duration, stop);
                else
                    await rig.Alice.WhenAsync(
                        await rig.Alice.RequestAsync(active[i % Clients], Duration, stop),
                        "active",
                        stop
                    );
            }
        );

        var title =
            $"Expiry until refused, with {half} other requests pending and {sizes.Backlog - half} grants active";
        return [await new Expiry(rig, cancellation).MeasureAsync(title, sizes.Grants)];
    }
}
