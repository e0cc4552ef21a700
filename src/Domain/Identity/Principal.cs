namespace JitFunctions.Domain.Identity;

/// <summary>Someone, or a part of the system, that acts.</summary>
/// <param name="Subject">Unique and never reused: the token's issuer and subject, joined by <c>#</c>.</param>
/// <param name="Username">The user name by which a cluster knows this person; it becomes the subject of bindings.</param>
public sealed record Principal(string Subject, string Username)
{
    /// <summary>The system itself: timers, orchestrations and the reconciler.</summary>
    public static readonly Principal System = new("system", "system:jit-access");

    /// <summary>
    /// True when either name is the same. A second account with the same cluster user name, or the same account under
    /// another user name, is still the same person where separation of duties is at stake.
    /// </summary>
    public bool IsSamePersonAs(Principal other) =>
        Subject == other.Subject || string.Equals(Username, other.Username, StringComparison.OrdinalIgnoreCase);
}
