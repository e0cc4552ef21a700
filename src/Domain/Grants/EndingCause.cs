namespace JitFunctions.Domain.Grants;

public enum EndingCause
{
    Expired,
    Relinquished,
    Revoked,
    Withdrawn,
    ActivationFailed,

    /// <summary>The role was changed so that it allows a dangerous right that nobody approved.</summary>
    RoleGrown,

    /// <summary>The objects or the role of the grant were changed more often than the limit allows.</summary>
    Tampered,
}
