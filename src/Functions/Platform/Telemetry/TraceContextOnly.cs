using System.Diagnostics;

namespace JitFunctions.Functions.Platform.Telemetry;

/// <summary>
/// Propagates the trace of a call, and no baggage: a caller can put anything of any length into baggage, which would
/// then be sent with our own calls to clusters, directory and webhooks.
/// </summary>
internal sealed class TraceContextOnly(DistributedContextPropagator inner) : DistributedContextPropagator
{
    private static readonly string[] Propagated = ["traceparent", "tracestate"];

    public override IReadOnlyCollection<string> Fields => Propagated;

    public override void Inject(Activity? activity, object? carrier, PropagatorSetterCallback? setter) =>
        inner.Inject(
            activity,
            carrier,
            (to, name, value) =>
            {
                if (Propagated.Contains(name))
                    setter?.Invoke(to, name, value);
            }
        );

    public override void ExtractTraceIdAndState(
        object? carrier,
        PropagatorGetterCallback? getter,
        out string? traceId,
        out string? traceState
    ) => inner.ExtractTraceIdAndState(carrier, getter, out traceId, out traceState);

    public override IEnumerable<KeyValuePair<string, string?>>? ExtractBaggage(
        object? carrier,
        PropagatorGetterCallback? getter
    ) => null;
}
