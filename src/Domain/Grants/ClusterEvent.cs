namespace JitFunctions.Domain.Grants;

/// <summary>What was found in a cluster and belongs to no request; kept in a stream per cluster.</summary>
public abstract record ClusterEvent
{
    private ClusterEvent() { }

    /// <summary>An object that claims to be ours, for a request that the event store does not know.</summary>
    /// <param name="Role">The role it gave, as <c>kind/name</c>; of what gives none, its own kind and name.</param>
    /// <param name="Subjects">To whom, as <c>kind/name</c>.</param>
    public sealed record StrayBindingRemoved(
        string? Namespace, string Name, string Role, IReadOnlyList<string> Subjects, DateTimeOffset At) : ClusterEvent;

    public static string StreamFor(string cluster) => $"cluster-{cluster}";
}
