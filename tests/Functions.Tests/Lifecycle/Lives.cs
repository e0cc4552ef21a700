using Microsoft.DurableTask;
using static JitFunctions.Domain.Scopes.RequestStatus;

namespace JitFunctions.Functions.Tests.Lifecycle;

/// <summary>The lives whose histories are recorded: between them they take every branch of the orchestrator.</summary>
internal static class Lives
{
    public static readonly IReadOnlyDictionary<string, Func<PlayedLife, PlayedLife>> All = new Dictionary<
        string,
        Func<PlayedLife, PlayedLife>
    >
    {
        ["denied"] = life => life.Answers(Pending, 240).Nudged().Answers(Denied),
        ["lapsed"] = life => life.Answers(Pending, 240).TimePasses().Answers(Lapsed),
        ["lapsed-by-a-slow-clock"] = life =>
            life.Answers(Pending, 240).TimePasses().Answers(Pending, -1).TimePasses().Answers(Lapsed),
        ["approved-and-expired"] = life =>
            life.Answers(Pending, 240)
                .Nudged()
                .Answers(Approved)
                .Answers(Active, 30)
                .TimePasses()
                .Answers(Ending)
                .Answers(Ended),
        ["first-of-two-approvals"] = life =>
            life.Answers(Pending, 240)
                .Nudged()
                .Answers(Pending, 239)
                .Nudged()
                .Answers(Approved)
                .Answers(Active, 30)
                .Nudged()
                .Answers(Ending)
                .Answers(Ended),
        ["approved-at-once-and-relinquished"] = life =>
            life.Answers(Approved).Answers(Active, 30).Nudged().Answers(Ending).Answers(Ended),
        ["scheduled"] = life =>
            life.Answers(Approved, 600).TimePasses().Answers(Active, 30).TimePasses().Answers(Ending).Answers(Ended),
        ["withdrawn-before-its-start"] = life => life.Answers(Approved, 600).Nudged().Answers(Withdrawn),
        ["an-approver-left"] = life =>
            life.Answers(Approved)
                .Answers(Pending, 100)
                .Nudged()
                .Answers(Approved)
                .Answers(Active, 30)
                .TimePasses()
                .Answers(Ending)
                .Answers(Ended),
        ["extended"] = life =>
            life.Answers(Approved)
                .Answers(Active, 30)
                .Nudged()
                .Answers(Active, 60)
                .TimePasses()
                .Answers(Ending)
                .Answers(Ended),
        ["extended-and-the-first-timer-comes-due"] = life =>
            life.Answers(Approved)
                .Answers(Active, 30)
                .Nudged()
                .Answers(Active, 60)
                .AbandonedTimerComesDue()
                .TimePasses()
                .Answers(Ending)
                .Answers(Ended),
        ["break-glass"] = life =>
            life.Answers(Approved, owesNotice: true)
                .Answers(Active, 30, owesNotice: true)
                .Answers(Active, 30)
                .TimePasses()
                .Answers(Ending)
                .Answers(Ended),
        ["break-glass-with-nobody-told"] = life =>
            life.Answers(Approved, owesNotice: true)
                .Answers(Active, 30, owesNotice: true)
                .Answers(Active, 30, owesNotice: true)
                .TimePasses()
                .Answers(Ending, owesNotice: true)
                .Answers(Ended, owesNotice: true),
        ["activation-with-trouble"] = life =>
            life.Answers(Approved)
                .Answers(Activating, failedAttempts: 1)
                .TimePasses()
                .Answers(Activating, failedAttempts: 2)
                .Nudged()
                .Answers(Active, 30)
                .TimePasses()
                .Answers(Ending)
                .Answers(Ended),
        ["activation-given-up"] = life =>
            life.Answers(Approved).Answers(Activating, failedAttempts: 1).TimePasses().Answers(Ending).Answers(Failed),
        ["removal-with-trouble"] = life =>
            life.Answers(Ending)
                .Answers(Ending, failedAttempts: 1)
                .TimePasses()
                .Answers(Ending, failedAttempts: 2)
                .TimePasses()
                .Answers(Ended),
        ["the-event-store-was-away"] = life =>
            life.Fails()
                .TimePasses()
                .Fails()
                .TimePasses()
                .Answers(Pending, 240)
                .Nudged()
                .Fails()
                .TimePasses()
                .Answers(Denied),
        // The engine sets a timer even after the last try.
        ["the-event-store-stayed-away"] = life =>
            Enumerable.Range(0, 20).Aggregate(life, (so, _) => so.Fails().TimePasses()),
        ["fifty-rounds"] = life =>
            Enumerable.Range(0, 50).Aggregate(life.Answers(Pending, 240), (so, _) => so.Nudged().Answers(Pending, 240)),
    };

    public static PlayedLife Play(string name, string version, Func<TaskOrchestrationContext, Task> orchestrator) =>
        All[name](new PlayedLife(version, orchestrator).Start());
}
