using System.Diagnostics;
using OpenTelemetry.Trace;

namespace JitFunctions.Functions.Platform.Telemetry;

/// <summary>
/// Records everything that has an origin, whatever the caller's <c>traceparent</c> says about sampling: a requester
/// must not be able to switch off the record. Spans without an origin, such as the database polls of an idle engine,
/// are not recorded.
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
