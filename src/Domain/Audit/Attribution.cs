namespace JitFunctions.Domain.Audit;

/// <summary>To which grant an action belongs, and how surely. The ids are those of requests.</summary>
public abstract record Attribution
{
    private Attribution() { }

    /// <summary>
    /// The grant allowed it: its service account acted, or the authorizer named its binding. That it was the grant is
    /// certain. That only the grant would have allowed it is not.
    /// </summary>
    /// <param name="AlsoCoveredBy">Other grants of the subject that would have allowed it. The API server names one of
    /// several bindings at random.</param>
    /// <param name="IsAfterEnd">True if it happened after the grant was proven to be over: its objects existed
    /// again.</param>
    public sealed record Exact(string Grant, IReadOnlyList<string> AlsoCoveredBy, bool IsAfterEnd) : Attribution;

    /// <summary>A standing binding allowed it while grants of the subject were live.</summary>
    /// <param name="Grants">Those that were live.</param>
    /// <param name="AlsoCoveredBy">Those of them that would have allowed it too.</param>
    public sealed record NotNeeded(IReadOnlyList<string> Grants, IReadOnlyList<string> AlsoCoveredBy) : Attribution;

    /// <summary>It was refused.</summary>
    /// <param name="Grants">The grant of the service account that tried it; otherwise all grants of the subject that
    /// were live at that time.</param>
    /// <param name="IsByTime">True if only the time connects it with the grants: no binding is named for what is
    /// refused.</param>
    public sealed record Attempt(IReadOnlyList<string> Grants, bool IsByTime) : Attribution;

    /// <summary>It was allowed by something else than a binding of the subject.</summary>
    /// <param name="Grants">The grants of the subject that were live at that time; may be empty if there is a
    /// <paramref name="NamedGrant"/>.</param>
    /// <param name="NamedGrant">The grant whose binding was named, although the user who acted does not hold
    /// it.</param>
    public sealed record AllowedOtherwise(OtherwiseCause Cause, IReadOnlyList<string> Grants, string? NamedGrant = null)
        : Attribution;

    /// <summary>It has to do with no grant.</summary>
    public sealed record Unrelated : Attribution;
}

public enum OtherwiseCause
{
    /// <summary>The caller acted as somebody else, whose rights were used.</summary>
    Impersonation,

    /// <summary>The authorizer gave no reason, as for the group <c>system:masters</c>.</summary>
    NoReason,

    /// <summary>The reason is not of the RBAC authorizer, or cannot be read.</summary>
    OtherAuthorizer,

    /// <summary>
    /// The binding is for another user than the one who acted: an impersonation that the source does not tell.
    /// </summary>
    OtherSubject,

    /// <summary>The binding has the name of a grant that the caller does not hold.</summary>
    GrantOfAnother,
}
