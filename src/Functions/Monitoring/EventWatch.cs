using System.Diagnostics;
using JasperFx.Events;
using JitFunctions.Domain.Grants;
using JitFunctions.Domain.Requests;
using JitFunctions.Projections;
using Marten;
using Marten.Services;
using Microsoft.Extensions.Logging;
using static JitFunctions.Domain.Requests.AccessRequestEvent;

namespace JitFunctions.Functions.Monitoring;

/// <summary>
/// Records measurements from the events that this node has committed, so that each event counts once, whatever caused
/// it and however often it was tried. It also adds a span for each append.
/// </summary>
internal sealed class EventWatch(Measurements measurements, ILogger<EventWatch> log) : DocumentSessionListenerBase
{
    public const string Source = "JitFunctions.Events";
    private static readonly ActivitySource Spans = new(Source);

    public override Task AfterCommitAsync(IDocumentSession session, IChangeSet commit, CancellationToken token)
    {
        try
        {
            foreach (var stream in commit.GetStreams())
                Watch(stream, commit);
        }
        catch (Exception e)
        {
            // The events are stored: a failed measurement must not look like a failed append.
            log.LogError(e, "Stored events were not measured");
        }

        return Task.CompletedTask;
    }

    private void Watch(StreamAction stream, IChangeSet commit)
    {
        var details = commit
            .Inserted.Concat(commit.Updated)
            .OfType<RequestDetails>()
            .LastOrDefault(request => request.Id == stream.Key);
        // The append gets a span of its own, because one run of the reconciler handles many requests. The span is
        // created after the commit, so it has no duration.
        using var span = Spans.StartActivity("append events");
        foreach (var e in stream.Events)
        {
            span?.AddEvent(new ActivityEvent(e.EventTypeName));
            if (details is not null && e.Data is AccessRequestEvent fact)
                Measure(details, fact);
            else if (e.Data is ClusterEvent.StrayBindingRemoved stray)
                measurements.Found(FindingKind.ObjectUnknown, stray.Count ?? 1);
            else if (e.Data is ClusterEvent.AuditIdReused reused)
                Alarm(reused, stream.Key);
        }

        if (details is not null)
            span?.SetTag("jit.request", details.Id)
                .SetTag("jit.cluster", details.Terms.Scope.Cluster)
                .SetTag("jit.status", JsonForm.Name(details.Status));
    }

    private void Alarm(ClusterEvent.AuditIdReused reused, string? stream)
    {
        measurements.Found(FindingKind.AuditIdReused, reused.Reused.Count);
        log.LogError(
            "Different actions have the same audit id, {Count} of them in {Stream}: somebody may want to hide a call",
            reused.Reused.Count,
            stream
        );
    }

    private void Measure(RequestDetails request, AccessRequestEvent fact)
    {
        var cluster = request.Terms.Scope.Cluster;
        switch (fact)
        {
            case Approved e:
                measurements.Decided(
                    e.At - request.RequestedAt,
                    e.BreakGlass is true ? "break-glass"
                        : e.Automatic ? "automatic"
                        : "approved"
                );
                break;
            case Denied e:
                measurements.Decided(e.At - request.RequestedAt, "denied");
                break;
            case Lapsed e:
                measurements.Decided(e.At - request.RequestedAt, "lapsed");
                break;
            case Activated e when LiveRequest.Of(request).BeginsAt() is { } due:
                measurements.Activated(e.At - due, cluster);
                break;
            case Ended { At: var at, Proof: var proof }:
                Revoked(request, at, proof);
                break;
            case Withdrawn { At: var at, Proof: { } proof }:
                Revoked(request, at, proof);
                break;
            case Failed { At: var at, Proof: { } proof }:
                Revoked(request, at, proof);
                break;
            case DriftFound e:
                measurements.Found(KindOf(e.Drift.Kind));
                break;
            case ReviewOverdue:
                measurements.Found(FindingKind.ReviewOverdue);
                break;
        }

        if (fact is Ended or Withdrawn or Failed or Denied or Lapsed)
            measurements.Finished(request.Status);
    }

    private void Revoked(RequestDetails request, DateTimeOffset at, DenialProof proof)
    {
        if (request.Ending is { } ending && LiveRequest.Of(request).EndDueAt() is { } due)
            measurements.Revoked(
                at - due,
                JsonForm.Name(ending.Cause),
                request.Terms.Scope.Cluster,
                JsonForm.Name(proof.Verdict)
            );
    }

    private static string KindOf(DriftKind drift) =>
        drift switch
        {
            DriftKind.Missing => FindingKind.BindingMissing,
            DriftKind.Edited => FindingKind.BindingEdited,
            DriftKind.Returned => FindingKind.BindingReturned,
            _ => FindingKind.BindingStray,
        };
}
