namespace JitFunctions.Domain.Grants;

public enum EndingCause
{
    Expired,
    Relinquished,
    Revoked,
    Withdrawn,
    ActivationFailed,

    /// <summary>Its role came to allow a dangerous right that nobody approved.</summary>
    RoleGrown,

    /// <summary>Its objects or its role were changed more often than a grant is put right.</summary>
    Tampered,
}
