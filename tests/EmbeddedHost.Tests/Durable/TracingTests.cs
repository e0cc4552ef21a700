using System.Diagnostics;
using JitFunctions.EmbeddedHost.Tests.Fixtures;
using JitFunctions.EmbeddedHost.Tests.SampleFunctions;
using JitFunctions.EmbeddedHost.Tests.Support;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace JitFunctions.EmbeddedHost.Tests.Durable;

public sealed class TracingTests(PostgresFixture postgres) : IAsyncLifetime
{
    private string _database = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _database = await postgres.NewDatabaseAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task One_trace_goes_through_timers_restarts_and_new_executions_and_no_replay_tells_anything_twice()
    {
        using var start = new Activity("start").Start();
        using var spans = new SpanReader(start.TraceId);
        string id;
        await using (var first = await TestHost.StartAsync(_database))
        {
            id = await first.Client.ScheduleNewOrchestrationInstanceAsync(
                nameof(TracedOrchestrations.Traced),
                1,
                Cancellation
            );
            await Eventually.HoldsAsync(
                () => Task.FromResult(spans.Named("activity:TraceOf").Count == 1),
                "the first activity is told"
            );
        }

        using var raise = new Activity("raise")
            .SetParentId(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom())
            .Start();
        await using var second = await TestHost.StartAsync(_database);
        await second.Client.RaiseEventAsync(id, "go", cancellation: Cancellation);
        await Eventually.HoldsAsync(
            () => Task.FromResult(spans.Named("activity:TraceOf").Count == 3),
            "the next execution waits"
        );
        await second.Client.RaiseEventAsync(id, "go", cancellation: Cancellation);
        var traces = (await second.CompletionAsync(id)).ReadOutputAs<string>();

        Assert.Equal(start.TraceId.ToString(), traces);
        await Eventually.HoldsAsync(
            () => Task.FromResult(spans.Named("activity:TraceOf").Count == 4),
            "the last activity is told"
        );
        // A turn is told when it is stored; the activities that it called may have been told by then.
        await Eventually.HoldsAsync(
            () =>
                Task.FromResult(
                    spans
                        .Named("activity:TraceOf")
                        .All(call => spans.Named("orchestration:Traced").Any(turn => turn.SpanId == call.ParentSpanId))
                ),
            "their turns are told"
        );
        var create = Assert.Single(spans.Named("create_orchestration:Traced"));
        Assert.Equal(start.SpanId, create.ParentSpanId);
        Assert.Each(spans.Named("orchestration:Traced"), turn => Assert.Equal(create.SpanId, turn.ParentSpanId));
        Assert.Equal(4, spans.Named("activity:TraceOf").Select(call => call.ParentSpanId).Distinct().Count());
        Assert.Equal(
            2,
            spans
                .Named("orchestration:Traced")
                .SelectMany(turn => turn.Links)
                .Count(link => link.Context.TraceId == raise.TraceId)
        );
    }

    [Fact]
    public async Task Activities_know_their_trace_also_when_nobody_listens()
    {
        await using var host = await TestHost.StartAsync(_database);
        using var start = new Activity("start").Start();
        var done = await host.RunAsync(nameof(TracedOrchestrations.TraceOnce));

        Assert.Equal(start.TraceId.ToString(), done.ReadOutputAs<string>());
    }

    [Fact]
    public async Task A_failure_is_told_by_its_type_and_without_its_message()
    {
        using var start = new Activity("start").Start();
        using var spans = new SpanReader(start.TraceId);
        await using var host = await TestHost.StartAsync(_database);
        await host.RunAsync(nameof(Orchestrations.Failing));

        await Eventually.HoldsAsync(() => Task.FromResult(spans.Named("activity:Fail").Count == 2), "both are told");
        Assert.Each(
            spans.Named("activity:Fail"),
            span =>
                Assert.Equal(
                    (ActivityStatusCode.Error, null, typeof(InvalidDataException).FullName),
                    (span.Status, span.StatusDescription, (string?)span.GetTagItem("error.type"))
                )
        );
        await Eventually.HoldsAsync(
            () =>
                Task.FromResult(
                    spans.Named("orchestration:Failing").Any(span => span.Status is ActivityStatusCode.Error)
                ),
            "and that the orchestration failed"
        );
    }

    /// <summary>Keeps the engine's spans of one trace, and takes no notice of others.</summary>
    private sealed class SpanReader : IDisposable
    {
        private readonly ActivityListener _listener;
        private readonly List<Activity> _spans = [];

        public SpanReader(ActivityTraceId trace)
        {
            _listener = new ActivityListener
            {
                ShouldListenTo = source => source.Name == "Microsoft.DurableTask",
                Sample = (ref ActivityCreationOptions<ActivityContext> options) =>
                    options.Parent.TraceId == trace
                        ? ActivitySamplingResult.AllDataAndRecorded
                        : ActivitySamplingResult.None,
                ActivityStopped = span =>
                {
                    // Another listener's as well.
                    if (span.TraceId != trace)
                        return;
                    lock (_spans)
                        _spans.Add(span);
                },
            };
            ActivitySource.AddActivityListener(_listener);
        }

        public IReadOnlyList<Activity> Named(string name)
        {
            lock (_spans)
                return [.. _spans.Where(span => span.DisplayName == name)];
        }

        public void Dispose() => _listener.Dispose();
    }
}

public static class TracedOrchestrations
{
    /// <summary>
    /// Two executions of an activity, a wait, a timer and an activity; tells the traces that the activities saw.
    /// </summary>
    [Function(nameof(Traced))]
    public static async Task<string?> Traced([OrchestrationTrigger] TaskOrchestrationContext context, int restarts)
    {
        var first = await context.CallActivityAsync<string>(nameof(TraceOf), context.InstanceId);
        await context.WaitForExternalEvent<object?>("go");
        await context.CreateTimer(context.CurrentUtcDateTime.AddMilliseconds(20), CancellationToken.None);
        var second = await context.CallActivityAsync<string>(nameof(TraceOf), context.InstanceId);
        if (restarts == 0)
            return first == second ? first : $"{first} {second}";
        context.ContinueAsNew(0);
        return null;
    }

    [Function(nameof(TraceOnce))]
    public static Task<string> TraceOnce([OrchestrationTrigger] TaskOrchestrationContext context) =>
        context.CallActivityAsync<string>(nameof(TraceOf));

    /// <summary>As the host tells it to the worker.</summary>
    [Function(nameof(TraceOf))]
    public static string? TraceOf([ActivityTrigger] string? caller, FunctionContext context) =>
        caller is "nobody" ? null : ActivityContext.Parse(context.TraceContext.TraceParent, null).TraceId.ToString();
}
