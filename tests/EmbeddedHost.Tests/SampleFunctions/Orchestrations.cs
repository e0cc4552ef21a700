using JitFunctions.EmbeddedHost.Tests.Support;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace JitFunctions.EmbeddedHost.Tests.SampleFunctions;

public sealed record Order(string Item, int Count);

/// <summary>Orchestrators that the tests run.</summary>
public static class Orchestrations
{
    [Function(nameof(Sequence))]
    public static async Task<string> Sequence([OrchestrationTrigger] TaskOrchestrationContext context, Order order)
    {
        var first = await context.CallActivityAsync<Order>(nameof(Activities.Twice), order);
        var second = await context.CallActivityAsync<Order>(nameof(Activities.Twice), first);
        return $"{second.Count} {second.Item}";
    }

    [Function(nameof(FanOut))]
    public static async Task<int> FanOut([OrchestrationTrigger] TaskOrchestrationContext context, int count)
    {
        var calls = Enumerable
            .Range(1, count)
            .Select(number => context.CallActivityAsync<Order>(nameof(Activities.Twice), new Order("piece", number)));
        return (await Task.WhenAll(calls)).Sum(order => order.Count);
    }

    [Function(nameof(Retrying))]
    public static async Task<string> Retrying([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var policy = new RetryPolicy(5, TimeSpan.FromMilliseconds(40), backoffCoefficient: 2);
        return await context.CallActivityAsync<string>(
            nameof(Activities.FailTwice),
            context.InstanceId,
            new TaskOptions(policy)
        );
    }

    [Function(nameof(Failing))]
    public static async Task<string> Failing([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        try
        {
            await context.CallActivityAsync(nameof(Activities.Fail), "first");
            return "unreachable";
        }
        catch (TaskFailedException failed) when (failed.FailureDetails.IsCausedBy<InvalidDataException>())
        {
            context.SetCustomStatus(
                $"{failed.TaskName}: {failed.FailureDetails.ErrorMessage} "
                    + $"({failed.FailureDetails.InnerFailure!.ErrorMessage})"
            );
        }

        await context.CallActivityAsync(nameof(Activities.Fail), "second");
        return "unreachable";
    }

    [Function(nameof(CallsNobody))]
#pragma warning disable DURABLE2003 // That there is none is what the test wants.
    public static Task CallsNobody([OrchestrationTrigger] TaskOrchestrationContext context) =>
        context.CallActivityAsync("NoSuchActivity");
#pragma warning restore DURABLE2003

    /// <summary>Collects three events and returns their payloads in the order of their arrival.</summary>
    [Function(nameof(ThreeEvents))]
    public static async Task<string> ThreeEvents([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        List<string> got = [];
        while (got.Count < 3)
            got.Add(await context.WaitForExternalEvent<string>("letter"));
        return string.Concat(got);
    }

    [Function(nameof(EventOrTimeout))]
    public static async Task<string> EventOrTimeout(
        [OrchestrationTrigger] TaskOrchestrationContext context,
        TimeSpan patience
    )
    {
        using var cancel = new CancellationTokenSource();
        var timer = context.CreateTimer(patience, cancel.Token);
        var raised = context.WaitForExternalEvent<string>("answer");
        if (await Task.WhenAny(timer, raised) == timer)
            return "too late";
        cancel.Cancel();
        return await raised;
    }

    /// <summary>Cancels its timer and goes on to wait for something else.</summary>
    [Function(nameof(CancelledTimer))]
    public static async Task CancelledTimer([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        using var cancel = new CancellationTokenSource();
        var timer = context.CreateTimer(TimeSpan.FromHours(1), cancel.Token);
        await Task.WhenAny(timer, context.WaitForExternalEvent<string>("cancel"));
        cancel.Cancel();
        context.SetCustomStatus(timer.IsCanceled);
        await context.WaitForExternalEvent<string>("end");
    }

    [Function(nameof(TwoTimes))]
    public static async Task<DateTime[]> TwoTimes([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var first = context.CurrentUtcDateTime;
        await context.WaitForExternalEvent<string>("go");
        return [first, context.CurrentUtcDateTime];
    }

    [Function(nameof(Progress))]
    public static async Task Progress([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        context.SetCustomStatus(new Order("begun", 1));
        await context.WaitForExternalEvent<string>("go on");
        context.SetCustomStatus(new Order("half way", 2));
        await context.WaitForExternalEvent<string>("go on");
    }

    /// <summary>
    /// Counts down one execution at a time; each consumes one of the events that were there from the start.
    /// </summary>
    [Function(nameof(Eternal))]
    public static async Task<string> Eternal([OrchestrationTrigger] TaskOrchestrationContext context, string? soFar)
    {
        var letter = await context.WaitForExternalEvent<string>("letter");
        if (letter == ".")
            return soFar ?? string.Empty;
        context.ContinueAsNew(soFar + letter);
        return "ignored";
    }

    [Function(nameof(Facts))]
    public static async Task<string[]> Facts([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var guid = context.NewGuid();
        var time = context.CurrentUtcDateTime;
        await context.CallActivityAsync<Order>(nameof(Activities.Twice), new Order("x", 1));
        return
        [
            context.Name,
            context.InstanceId,
            context.Version,
            guid == context.NewGuid() ? "same" : "other",
            time <= context.CurrentUtcDateTime ? "on" : "back",
        ];
    }

    /// <summary>On its replay it comes with another activity than its history holds, one that must never run.</summary>
    [Function(nameof(Unstable))]
    public static async Task Unstable([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        if (context.IsReplaying)
            await context.CallActivityAsync(nameof(Activities.Grant), context.InstanceId);
        else
            await context.CallActivityAsync<Order>(nameof(Activities.Twice), new Order("x", 1));
    }

    /// <summary>On its replay it asks for a timer and an activity where its history holds an activity alone.</summary>
    [Function(nameof(UnstableWithTimer))]
    public static async Task UnstableWithTimer([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        if (!context.IsReplaying)
        {
            await context.CallActivityAsync<Order>(nameof(Activities.Twice), new Order("x", 1));
            return;
        }

        var timer = context.CreateTimer(TimeSpan.FromMilliseconds(1), CancellationToken.None);
        await Task.WhenAll(timer, context.CallActivityAsync(nameof(Activities.Grant), context.InstanceId));
    }

    /// <summary>Does not wait for what it asks for.</summary>
    [Function(nameof(Forgetful))]
    public static void Forgetful([OrchestrationTrigger] TaskOrchestrationContext context) =>
        _ = context.CallActivityAsync(nameof(Activities.Grant), context.InstanceId);

    /// <summary>Tells what an activity's failure looks like from an orchestrator.</summary>
    [Function(nameof(TellsFailure))]
    public static async Task<string[]> TellsFailure([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        try
        {
            await context.CallActivityAsync(nameof(Activities.Fail), "it");
            return [];
        }
        catch (TaskFailedException failed)
        {
            var details = failed.FailureDetails;
            return
            [
                details.ErrorType,
                details.ErrorMessage,
                details.StackTrace ?? "",
                details.InnerFailure?.ErrorType ?? "",
                details.InnerFailure?.ErrorMessage ?? "",
            ];
        }
    }

    [Function(nameof(CallsBlocked))]
    public static Task CallsBlocked([OrchestrationTrigger] TaskOrchestrationContext context) =>
        context.CallActivityAsync(nameof(Activities.Blocked), "x");

    /// <summary>Waits longer than one timer of Durable Task can take, and can be told to give up.</summary>
    [Function(nameof(LongWait))]
    public static async Task<string> LongWait(
        [OrchestrationTrigger] TaskOrchestrationContext context,
        TimeSpan patience
    )
    {
        using var cancel = new CancellationTokenSource();
        var timer = context.CreateTimer(patience, cancel.Token);
        var raised = context.WaitForExternalEvent<string>("answer");
        var first = await Task.WhenAny(timer, raised);
        if (first == raised)
            await cancel.CancelAsync();
        return first == raised ? await raised : "slept";
    }

    [Function(nameof(Undurable))]
    public static async Task<string> Undurable([OrchestrationTrigger] TaskOrchestrationContext context)
    {
#pragma warning disable DURABLE0003 // That it must not do this is what the test wants.
        await Task.Delay(TimeSpan.FromSeconds(5));
#pragma warning restore DURABLE0003
        return context.InstanceId;
    }

    [Function(nameof(Nap))]
    public static async Task<DateTime> Nap([OrchestrationTrigger] TaskOrchestrationContext context, DateTime due)
    {
        await context.CreateTimer(due, CancellationToken.None);
        await context.CallActivityAsync(nameof(Activities.Woken), due);
        return context.CurrentUtcDateTime;
    }
}

public sealed class Activities(Journal journal, TimeProvider time)
{
    [Function(nameof(Twice))]
    public static Order Twice([ActivityTrigger] Order order) => order with { Count = order.Count * 2 };

    [Function(nameof(FailTwice))]
    public async Task<string> FailTwice(
        [ActivityTrigger] string key,
        FunctionContext context,
        CancellationToken cancellation
    )
    {
        await Task.Yield();
        cancellation.ThrowIfCancellationRequested();
        journal.Note($"{context.FunctionDefinition.Name} {key}");
        return journal.Lines.Count < 3 ? throw new InvalidOperationException("not yet") : "third time lucky";
    }

    [Function(nameof(Fail))]
    public static void Fail([ActivityTrigger] string which) =>
        throw new InvalidDataException($"{which} is broken", new FormatException("because of the format"));

    [Function(nameof(Woken))]
    public void Woken([ActivityTrigger] DateTime due) =>
        journal.Note(time.GetUtcNow().UtcDateTime < due ? "early" : "on time");

    /// <summary>What must not happen by mistake.</summary>
    [Function(nameof(Grant))]
    public void Grant([ActivityTrigger] string instance) => journal.Note($"granted {instance}");

    /// <summary>Never called, where a middleware stands before it.</summary>
    [Function(nameof(Blocked))]
    public void Blocked([ActivityTrigger] string input) => journal.Note($"not blocked: {input}");
}
