using JitFunctions.Domain.Rights;
using JitFunctions.Domain.Scopes;

namespace JitFunctions.Domain.Audit;

/// <summary>A grant on the cluster of an audit log, live or ended, as the attribution of actions needs it.</summary>
/// <param name="Subject">Who holds the rights, as the cluster's user name: the requester, or for an ephemeral grant its
/// service account, <c>system:serviceaccount:…</c>.</param>
/// <param name="IsEphemeral">True if the subject exists for this grant only.</param>
/// <param name="Rights">The rights that the scope gives, aggregation resolved.</param>
/// <param name="From">When the activation started, which is before its first object was applied.</param>
/// <param name="Until">When the denial was proven, which is after its last object was removed; null while the cluster
/// may hold the rights.</param>
public sealed record SubjectGrant(
    string RequestId,
    Scope Scope,
    string Subject,
    bool IsEphemeral,
    IReadOnlyList<NamespacedRules> Rights,
    DateTimeOffset From,
    DateTimeOffset? Until
)
{
    /// <summary>By how much the clock of an API server may differ from the app's.</summary>
    public static readonly TimeSpan MostClockDifference = TimeSpan.FromSeconds(2);

    /// <param name="at">According to the clock of the API server.</param>
    public bool IsLiveAt(DateTimeOffset at) => From - MostClockDifference <= at && !IsOverAt(at);

    public bool IsOverAt(DateTimeOffset at) => at > Until + MostClockDifference;

    /// <summary>True if the rights of the grant allow the call, as the RBAC authorizer decides.</summary>
    public bool Allows(AuditEvent action) =>
        Rights.Any(placed =>
            action.Target is { } target
                ? (placed.ClusterWide || (target.Namespace is { } ns && placed.Namespaces.Contains(ns)))
                    && RuleCoverage.Allows(placed.Rules, Access(action.Verb, target))
                : placed.ClusterWide && RuleCoverage.AllowsUrl(placed.Rules, action.Verb, Path(action.RequestUri))
        );

    // The authorizer sees the name in the path. A create has none there; its name in the event comes from the body.
    private static ResourceAccess Access(string verb, AuditedObject target) =>
        new(
            verb,
            target.ApiGroup,
            target.ResourceInRules,
            verb == "create" && target.Subresource is null ? null : target.Name
        );

    private static string Path(string uri) =>
        uri.IndexOf('?', StringComparison.Ordinal) is >= 0 and var query ? uri[..query] : uri;
}
