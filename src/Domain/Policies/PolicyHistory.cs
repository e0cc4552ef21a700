namespace JitFunctions.Domain.Policies;

/// <summary>The state of the policies as far as publishing needs it.</summary>
/// <param name="InForce">The last version that was published.</param>
/// <param name="LastRejected">The version that was rejected since, if the last one that came was.</param>
public sealed record PolicyHistory(PolicyEvent.Published? InForce, string? LastRejected)
{
    public static readonly PolicyHistory Empty = new(null, null);

    public static PolicyHistory Evolve(PolicyHistory state, PolicyEvent @event) =>
        @event switch
        {
            PolicyEvent.Published published => new(published, null),
            PolicyEvent.Rejected rejected => state with { LastRejected = rejected.Version },
            _ => state,
        };

    /// <summary>
    /// What to record of a version that was found at the source; nothing when it is the one in force, or known to be
    /// invalid.
    /// </summary>
    public PolicyEvent? Decide(PolicyEvent found) =>
        found switch
        {
            PolicyEvent.Published published => published.Version == InForce?.Version && LastRejected is null
                ? null
                : published,
            PolicyEvent.Rejected rejected => rejected.Version == LastRejected ? null : rejected,
            _ => null,
        };
}
