using JitFunctions.EmbeddedHost.Durable.Replay;
using Microsoft.DurableTask;

namespace JitFunctions.EmbeddedHost.Tests.Replay;

public sealed class DeterminismTests
{
    private static readonly Orchestrator CallsA = async context =>
    {
        await context.CallActivityAsync("A");
        await context.CallActivityAsync("B");
        return null;
    };

    public static TheoryData<string, Func<TaskOrchestrationContext, Task>> Changes() => new()
    {
        { "at step 1 its history holds a call of activity 'A', but on replay the code came with a call of activity 'X'", context => context.CallActivityAsync("X") },
        { "at step 1 its history holds a call of activity 'A', but on replay the code came with a timer", context => context.CreateTimer(Script.Noon, CancellationToken.None) },
        { "at step 1 its history holds a call of activity 'A', but on replay the code came with nothing", context => context.WaitForExternalEvent<int>("go") },
        { "at step 2 its history holds nothing, but on replay the code came with a call of activity 'B'", context => Task.WhenAll(context.CallActivityAsync("A"), context.CallActivityAsync("B")) },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public void Code_that_differs_from_the_history_fails_and_says_what_came_instead(string message, Func<TaskOrchestrationContext, Task> changed)
    {
        var script = new Script(CallsA);
        script.Start();
        script.Orchestrator = async context =>
        {
            await changed(context);
            return null;
        };
        var failed = Assert.IsType<Outcome.Failed>(script.Send(new ActivityCompleted(1, null)).Outcome);

        Assert.Equal("DurableTask.Core.Exceptions.NonDeterministicOrchestrationException", failed.Failure.ErrorType);
        Assert.Contains(message, failed.Failure.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public void Code_that_ends_where_it_waited_before_fails()
    {
        var script = new Script(async context => await context.WaitForExternalEvent<int>("go"));
        script.Start();
        script.Orchestrator = _ => Task.FromResult<object?>(null);
        var failed = Assert.IsType<Outcome.Failed>(script.Send(new EventRaised("go", "1", Script.Noon)).Outcome);

        Assert.Contains("came with the end of the orchestrator", failed.Failure.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public void Code_added_behind_the_history_is_welcome()
    {
        var script = new Script(CallsA);
        script.Start();
        script.Orchestrator = async context =>
        {
            await context.CallActivityAsync("A");
            return await context.CallActivityAsync<int>("C");
        };

        Assert.Equal("C", Assert.Single(script.Send(new ActivityCompleted(1, null)).Activities).Name);
    }

    [Fact]
    public void The_context_refuses_to_be_used_on_another_thread()
    {
        var script = new Script(async context =>
        {
            var elsewhere = Task.Run(() => context.CallActivityAsync<int>("A"));
            return await elsewhere.WaitAsync(TimeSpan.FromSeconds(10));
        });

        Assert.IsType<Outcome.Failed>(script.Start().Outcome);
    }
}
