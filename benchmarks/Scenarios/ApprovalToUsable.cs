using System.Diagnostics;

namespace JitFunctions.Benchmarks;

/// <summary>
/// How soon the requester can work once an approver has decided, and how soon no more once they give it back.
/// </summary>
internal static class ApprovalToUsable
{
    private static readonly TimeSpan Duration = TimeSpan.FromMinutes(10);

    public static async Task<IReadOnlyList<Table>> RunAsync(Rig rig, Sizes sizes, CancellationToken cancellation)
    {
        var (approval, bind) = (
            new Durations("approval sent → allowed"),
            new Durations("baseline: RoleBinding created → allowed")
        );
        var (relinquish, unbind) = (
            new Durations("relinquish sent → refused"),
            new Durations("baseline: RoleBinding deleted → refused")
        );
        var (answered, decided, applied) = (
            new Durations("approval sent → answered"),
            new Durations("approval sent → decided"),
            new Durations("decided → applied in the cluster")
        );

        var ns = (await rig.NamespacesAsync("reviewed", 1, cancellation))[0];
        var raw = (await rig.NamespacesAsync("raw", 1, cancellation))[0];
        List<MeasuredGrant> pending = [];
        for (var i = 0; i < sizes.Grants; i++)
            pending.Add(await rig.Alice.RequestAsync(ns, Duration, cancellation));

        foreach (var request in pending)
        {
            await approval.MeasureAsync(() => ApproveAsync(request));
            await relinquish.MeasureAsync(() => RelinquishAsync(request));
            await bind.MeasureAsync(() =>
                rig.Probe.TimeUntilAsync(
                    raw,
                    allowed: true,
                    () => rig.Cluster.BindAsync(raw, request.Id, cancellation),
                    cancellation
                )
            );
            await unbind.MeasureAsync(() =>
                rig.Probe.TimeUntilAsync(
                    raw,
                    allowed: false,
                    () => rig.Cluster.UnbindAsync(raw, request.Id, cancellation),
                    cancellation
                )
            );
        }

        return
        [
            Table.OfLatencies("Approval until usable", [rig.Probe.Resolution], approval, bind),
            Table.OfLatencies(
                "Where that time goes",
                [
                    "Decided and applied are `approvedAt` and `activatedAt` of the request, by the function "
                        + "app's clock: the same machine.",
                ],
                answered,
                decided,
                applied
            ),
            Table.OfLatencies("Relinquish until refused", [rig.Probe.Resolution], relinquish, unbind),
        ];

        async Task<TimeSpan> ApproveAsync(MeasuredGrant request)
        {
            var sentAt = TimeProvider.System.GetUtcNow();
            var usable = await rig.Probe.TimeUntilAsync(
                ns,
                allowed: true,
                async () =>
                {
                    var sent = Stopwatch.GetTimestamp();
                    await rig.Bob.ApproveAsync(request, cancellation);
                    answered.Add(Stopwatch.GetElapsedTime(sent));
                },
                cancellation
            );
            var active = await rig.Alice.WhenAsync(request, "active", cancellation);
            decided.Add(active.ApprovedAt!.Value - sentAt);
            applied.Add(active.ActivatedAt!.Value - active.ApprovedAt.Value);
            return usable;
        }

        async Task<TimeSpan> RelinquishAsync(MeasuredGrant request)
        {
            var refused = await rig.Probe.TimeUntilAsync(
                ns,
                allowed: false,
                () => rig.Alice.RelinquishAsync(request.Id, cancellation),
                cancellation
            );
            // The proof of denial must not still be under way when the baseline is measured.
            await rig.Alice.WhenAsync(request, "ended", cancellation);
            return refused;
        }
    }
}
