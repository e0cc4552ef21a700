namespace JitFunctions.Domain.Identity;

/// <summary>A person, or the system itself, who acts.</summary>
/// <param name="Subject">Unique and never reused: the issuer and the subject of the token, joined by <c>#</c>.</param>
/// <param name="Username">The user name by which a cluster knows this person; it becomes the subject of
/// bindings.</param>
public sealed record Principal(string Subject, string Username)
{
    /// <summary>The system itself: timers, orchestrations and the reconciler.</summary>
    public static readonly Principal System = new("system", "system:jit-access");
}
