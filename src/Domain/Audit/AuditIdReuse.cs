namespace JitFunctions.Domain.Audit;

/// <summary>
/// Different events of one cluster that have the same audit id and stage. Each call has its own id, unless the client
/// chose one: then somebody may want to hide a call from readers that take the id for the identity of an event
/// (kubernetes/kubernetes issue 101597). An aggregated API server that sends its own audit log does the same.
/// </summary>
/// <param name="Events">The different events, at least two.</param>
public sealed record AuditIdReused(string AuditId, AuditStage Stage, IReadOnlyList<IdentifiedEvent> Events);

/// <param name="Hash">As in <see cref="ReceivedEvent"/>.</param>
public sealed record IdentifiedEvent(string AuditId, AuditStage Stage, string Hash, string User)
{
    public static IdentifiedEvent Of(ReceivedEvent received) =>
        new(received.Event.AuditId, received.Event.Stage, received.Hash, received.Event.User.Name);
}

public static class AuditIdReuse
{
    /// <param name="events">New events of one cluster, and the stored ones with the same audit ids. A repeat of an
    /// event is no reuse.</param>
    public static IReadOnlyList<AuditIdReused> Find(IEnumerable<IdentifiedEvent> events) =>
        [
            .. events
                .DistinctBy(one => (one.AuditId, one.Stage, one.Hash))
                .GroupBy(one => (one.AuditId, one.Stage))
                .Where(same => same.Skip(1).Any())
                .Select(same => new AuditIdReused(
                    same.Key.AuditId,
                    same.Key.Stage,
                    [.. same.OrderBy(one => one.Hash, StringComparer.Ordinal)]
                )),
        ];
}
