namespace JitFunctions.Benchmarks;

/// <summary>
/// Short grants that overlap, each in a namespace of its own, and beside each a binding that is deleted by hand.
/// </summary>
internal sealed class Expiry(Rig rig, CancellationToken cancellation)
{
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Spacing = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan ProbeEvery = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan ProbeAllTheTimeFrom = TimeSpan.FromMilliseconds(50);

    private readonly TimeProvider _clock = TimeProvider.System;
    private readonly Durations _expired = new("expiresAt → refused");
    private readonly Durations _deleted = new("baseline: RoleBinding deleted → refused");
    private readonly Durations _early = new("refused before expiresAt");

    public static async Task<IReadOnlyList<Table>> RunAsync(Rig rig, Sizes sizes, CancellationToken cancellation) =>
        [await new Expiry(rig, cancellation).MeasureAsync("Expiry until refused", sizes.Grants)];

    public async Task<Table> MeasureAsync(string title, int count)
    {
        var granted = await rig.NamespacesAsync("automatic-expiry", count, cancellation);
        var raw = await rig.NamespacesAsync("raw", count, cancellation);
        await Pace.RunAsync(
            2 * count,
            Spacing,
            turn => turn % 2 == 0 ? GrantAsync(granted[turn / 2]) : DeleteAsync(raw[turn / 2]),
            cancellation
        );

        return Table.OfLatencies(
            title,
            [
                rig.Probe.Resolution,
                "`expiresAt` as the API reports it, by the function app's clock: the same machine's. Refused: "
                    + "when the answer had arrived, so these are upper bounds.",
                $"Grants of {Duration.TotalSeconds:0} s; one begins, or one is deleted by hand, every "
                    + $"{Spacing.TotalMilliseconds:0} ms.",
                _early.Count == 0
                    ? $"None of the {_expired.Count} was refused before its `expiresAt`."
                    : $"{_early.Count} were refused before their `expiresAt`, up to "
                        + $"{_early.Quantile(1)!.Value.TotalMilliseconds:0.0} ms.",
            ],
            _expired,
            _deleted
        );
    }

    private Task GrantAsync(string ns) =>
        _expired.MeasureAsync(async () =>
        {
            var request = await rig.Alice.RequestAsync(ns, Duration, cancellation);
            var grant = await rig.Alice.WhenAsync(request, "active", cancellation);
            var expiresAt = grant.ExpiresAt!.Value;
            await rig.Probe.UntilAsync(ns, allowed: true, cancellation);

            while (expiresAt - _clock.GetUtcNow() is var left && left > ProbeAllTheTimeFrom)
            {
                if (!await rig.Probe.IsAllowedAsync(ns, cancellation))
                    break;
                var pause = left - ProbeAllTheTimeFrom;
                await Task.Delay(pause < ProbeEvery ? pause : ProbeEvery, _clock, cancellation);
            }

            await rig.Probe.UntilAsync(ns, allowed: false, cancellation);
            var late = _clock.GetUtcNow() - expiresAt;
            if (late < TimeSpan.Zero)
            {
                _early.Add(-late);
                _expired.Fail($"{ns} was refused {-late.TotalMilliseconds:0.0} ms before its expiresAt");
            }

            return late;
        });

    private Task DeleteAsync(string ns) =>
        _deleted.MeasureAsync(async () =>
        {
            const string name = "by-hand";
            await rig.Cluster.BindAsync(ns, name, cancellation);
            await rig.Probe.UntilAsync(ns, allowed: true, cancellation);
            await Task.Delay(Duration, _clock, cancellation);
            return await rig.Probe.TimeUntilAsync(
                ns,
                allowed: false,
                () => rig.Cluster.UnbindAsync(ns, name, cancellation),
                cancellation
            );
        });
}
