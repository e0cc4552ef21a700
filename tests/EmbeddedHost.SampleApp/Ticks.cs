using System.Globalization;
using Microsoft.Azure.Functions.Worker;

namespace JitFunctions.EmbeddedHost.SampleApp;

public sealed class Ticks(Effects effects)
{
    [Function("Tick")]
    public void Tick([TimerTrigger("%TickSchedule%")] TimerInfo timer) =>
        effects.Record("tick", timer.ScheduleStatus!.Last.ToString("O", CultureInfo.InvariantCulture));

    /// <summary>Takes longer than the time between two occurrences.</summary>
    [Function("SlowTick")]
    public async Task SlowTick([TimerTrigger("* * * * * *")] TimerInfo timer, CancellationToken cancellation)
    {
        effects.Record("slow", timer.IsPastDue ? "late" : "begin");
        await Task.Delay(TimeSpan.FromMilliseconds(1300), cancellation);
        effects.Record("slow", "end");
    }
}
