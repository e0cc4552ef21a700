namespace JitFunctions.Domain.Policies;

/// <summary>One thing about a request that a policy does not cover.</summary>
/// <param name="Field">The policy's field that says so.</param>
/// <param name="IsUnresolved">True when it cannot be told whether the policy covers it, such as with a cluster that
/// does not answer.</param>
public sealed record PolicyMismatch(string Field, string Message, bool IsUnresolved = false);
