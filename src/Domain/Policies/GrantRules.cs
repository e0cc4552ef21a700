namespace JitFunctions.Domain.Policies;

/// <summary>How an active grant may be made longer.</summary>
/// <param name="MaxDuration">By how much at once.</param>
/// <param name="Total">How long the grant may last in all, from its activation.</param>
/// <param name="Reviewed">True when each extension needs the approvals again.</param>
public sealed record ExtensionRule(TimeSpan MaxDuration, TimeSpan Total, bool Reviewed);

/// <summary>How rights are had without waiting for the approvals, which are then owed.</summary>
/// <param name="ReviewWithin">By when, after the request, the skipped approvers must have reviewed it.</param>
public sealed record BreakGlassRule(TimeSpan MaxDuration, TimeSpan ReviewWithin);

/// <summary>
/// What happens to an active grant when its role comes to allow a dangerous right that nobody approved.
/// </summary>
public enum RoleGrowthResponse
{
    /// <summary>The grant ends.</summary>
    End,

    /// <summary>It is recorded and alarmed about.</summary>
    Report,
}

/// <summary>How a grant is put into force.</summary>
public enum Enforcement
{
    /// <summary>The requester's own cluster identity is bound: the API server's audit names the human.</summary>
    Identity,

    /// <summary>
    /// A service account is made for the grant alone and bound; the requester is handed its token. It works where the
    /// cluster does not know the requester, and the token ends with the grant.
    /// </summary>
    Ephemeral,
}
