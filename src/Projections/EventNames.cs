using JitFunctions.Domain.Grants;
using JitFunctions.Domain.Requests;

namespace JitFunctions.Projections;

/// <summary>The stored name of every event type. A name, once stored, stays; the C# name may change.</summary>
public static class EventNames
{
    public static readonly IReadOnlyDictionary<Type, string> All = new Dictionary<Type, string>
    {
        [typeof(AccessRequestEvent.Requested)] = "access_requested",
        [typeof(AccessRequestEvent.Reviewed)] = "request_reviewed",
        [typeof(AccessRequestEvent.Approved)] = "request_approved",
        [typeof(AccessRequestEvent.Denied)] = "request_denied",
        [typeof(AccessRequestEvent.Withdrawn)] = "request_withdrawn",
        [typeof(AccessRequestEvent.Lapsed)] = "request_lapsed",
        [typeof(AccessRequestEvent.ActivationStarted)] = "activation_started",
        [typeof(AccessRequestEvent.ActivationDelayed)] = "activation_delayed",
        [typeof(AccessRequestEvent.Activated)] = "access_activated",
        [typeof(AccessRequestEvent.EndingStarted)] = "ending_started",
        [typeof(AccessRequestEvent.RevocationDelayed)] = "revocation_delayed",
        [typeof(AccessRequestEvent.Ended)] = "access_ended",
        [typeof(AccessRequestEvent.Failed)] = "request_failed",
        [typeof(AccessRequestEvent.DriftFound)] = "drift_found",
        [typeof(ClusterEvent.StrayBindingRemoved)] = "stray_binding_removed",
    };
}
