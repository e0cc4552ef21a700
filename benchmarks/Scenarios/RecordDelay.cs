using System.Diagnostics;

namespace JitFunctions.Benchmarks;

/// <summary>How long after the answer to a request its event is in a checkpoint that an auditor can fetch.</summary>
internal static class RecordDelay
{
    private static readonly TimeSpan Duration = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    public static async Task<IReadOnlyList<Table>> RunAsync(Rig rig, Sizes sizes, CancellationToken cancellation)
    {
        using var auditor = rig.Platform.ClientFor("dave");
        var delay = new Durations("request answered → in a published checkpoint");
        var stored = new Durations("baseline: one event stored, sent → answered");
        var ns = (await rig.NamespacesAsync("reviewed", 1, cancellation))[0];
        for (var i = 0; i < sizes.Grants; i++)
        {
            var sent = Stopwatch.GetTimestamp();
            var request = await rig.Alice.RequestAsync(ns, Duration, cancellation);
            var answered = Stopwatch.GetTimestamp();
            stored.Add(Stopwatch.GetElapsedTime(sent, answered));
            await delay.MeasureAsync(async () =>
            {
                var size = await EventsAsync(rig, cancellation);
                while (await PublishedAsync(auditor, cancellation) < size)
                    await Task.Delay(Pause, cancellation);
                return Stopwatch.GetElapsedTime(answered);
            });
            await rig.Alice.WithdrawAsync(request.Id, cancellation);
        }

        return
        [
            Table.OfLatencies(
                "Event until provable",
                ["The sequencer runs a second after what was stored; goal 2 s at p99."],
                delay,
                stored
            ),
        ];
    }

    private static async Task<long> EventsAsync(Rig rig, CancellationToken cancellation)
    {
        await using var count = rig.Database.CreateCommand("select count(*) from jit.mt_events");
        return (long)(await count.ExecuteScalarAsync(cancellation))!;
    }

    private static async Task<long> PublishedAsync(HttpClient auditor, CancellationToken cancellation)
    {
        using var answer = await auditor.GetAsync(new Uri("api/log/checkpoint", UriKind.Relative), cancellation);
        if (answer.StatusCode is System.Net.HttpStatusCode.NotFound)
            return 0;
        answer.EnsureSuccessStatusCode();
        return long.Parse(
            (await answer.Content.ReadAsStringAsync(cancellation)).Split('\n')[1],
            System.Globalization.CultureInfo.InvariantCulture
        );
    }
}
