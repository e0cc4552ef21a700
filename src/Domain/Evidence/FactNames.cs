namespace JitFunctions.Domain.Evidence;

/// <summary>The stored names of the events that decide what an evidence archive says. They never change.</summary>
public static class FactNames
{
    public const string Requested = "access_requested";
    public const string Reviewed = "request_reviewed";
    public const string Approved = "request_approved";
    public const string Narrowed = "request_narrowed";
    public const string ApprovalVoided = "approval_voided";
    public const string Denied = "request_denied";
    public const string Withdrawn = "request_withdrawn";
    public const string Lapsed = "request_lapsed";
    public const string ActivationStarted = "activation_started";
    public const string Activated = "access_activated";
    public const string ExtensionReviewed = "extension_reviewed";
    public const string Extended = "access_extended";
    public const string EndingStarted = "ending_started";
    public const string RevocationDelayed = "revocation_delayed";
    public const string Ended = "access_ended";
    public const string Failed = "request_failed";
    public const string DriftFound = "drift_found";
    public const string RoleGrown = "role_grown";
    public const string BreakGlassReviewed = "break_glass_reviewed";
    public const string BreakGlassConcluded = "break_glass_settled";
    public const string ReviewOverdue = "break_glass_review_overdue";
    public const string StrayRemoved = "stray_binding_removed";

    // Events of versions that record actions.
    public const string DossierSealed = "dossier_sealed";
    public const string ActionsRecorded = "actions_recorded";
    public const string AuditIdReused = "audit_id_reused";

    /// <summary>Whether a request is final after this event.</summary>
    public static bool IsFinal(string type) => type is Denied or Withdrawn or Lapsed or Ended or Failed;
}
