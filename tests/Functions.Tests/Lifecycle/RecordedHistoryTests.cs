using System.Text.Json;
using DurableTask.Core.Exceptions;
using Google.Protobuf;
using JitFunctions.Functions.Lifecycle;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Protobuf;
using FailureDetails = Microsoft.DurableTask.Protobuf.TaskFailureDetails;

namespace JitFunctions.Functions.Tests.Lifecycle;

/// <summary>
/// Histories of every version so far, as instances that run now may have them, on today's code. What to do when one of
/// these fails: docs/adr/0015-versions-of-the-orchestrator.md.
/// </summary>
public sealed class RecordedHistoryTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Lifecycle", "Histories");
    private static readonly JsonFormatter Json = new(JsonFormatter.Settings.Default.WithFormatDefaultValues(true));

    private static string PresentVersion =>
        JsonDocument
            .Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "host.json")))
            .RootElement.GetProperty("extensions")
            .GetProperty("durableTask")
            .GetProperty("defaultVersion")
            .GetString()!;

    public static TheoryData<string, string> Recorded() =>
        [
            .. System
                .IO.Directory.EnumerateDirectories(Folder)
                .SelectMany(
                    version => Directory.EnumerateFiles(version, "*.jsonl"),
                    (version, file) => (Path.GetFileName(version), Path.GetFileNameWithoutExtension(file))
                ),
        ];

    public static TheoryData<string> Names() => [.. Lives.All.Keys];

    [Theory]
    [MemberData(nameof(Recorded))]
    public void An_instance_of_any_version_so_far_goes_on_with_todays_code_wherever_it_is(
        string version,
        string life
    ) => Assert.Null(WhatBreaks(version, life, AccessLifecycle.Run));

    [Theory]
    [MemberData(nameof(Names))]
    public void The_present_version_is_recorded_as_it_is(string life)
    {
        var played = Lives.Play(life, PresentVersion, AccessLifecycle.Run).History;
        if (File.Exists(FileOf(PresentVersion, life)) && played.SequenceEqual(Read(PresentVersion, life)))
            return;

        var today = Path.Combine(AppContext.BaseDirectory, "recorded-today", PresentVersion);
        Directory.CreateDirectory(today);
        File.WriteAllText(
            Path.Combine(today, life + ".jsonl"),
            string.Concat(played.Select(happened => Json.Format(happened) + "\n"))
        );
        Assert.Fail(
            $"The history of '{life}' is not the one recorded for version {PresentVersion}. Today's is in {today}."
        );
    }

    [Fact]
    public void Every_life_comes_to_an_end()
    {
        var ends = Lives.All.Keys.ToDictionary(
            life => life,
            life => Lives.Play(life, PresentVersion, AccessLifecycle.Run).End?.OrchestrationStatus
        );
        Assert.Equal(OrchestrationStatus.ContinuedAsNew, ends["fifty-rounds"]);
        Assert.Equal(OrchestrationStatus.Failed, ends["the-event-store-stayed-away"]);
        Assert.Each(
            ends.Where(end => end.Key is not ("fifty-rounds" or "the-event-store-stayed-away")),
            end => Assert.Equal(OrchestrationStatus.Completed, end.Value)
        );
    }

    [Fact]
    public void Every_activity_occurs_in_the_recorded_histories()
    {
        var called = Recorded()
            .SelectMany(row => Read(row.Data.Item1, row.Data.Item2))
            .Select(happened => happened.TaskScheduled?.Name)
            .OfType<string>()
            .Distinct();
        Assert.Equal(
            typeof(LifecycleActivities)
                .GetMethods()
                .Where(method => method.DeclaringType == typeof(LifecycleActivities))
                .Select(method => method.Name)
                .Order(),
            called.Order()
        );
    }

    public static TheoryData<string, string, Func<TaskOrchestrationContext, Task>> BreakingChanges() =>
        new()
        {
            {
                "another name of the first activity",
                "lapsed",
                context =>
                    new ChangedContext(context)
                    {
                        Named = name => name == nameof(LifecycleActivities.ReadRequest) ? "ReadState" : name,
                    }.RunAsync()
            },
            {
                "another name of a later activity",
                "approved-and-expired",
                context =>
                    new ChangedContext(context)
                    {
                        Named = name => name == nameof(LifecycleActivities.RemoveGrant) ? "TakeAway" : name,
                    }.RunAsync()
            },
            {
                "two activities in another order",
                "approved-and-expired",
                context =>
                    new ChangedContext(context)
                    {
                        Named = name =>
                            name switch
                            {
                                nameof(LifecycleActivities.ExpireGrant) => nameof(LifecycleActivities.RemoveGrant),
                                nameof(LifecycleActivities.RemoveGrant) => nameof(LifecycleActivities.ExpireGrant),
                                _ => name,
                            },
                    }.RunAsync()
            },
            {
                "an activity more before the first",
                "denied",
                context =>
                    new ChangedContext(context)
                    {
                        Before = name =>
                            name == nameof(LifecycleActivities.ReadRequest)
                                ? context.CallActivityAsync("Announce")
                                : Task.CompletedTask,
                    }.RunAsync()
            },
            {
                "an activity more before a later one",
                "break-glass",
                context =>
                    new ChangedContext(context)
                    {
                        Before = name =>
                            name == nameof(LifecycleActivities.NotifyApprovers)
                                ? context.CallActivityAsync("Announce")
                                : Task.CompletedTask,
                    }.RunAsync()
            },
            {
                "a wait more",
                "extended",
                context =>
                    new ChangedContext(context)
                    {
                        Before = name =>
                            name == nameof(LifecycleActivities.RenewGrant)
                                ? context.CreateTimer(TimeSpan.FromSeconds(1), CancellationToken.None)
                                : Task.CompletedTask,
                    }.RunAsync()
            },
            {
                "a wait less",
                "removal-with-trouble",
                context => new ChangedContext(context) { Later = null }.RunAsync()
            },
            {
                "an end before the last activity",
                "lapsed",
                context =>
                    context.CallActivityAsync<LifecycleState>(
                        nameof(LifecycleActivities.ReadRequest),
                        context.InstanceId
                    )
            },
        };

    [Theory]
    [MemberData(nameof(BreakingChanges))]
    public void A_change_that_would_break_running_instances_is_found(
        string change,
        string life,
        Func<TaskOrchestrationContext, Task> changed
    )
    {
        var failure = WhatBreaks("1.0", life, changed);
        Assert.True(failure is not null, change);
        Assert.Equal(typeof(NonDeterministicOrchestrationException).FullName, failure.ErrorType);
    }

    // A deadline may come from a setting, and the clocks of machines differ.
    [Theory]
    [MemberData(nameof(Recorded))]
    public void Other_times_of_timers_break_nothing(string version, string life) =>
        Assert.Null(
            WhatBreaks(
                version,
                life,
                context => new ChangedContext(context) { Later = TimeSpan.FromMinutes(1) }.RunAsync()
            )
        );

    // An instance may be behind any of its turns when the new code comes.
    private static FailureDetails? WhatBreaks(
        string version,
        string life,
        Func<TaskOrchestrationContext, Task> orchestrator
    )
    {
        var history = Read(version, life);
        var turns = history.Index().Where(x => x.Item.OrchestratorStarted is not null).Select(x => x.Index).Skip(1);
        return turns
            .Select(end => PlayedLife.Replay(version, history.Take(end), orchestrator))
            .FirstOrDefault(failure => failure is not null);
    }

    private static string FileOf(string version, string life) => Path.Combine(Folder, version, life + ".jsonl");

    private static List<HistoryEvent> Read(string version, string life) =>
        [.. File.ReadLines(FileOf(version, life)).Select(JsonParser.Default.Parse<HistoryEvent>)];
}
