using System.Text.Json;
using JitFunctions.EmbeddedHost.Durable.Replay;
using JitFunctions.Functions.Activities;
using JitFunctions.Functions.Orchestrations;
using Microsoft.DurableTask;

namespace JitFunctions.Functions.Tests.Orchestrations;

/// <summary>
/// Histories of every version so far, as instances that run now may have them, on today's code. What to do when one of these
/// fails: docs/adr/0015-versions-of-the-orchestrator.md.
/// </summary>
public sealed class RecordedHistoryTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Orchestrations", "Histories");

    private static string PresentVersion =>
        JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "host.json"))).RootElement
            .GetProperty("extensions").GetProperty("durableTask").GetProperty("defaultVersion").GetString()!;

    public static TheoryData<string, string> Recorded() => [.. System.IO.Directory.EnumerateDirectories(Folder).SelectMany(
        version => System.IO.Directory.EnumerateFiles(version, "*.jsonl"),
        (version, file) => (Path.GetFileName(version), Path.GetFileNameWithoutExtension(file)))];

    public static TheoryData<string> Names() => [.. Lives.All.Keys];

    [Theory]
    [MemberData(nameof(Recorded))]
    public void An_instance_of_any_version_so_far_goes_on_with_todays_code_wherever_it_is(string version, string life) =>
        Assert.Null(WhatBreaks(version, life, PlayedLife.TodaysCode));

    [Theory]
    [MemberData(nameof(Names))]
    public void The_present_version_is_recorded_as_it_is(string life)
    {
        var played = string.Concat(Lives.Play(life, PresentVersion, PlayedLife.TodaysCode).History.Select(line => line + "\n"));
        var file = Path.Combine(Folder, PresentVersion, life + ".jsonl");
        var recorded = File.Exists(file) ? File.ReadAllText(file) : null;
        if (recorded == played)
            return;

        var today = Path.Combine(AppContext.BaseDirectory, "recorded-today", PresentVersion);
        System.IO.Directory.CreateDirectory(today);
        File.WriteAllText(Path.Combine(today, life + ".jsonl"), played);
        Assert.Fail($"The history of '{life}' is not the one recorded for version {PresentVersion}. Today's is in {today}.");
    }

    [Fact]
    public void Every_life_comes_to_an_end()
    {
        Assert.All(Lives.All.Keys, name => Assert.IsNotType<Outcome.Waiting>(Lives.Play(name, PresentVersion, PlayedLife.TodaysCode).Outcome));
        Assert.IsType<Outcome.ContinuedAsNew>(Lives.Play("fifty-rounds", PresentVersion, PlayedLife.TodaysCode).Outcome);
        Assert.IsType<Outcome.Failed>(Lives.Play("the-event-store-stayed-away", PresentVersion, PlayedLife.TodaysCode).Outcome);
    }

    [Fact]
    public void Every_activity_occurs_in_the_recorded_histories()
    {
        var called = Recorded().SelectMany(row => Read(row.Data.Item1, row.Data.Item2)).OfType<ActivityCalled>().Select(call => call.Name).ToHashSet();
        Assert.Equal(
            typeof(LifecycleActivities).GetMethods().Where(method => method.DeclaringType == typeof(LifecycleActivities)).Select(method => method.Name).Order(),
            called.Order());
    }

    public static TheoryData<string, Func<TaskOrchestrationContext, Task>> BreakingChanges() => new()
    {
        { "another first step", async context => await context.CallActivityAsync<LifecycleState>("ReadPolicies", context.InstanceId) },
        { "a step more before the first", async context =>
        {
            await context.CallActivityAsync("AnnounceStart", context.InstanceId);
            await AccessLifecycle.Run(context);
        } },
        { "a wait more before the first step", async context =>
        {
            await context.CreateTimer(TimeSpan.FromSeconds(1), CancellationToken.None);
            await AccessLifecycle.Run(context);
        } },
    };

    [Theory]
    [MemberData(nameof(BreakingChanges))]
    public void A_change_that_would_break_running_instances_is_found(string change, Func<TaskOrchestrationContext, Task> changed) => Assert.All(
        System.IO.Directory.EnumerateFiles(Path.Combine(Folder, "1.0")).Select(file => Path.GetFileNameWithoutExtension(file)),
        life => Assert.True(WhatBreaks("1.0", life, context => PlayedLife.Run(changed(context))) is not null, change));

    // An instance may be behind any of its turns when the new code comes.
    private static string? WhatBreaks(string version, string life, Orchestrator orchestrator)
    {
        var history = Read(version, life);
        var turns = history.Index().Where(x => x.Item is TurnStarted).Select(x => x.Index).Skip(1);
        foreach (var end in turns)
        {
            if (PlayedLife.Replay(version, history.Take(end), orchestrator) is Outcome.Failed { Failure: var failure })
                return $"after {end} events: {failure.ErrorMessage}";
        }

        return null;
    }

    private static List<HistoryEvent> Read(string version, string life) =>
        [.. File.ReadLines(Path.Combine(Folder, version, life + ".jsonl")).Select(HistoryJson.Read)];
}
