using System.Collections.Immutable;
using System.Diagnostics;
using JitFunctions.Functions.Platform.Telemetry;
using Microsoft.Azure.Functions.Worker;

namespace JitFunctions.Functions.Tests.Platform.Telemetry;

public sealed class HostTraceTests
{
    private const string Parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00";

    [Fact]
    public async Task An_activity_runs_in_the_trace_that_the_host_names()
    {
        Activity.Current = null;
        var current = await RunAsync(Parent);

        Assert.Equal(
            ("0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"),
            (current!.TraceId.ToHexString(), current.ParentSpanId.ToHexString())
        );
        Assert.Null(Activity.Current);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public async Task Where_the_host_names_none_there_is_none(string? parent)
    {
        Activity.Current = null;
        Assert.Null(await RunAsync(parent));
    }

    [Fact]
    public async Task A_span_of_the_worker_stays_the_current_one()
    {
        using var span = new Activity("worker").Start();
        Assert.Same(span, await RunAsync(Parent));
    }

    [Fact]
    public void Spans_keep_their_status_and_lose_its_description()
    {
        using var span = new Activity("activity").Start();
        span.SetStatus(ActivityStatusCode.Error, "alice may not");
        using var processor = new MessageRemoval();
        processor.OnEnd(span);

        Assert.Equal((ActivityStatusCode.Error, null), (span.Status, span.StatusDescription));
    }

    private static async Task<Activity?> RunAsync(string? parent)
    {
        Activity? seen = null;
        await new HostTrace().Invoke(
            new Context(new Trace(parent)),
            _ =>
            {
                seen = Activity.Current;
                return Task.CompletedTask;
            }
        );
        return seen;
    }

    private sealed class Trace(string? parent) : TraceContext
    {
        public override string TraceParent => parent!;

        public override string TraceState => string.Empty;
    }

    private sealed class Definition : FunctionDefinition
    {
        public override ImmutableArray<FunctionParameter> Parameters => [];

        public override string PathToAssembly => string.Empty;

        public override string EntryPoint => string.Empty;

        public override string Id => "1";

        public override string Name => "Activate";

        public override IImmutableDictionary<string, BindingMetadata> InputBindings =>
            ImmutableDictionary<string, BindingMetadata>.Empty;

        public override IImmutableDictionary<string, BindingMetadata> OutputBindings =>
            ImmutableDictionary<string, BindingMetadata>.Empty;
    }

    private sealed class Context(TraceContext trace) : FunctionContext
    {
        public override string InvocationId => "1";

        public override string FunctionId => "1";

        public override TraceContext TraceContext => trace;

        public override BindingContext BindingContext => throw new NotSupportedException();

        public override RetryContext RetryContext => throw new NotSupportedException();

        public override IServiceProvider InstanceServices { get; set; } = null!;

        public override FunctionDefinition FunctionDefinition { get; } = new Definition();

        public override IDictionary<object, object> Items { get; set; } = new Dictionary<object, object>();

        public override IInvocationFeatures Features => throw new NotSupportedException();
    }
}
