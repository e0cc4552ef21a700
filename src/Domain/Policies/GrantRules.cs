namespace JitFunctions.Domain.Policies;

/// <summary>The rule for extending an active grant.</summary>
/// <param name="MaxDuration">The longest single extension.</param>
/// <param name="Total">The maximum total time of the grant, from its activation.</param>
/// <param name="Reviewed">True when each extension needs the approvals again.</param>
public sealed record ExtensionRule(TimeSpan MaxDuration, TimeSpan Total, bool Reviewed);

/// <summary>The rule for break-glass: rights are activated before the approvals, and reviewed afterwards.</summary>
/// <param name="ReviewWithin">The time after the request within which the skipped approvers must review it.</param>
public sealed record BreakGlassRule(TimeSpan MaxDuration, TimeSpan ReviewWithin);

/// <summary>
/// What happens to an active grant when its role is changed so that it allows a dangerous right that nobody approved.
/// </summary>
public enum RoleGrowthResponse
{
    /// <summary>The grant ends.</summary>
    End,

    /// <summary>The change is recorded and raises an alarm.</summary>
    Report,
}

/// <summary>
/// What happens to a request for rights that a live grant of the same person has in part, where both would be bound to
/// the person's own user name.
/// </summary>
public enum Overlap
{
    /// <summary>It is refused.</summary>
    Refuse,

    /// <summary>If the live grant has all of the rights, it is extended; otherwise the request is refused.</summary>
    Merge,

    /// <summary>Both exist, and an action that both allow belongs to neither for sure.</summary>
    Allow,
}

/// <summary>The account to which a grant binds the role.</summary>
public enum Enforcement
{
    /// <summary>
    /// The requester's own user name in the cluster is bound: the audit log of the API server names the human.
    /// </summary>
    Identity,

    /// <summary>
    /// A service account is created and bound for this grant only, and the requester receives a token for it. This
    /// works even if the cluster does not know the requester, and the token ends with the grant.
    /// </summary>
    Ephemeral,
}
