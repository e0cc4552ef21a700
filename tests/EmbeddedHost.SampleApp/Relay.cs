using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace JitFunctions.EmbeddedHost.SampleApp;

public sealed record StepInput(string Instance, string Step, int Value);

/// <summary>Goes through every kind of step, with a chance to crash before and after each.</summary>
public sealed class Relay(Effects effects)
{
    [Function(nameof(Relay))]
    public async Task<int> Run([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var sum = 0;
        for (var step = 1; step <= 3; step++)
        {
            Crash($"turn before step {step}");
            sum += await Call($"step {step}", step);
        }

        Crash("turn before timer");
        await context.CreateTimer(TimeSpan.FromMilliseconds(50), CancellationToken.None);
        Crash("turn before fan-out");
        sum += (await Task.WhenAll(Call("left", 10), Call("right", 20))).Sum();
        Crash("turn before event");
        sum += await context.WaitForExternalEvent<int>("go");
        Crash("turn before end");
        return sum;

        Task<int> Call(string step, int value) =>
            context.CallActivityAsync<int>(nameof(Step), new StepInput(context.InstanceId, step, value));

        void Crash(string point)
        {
            if (!context.IsReplaying)
                effects.CrashOnce($"{context.InstanceId}: {point}");
        }
    }

    [Function(nameof(Step))]
    public int Step([ActivityTrigger] StepInput input)
    {
        effects.CrashOnce($"{input.Instance}: before {input.Step}");
        effects.Record(input.Instance, input.Step);
        effects.CrashOnce($"{input.Instance}: after {input.Step}");
        return input.Value;
    }
}
