using JitFunctions.EmbeddedHost.Tests.Support;
using Microsoft.Azure.Functions.Worker;

namespace JitFunctions.EmbeddedHost.Tests.SampleFunctions;

public sealed class TimerFunctions(Journal journal)
{
    [Function(nameof(AtStart))]
    public void AtStart([TimerTrigger("0 0 0 1 1 *", RunOnStartup = true)] TimerInfo timer) =>
        journal.Note(
            timer.ScheduleStatus is { } status
                ? $"at start, next {status.Next.ToUniversalTime():MM-dd HH:mm}"
                : "at start, unwatched"
        );

    [Function(nameof(AtStartUnwatched))]
    public void AtStartUnwatched(
        [TimerTrigger("0 0 0 1 1 *", RunOnStartup = true, UseMonitor = false)] TimerInfo timer
    ) => journal.Note($"at start, {(timer.ScheduleStatus is null ? "unwatched" : "watched")}");

    [Function(nameof(EverySecond))]
    public void EverySecond([TimerTrigger("* * * * * *")] TimerInfo timer) =>
        journal.Note($"tick {timer.ScheduleStatus!.Last:HH:mm:ss}");

    [Function(nameof(Broken))]
    public void Broken([TimerTrigger("* * * * * *")] TimerInfo timer)
    {
        journal.Note($"broken {timer.IsPastDue}");
        throw new InvalidOperationException("the timer's own words");
    }

    [Function(nameof(NowAndThen))]
    public void NowAndThen([TimerTrigger("every now and then")] TimerInfo timer) => journal.Note($"{timer.IsPastDue}");

    [Function(nameof(FromSetting))]
    public void FromSetting([TimerTrigger("%Timers:Schedule%")] TimerInfo timer) =>
        journal.Note($"from setting {timer.IsPastDue}");
}
