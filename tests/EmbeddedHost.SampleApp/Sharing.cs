using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace JitFunctions.EmbeddedHost.SampleApp;

/// <summary>Work that takes a while, for nodes to share or to take over from each other.</summary>
public sealed class Sharing(Effects effects)
{
    /// <summary>Returns which process ran each of the pieces.</summary>
    [Function("Share")]
    public static async Task<int[]> Share([OrchestrationTrigger] TaskOrchestrationContext context, int pieces) =>
        await Task.WhenAll(
            Enumerable
                .Range(0, pieces)
                .Select(piece =>
                    context.CallActivityAsync<int>(
                        nameof(Work),
                        new StepInput(context.InstanceId, $"piece {piece}", 500)
                    )
                )
        );

    /// <summary>Returns the process whose result counted.</summary>
    [Function("Hold")]
    public static async Task<int> Hold([OrchestrationTrigger] TaskOrchestrationContext context, int milliseconds) =>
        await context.CallActivityAsync<int>(nameof(Work), new StepInput(context.InstanceId, "hold", milliseconds));

    /// <summary>
    /// Takes the milliseconds given, at the first attempt only. Ignores its cancellation, so that nothing but the
    /// engine can void what it returns too late.
    /// </summary>
    [Function(nameof(Work))]
    public async Task<int> Work([ActivityTrigger] StepInput input)
    {
        var isFirst = effects.Record(input.Instance, input.Step) == 0;
        await Task.Delay(TimeSpan.FromMilliseconds(isFirst ? input.Value : 0));
        effects.Record(input.Instance, $"{input.Step} done");
        return Environment.ProcessId;
    }
}
