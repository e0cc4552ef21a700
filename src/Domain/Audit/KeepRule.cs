using JitFunctions.Domain.Grants;

namespace JitFunctions.Domain.Audit;

/// <summary>
/// Decides which events are kept as a whole. All others are counted, so that it can be checked that nothing is missing.
/// </summary>
public static class KeepRule
{
    private static readonly string[] Writes = ["create", "update", "patch", "delete", "deletecollection"];

    /// <param name="grants">Grants on the cluster, live and ended.</param>
    /// <param name="window">For how long after its end a grant still makes its subject of interest.</param>
    public static bool IsKept(AuditEvent action, IReadOnlyList<SubjectGrant> grants, TimeSpan window) =>
        // The call has another event, with the decision.
        action.Stage
            is not AuditStage.RequestReceived
        && (
            ChangesRights(action)
            || NamesGrant(action)
            || grants.Any(grant =>
                (grant.Subject == action.User.Name || grant.Subject == action.ImpersonatedUser?.Name)
                && grant.From - SubjectGrant.MostClockDifference <= action.StageAt
                && !(action.ReceivedAt > grant.Until + window)
            )
        );

    /// <summary>True for a call that changes who may do what, allowed or not.</summary>
    public static bool ChangesRights(AuditEvent action) =>
        action.Target is { } target
        && Writes.Contains(action.Verb)
        && (target.ApiGroup, target.Resource, target.Subresource) switch
        {
            ("rbac.authorization.k8s.io", _, _) => true,
            ("certificates.k8s.io", "certificatesigningrequests", null or "approval") => true,
            ("admissionregistration.k8s.io", "mutatingwebhookconfigurations" or "validatingwebhookconfigurations", _) =>
                true,
            ("", "serviceaccounts", "token") => true,
            _ => false,
        };

    // Whoever it is that uses the binding of a grant.
    private static bool NamesGrant(AuditEvent action) =>
        RbacReason.Parse(action.Reason) is { } reason && BindingRef.RequestIdIn(reason.Binding) is not null;
}
