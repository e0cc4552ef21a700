namespace JitFunctions.Domain.Policies;

/// <summary>One part of a request that a policy does not cover.</summary>
/// <param name="Field">The field of the policy that does not cover it.</param>
/// <param name="IsUnresolved">True when it cannot be determined whether the policy covers it, for example because a
/// cluster does not answer.</param>
public sealed record PolicyMismatch(string Field, string Message, bool IsUnresolved = false);
