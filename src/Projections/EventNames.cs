using JitFunctions.Domain.Grants;
using JitFunctions.Domain.Policies;
using JitFunctions.Domain.Requests;

namespace JitFunctions.Projections;

/// <summary>The stored name of each event type. A stored name never changes; the C# name may change.</summary>
public static class EventNames
{
    public static readonly IReadOnlyDictionary<Type, string> All = new Dictionary<Type, string>
    {
        [typeof(AccessRequestEvent.Requested)] = "access_requested",
        [typeof(AccessRequestEvent.Reviewed)] = "request_reviewed",
        [typeof(AccessRequestEvent.Approved)] = "request_approved",
        [typeof(AccessRequestEvent.Narrowed)] = "request_narrowed",
        [typeof(AccessRequestEvent.ApprovalVoided)] = "approval_voided",
        [typeof(AccessRequestEvent.Denied)] = "request_denied",
        [typeof(AccessRequestEvent.Withdrawn)] = "request_withdrawn",
        [typeof(AccessRequestEvent.Lapsed)] = "request_lapsed",
        [typeof(AccessRequestEvent.ActivationStarted)] = "activation_started",
        [typeof(AccessRequestEvent.ActivationDelayed)] = "activation_delayed",
        [typeof(AccessRequestEvent.Activated)] = "access_activated",
        [typeof(AccessRequestEvent.CredentialIssued)] = "credential_issued",
        [typeof(AccessRequestEvent.ExtensionRequested)] = "extension_requested",
        [typeof(AccessRequestEvent.ExtensionReviewed)] = "extension_reviewed",
        [typeof(AccessRequestEvent.Extended)] = "access_extended",
        [typeof(AccessRequestEvent.ExtensionDenied)] = "extension_denied",
        [typeof(AccessRequestEvent.EndingStarted)] = "ending_started",
        [typeof(AccessRequestEvent.RevocationDelayed)] = "revocation_delayed",
        [typeof(AccessRequestEvent.Ended)] = "access_ended",
        [typeof(AccessRequestEvent.Failed)] = "request_failed",
        [typeof(AccessRequestEvent.DriftFound)] = "drift_found",
        [typeof(AccessRequestEvent.RoleGrown)] = "role_grown",
        [typeof(AccessRequestEvent.RoleShrunk)] = "role_shrunk",
        [typeof(AccessRequestEvent.FirstUsed)] = "access_first_used",
        [typeof(AccessRequestEvent.ApproversNotified)] = "approvers_notified",
        [typeof(AccessRequestEvent.BreakGlassReviewed)] = "break_glass_reviewed",
        [typeof(AccessRequestEvent.BreakGlassConcluded)] = "break_glass_settled",
        [typeof(AccessRequestEvent.ReviewOverdue)] = "break_glass_review_overdue",
        [typeof(PolicyEvent.Published)] = "policy_published",
        [typeof(PolicyEvent.Rejected)] = "policy_rejected",
        [typeof(ClusterEvent.StrayBindingRemoved)] = "stray_binding_removed",
        [typeof(ClusterEvent.ActionsRecorded)] = "actions_recorded",
        [typeof(ClusterEvent.AuditIdReused)] = "audit_id_reused",
        [typeof(InstallationEvent.Created)] = "installation_created",
    };
}
