using System.Diagnostics;
using OpenTelemetry.Trace;

namespace JitFunctions.Functions.Platform.Telemetry;

/// <summary>
/// Everything that has an origin is recorded, whatever the caller's <c>traceparent</c> says of sampling: who asks for
/// rights must not be able to switch off the record. Calls that come out of nothing, such as an idle engine looking
/// into its database, are not.
/// </summary>
internal sealed class OriginSampler : Sampler
{
    public override SamplingResult ShouldSample(in SamplingParameters samplingParameters) =>
        new(
            samplingParameters.ParentContext.TraceId == default && samplingParameters.Kind is ActivityKind.Client
                ? SamplingDecision.Drop
                : SamplingDecision.RecordAndSample
        );
}
