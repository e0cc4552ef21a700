namespace JitFunctions.Domain.Grants;

public enum EndingCause
{
    Expired,
    Relinquished,
    Revoked,
    Withdrawn,
    ActivationFailed,
}
