using JitFunctions.Domain.Audit;
using JitFunctions.Domain.Rights;
using JitFunctions.Domain.Scopes;
using JitFunctions.Domain.Tests.Rights;

namespace JitFunctions.Domain.Tests.Audit;

/// <summary>Short ways to write events and grants.</summary>
internal static class Actions
{
    public const string Alice = "alice@example.com";
    public const string GrantA = "aaaaaaaaaaaa";
    public const string GrantB = "bbbbbbbbbbbb";
    public const string Account = $"system:serviceaccount:jit-access:jit-{GrantA}";

    public static readonly DateTimeOffset Noon = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);
    public static readonly RbacRule[] Edit =
    [
        Rules.Rule("get list watch delete create", "pods pods/exec secrets configmaps"),
    ];

    /// <summary>A delete of a pod by alice that a grant's binding allowed.</summary>
    public static readonly AuditEvent Deleted = new(
        AuditLevel.Metadata,
        "audit-1",
        AuditStage.ResponseComplete,
        "delete",
        "/api/v1/namespaces/payments/pods/web-1",
        User(Alice),
        null,
        new("", "pods", null, "payments", "web-1"),
        Noon,
        Noon.AddMilliseconds(3)
    )
    {
        Code = 200,
        Decision = "allow",
        Reason = ByRoleBinding($"jit-{GrantA}"),
    };

    public static AuditUser User(string name) => new(name, ["system:authenticated"], []);

    public static string ByRoleBinding(string name, string ns = "payments", string user = Alice) =>
        $"RBAC: allowed by RoleBinding \"{name}/{ns}\" of ClusterRole \"edit\" to User \"{user}\"";

    public static string ByClusterRoleBinding(string name, string user = Alice) =>
        $"RBAC: allowed by ClusterRoleBinding \"{name}\" of ClusterRole \"edit\" to User \"{user}\"";

    public static AuditEvent Refused(AuditEvent action) =>
        action with
        {
            Code = 403,
            FailureReason = "Forbidden",
            Decision = "forbid",
            Reason = "",
        };

    /// <summary>A live grant, by default of alice in payments.</summary>
    public static SubjectGrant Grant(
        string id,
        string? ns = "payments",
        string subject = Alice,
        IReadOnlyList<RbacRule>? rules = null
    ) =>
        new(
            id,
            new Scope("demo", ns is null ? [] : [ns], ns is null, new RoleRef(RoleKind.ClusterRole, "edit")),
            subject,
            IsEphemeral: subject.StartsWith("system:serviceaccount:", StringComparison.Ordinal),
            [new(ns is null ? [] : [ns], rules ?? Edit)],
            Noon.AddMinutes(-10),
            Until: null
        );
}
