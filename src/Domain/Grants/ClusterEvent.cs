using JitFunctions.Domain.Text;

namespace JitFunctions.Domain.Grants;

/// <summary>What was found in a cluster and belongs to no request; kept in a stream per cluster.</summary>
public abstract record ClusterEvent
{
    private ClusterEvent() { }

    /// <summary>
    /// Objects of one namespace that claim to be ours and belong to no request that the event store knows. One run of the reconciler
    /// writes one of these for a namespace: the members before <paramref name="At"/> tell of the first object.
    /// </summary>
    /// <param name="Role">The role it gave, as <c>kind/name</c>; of what gives none, its own kind and name.</param>
    /// <param name="Subjects">To whom, as <c>kind/name</c>; of many only the first, and how many more there are.</param>
    /// <param name="Count">How many objects were removed; absent when it was one.</param>
    /// <param name="Others">Some of the others, such as give different roles to different people.</param>
    public sealed record StrayBindingRemoved(
        string? Namespace, string Name, string Role, IReadOnlyList<string> Subjects, DateTimeOffset At, int? Count = null,
        IReadOnlyList<RemovedObject>? Others = null) : ClusterEvent
    {
        /// <summary>The most objects that one event describes, the first among them.</summary>
        public const int MostDescribed = 20;

        /// <param name="removed">At least one, all of the same namespace.</param>
        public static StrayBindingRemoved Of(string? ns, IReadOnlyList<RemovedObject> removed, DateTimeOffset at)
        {
            // Each combination of role and subjects first, so that many copies of a harmless one do not hide another.
            var described = removed.OrderBy(one => one.Name, StringComparer.Ordinal).Select(one => one.Shortened())
                .GroupBy(one => (one.Role, string.Join('\n', one.Subjects)))
                .SelectMany(same => same.Select((one, index) => (one, index)))
                .OrderBy(one => one.index).Take(MostDescribed).Select(one => one.one).ToList();
            return removed is [_]
                ? new(ns, described[0].Name, described[0].Role, described[0].Subjects, at)
                : new(ns, described[0].Name, described[0].Role, described[0].Subjects, at, removed.Count, described[1..]);
        }
    }

    public static string StreamFor(string cluster) => $"cluster-{cluster}";
}

/// <param name="Role">The role it gave, as <c>kind/name</c>; of what gives none, its own kind and name.</param>
public sealed record RemovedObject(string Name, string Role, IReadOnlyList<string> Subjects)
{
    /// <summary>The most subjects that are listed of one object.</summary>
    public const int MostSubjects = 20;

    /// <summary>As an event holds it; the same when it is so already.</summary>
    public RemovedObject Shortened() => Subjects.Count == MostSubjects + 1 && !Subjects[^1].Contains('/') ? this : new(
        ShortText.Name(Name), ShortText.Name(Role),
        [
            .. Subjects.Take(MostSubjects).Select(ShortText.Name),
            .. Subjects.Count <= MostSubjects ? (string[])[] : [$"{Subjects.Count - MostSubjects} more"],
        ]);
}
