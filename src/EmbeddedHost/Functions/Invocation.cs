using System.Collections;
using System.Diagnostics;
using Microsoft.Azure.Functions.Worker;

namespace JitFunctions.EmbeddedHost.Functions;

/// <summary>The <see cref="FunctionContext"/> of this host.</summary>
internal sealed class Invocation : FunctionContext
{
    private readonly Func<Invocation, Task<object?>> _body;
    private readonly Result _result = new();

    /// <param name="body">Runs when the middleware is through, in place of the function's own method if need be.</param>
    public Invocation(
        FunctionDescriptor function, Trigger trigger, IServiceProvider services, Func<Invocation, Task<object?>> body, CancellationToken cancellation)
    {
        _body = body;
        TriggerValue = trigger.Value;
        FunctionDefinition = function.Definition;
        InstanceServices = services;
        CancellationToken = cancellation;
        BindingContext = new Bindings(trigger.Data);
        Features.Set<InvocationResult>(_result);
    }

    public override string InvocationId { get; } = Guid.NewGuid().ToString();

    public override string FunctionId => FunctionDefinition.Id;

    public override TraceContext TraceContext { get; } = new Tracing();

    public override BindingContext BindingContext { get; }

    public override IServiceProvider InstanceServices { get; set; }

    public override FunctionDefinition FunctionDefinition { get; }

    public override IDictionary<object, object> Items { get; set; } = new Dictionary<object, object>();

    public override IInvocationFeatures Features { get; } = new FeatureSet();

    public override CancellationToken CancellationToken { get; }

    /// <summary>What the trigger parameter is bound from.</summary>
    public object? TriggerValue { get; set; }

    public object? ReturnValue => _result.Value;

    public async Task RunBodyAsync() => _result.Value = await _body(this);

    private sealed class Result : InvocationResult
    {
        public override object? Value { get; set; }
    }

    private sealed class Bindings(IReadOnlyDictionary<string, object?> data) : BindingContext
    {
        public override IReadOnlyDictionary<string, object?> BindingData => data;
    }

    private sealed class Tracing : TraceContext
    {
        public override string TraceParent { get; } = Activity.Current?.Id ?? string.Empty;

        public override string TraceState { get; } = Activity.Current?.TraceStateString ?? string.Empty;
    }

    private sealed class FeatureSet : IInvocationFeatures
    {
        private readonly Dictionary<Type, object> _features = [];

        public void Set<T>(T instance) => _features[typeof(T)] = instance!;

        public T? Get<T>() => _features.TryGetValue(typeof(T), out var feature) ? (T)feature : default;

        public IEnumerator<KeyValuePair<Type, object>> GetEnumerator() => _features.GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}

/// <param name="Data">Becomes the invocation's binding data: route values, or the orchestration's id.</param>
internal sealed record Trigger(object? Value, IReadOnlyDictionary<string, object?> Data);
