namespace JitFunctions.Domain.Policies;

/// <summary>The state of the policies that publishing needs.</summary>
/// <param name="InForce">The last published version.</param>
/// <param name="LastRejected">The rejected version, if the latest version was rejected.</param>
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
    /// Returns the event to record for a version that was found at the source; null if the version is already in force
    /// or already known to be invalid.
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
