using JitFunctions.Domain.Text;

namespace JitFunctions.Domain.Grants;

/// <summary>An event of a cluster that belongs to no request. Each cluster has its own stream.</summary>
public abstract record ClusterEvent
{
    private ClusterEvent() { }

    /// <summary>
    /// Objects in one namespace that carry the label of this installation, but belong to no request in the event store.
    /// One run of the reconciler writes one such event for each namespace, and further events only beyond
    /// <see cref="MostDescribed"/>. The members before <paramref name="At"/> describe the first object.
    /// </summary>
    /// <param name="Role">The role that it granted, as <c>kind/name</c>; for an object without a role, its own kind and
    /// name.</param>
    /// <param name="Subjects">The subjects, as <c>kind/name</c>; if there are many, only the first ones and the number
    /// of the others.</param>
    /// <param name="Count">The number of objects in this event; absent if it is one.</param>
    /// <param name="Others">The other objects; events of earlier versions contain only some of them.</param>
    public sealed record StrayBindingRemoved(
        string? Namespace,
        string Name,
        string Role,
        IReadOnlyList<string> Subjects,
        DateTimeOffset At,
        int? Count = null,
        IReadOnlyList<RemovedObject>? Others = null
    ) : ClusterEvent
    {
        /// <summary>The maximum number of objects in one event, including the first.</summary>
        public const int MostDescribed = 2000;

        /// <summary>
        /// Returns events that contain each object once. The objects with the most powerful and the rarest roles are in
        /// the first event.
        /// </summary>
        /// <param name="removed">The removed objects, all from the same namespace.</param>
        public static IEnumerable<StrayBindingRemoved> AllOf(
            string? ns,
            IReadOnlyList<RemovedObject> removed,
            DateTimeOffset at
        ) =>
            removed
                .OrderBy(one => one.Name, StringComparer.Ordinal)
                .GroupBy(one => one.Role)
                .OrderBy(role => PowerOf(role.Key))
                .ThenBy(role => role.Count())
                // List each set of subjects once before repeating one.
                .SelectMany(role =>
                    role.GroupBy(one => string.Join('\n', one.Subjects))
                        .SelectMany(same => same.Select((one, copy) => (one, copy)))
                        .OrderBy(one => one.copy)
                        .Select(one => one.one)
                )
                .Select(
                    (one, index) =>
                        one.Shortened(index < InFull ? RemovedObject.MostSubjects : RemovedObject.FewSubjects)
                )
                .Chunk(MostDescribed)
                .Select(some =>
                    some is [var single]
                        ? new StrayBindingRemoved(ns, single.Name, single.Role, single.Subjects, at)
                        : new(ns, some[0].Name, some[0].Role, some[0].Subjects, at, some.Length, some[1..])
                );

        // For this many objects, up to MostSubjects subjects are listed; for each other object only one.
        private const int InFull = 20;

        // A user who can create thousands of bindings in a namespace can also create Roles there, but no ClusterRoles.
        private static int PowerOf(string role) =>
            role switch
            {
                "ClusterRole/cluster-admin" => 0,
                "ClusterRole/admin" => 1,
                "ClusterRole/view" => 3,
                _ when role.StartsWith("ClusterRole/", StringComparison.Ordinal) => 2,
                _ => 4,
            };
    }

    /// <summary>
    /// Actions and gaps of one delivery of the cluster's audit log that were not recorded before. With it, each of them
    /// is in the transparency log: the hash is that of the stored canonical bytes.
    /// </summary>
    /// <param name="Source">What delivered it: <c>webhook</c>, <c>aks</c>, <c>eks</c> or <c>gke</c>.</param>
    /// <param name="Actions">The SHA-256 of each action in hexadecimal digits.</param>
    /// <param name="Gaps">The SHA-256 of the first bytes of each event that cannot be read.</param>
    /// <param name="Counted">How many events of the delivery were counted instead of kept.</param>
    public sealed record ActionsRecorded(
        string Cluster,
        string Source,
        IReadOnlyList<string> Actions,
        IReadOnlyList<string> Gaps,
        long Counted,
        DateTimeOffset At
    ) : ClusterEvent
    {
        /// <summary>The maximum number of hashes in one event. A larger delivery has several.</summary>
        public const int MostHashes = 1000;

        public static IEnumerable<ActionsRecorded> AllOf(
            string cluster,
            string source,
            IReadOnlyList<string> actions,
            IReadOnlyList<string> gaps,
            long counted,
            DateTimeOffset at
        ) =>
            actions
                .Select(hash => (IsGap: false, Hash: hash))
                .Concat(gaps.Select(hash => (IsGap: true, Hash: hash)))
                .Chunk(MostHashes)
                .Select(
                    (some, index) =>
                        new ActionsRecorded(
                            cluster,
                            source,
                            [.. some.Where(one => !one.IsGap).Select(one => one.Hash)],
                            [.. some.Where(one => one.IsGap).Select(one => one.Hash)],
                            index == 0 ? counted : 0,
                            at
                        )
                );
    }

    /// <summary>
    /// Different recorded actions have the same audit id and stage. Whoever chooses the id of a call may want to hide
    /// it from readers that take the id for its identity. Recorded once for each audit id and stage.
    /// </summary>
    public sealed record AuditIdReused(IReadOnlyList<ReusedAuditId> Reused, DateTimeOffset At) : ClusterEvent;

    public static string StreamFor(string cluster) => $"cluster-{cluster}";
}

/// <param name="Stage">The stage of the calls, as the audit log names it.</param>
/// <param name="Subjects">The users of the actions.</param>
/// <param name="Actions">The hashes of the actions, as in <see cref="ClusterEvent.ActionsRecorded"/>.</param>
public sealed record ReusedAuditId(
    string AuditId,
    string Stage,
    IReadOnlyList<string> Subjects,
    IReadOnlyList<string> Actions
);

/// <param name="Role">The role that it granted, as <c>kind/name</c>; for an object without a role, its own kind and
/// name.</param>
public sealed record RemovedObject(string Name, string Role, IReadOnlyList<string> Subjects)
{
    /// <summary>The maximum number of subjects that are listed for one object.</summary>
    public const int MostSubjects = 20;

    private const string More = " more (";

    /// <summary>
    /// The maximum number of subjects that are listed for one object among many. A hash represents the others.
    /// </summary>
    public const int FewSubjects = 1;

    /// <summary>
    /// Returns the object in the form that an event contains. It does not change if it already has that form.
    /// </summary>
    public RemovedObject Shortened() => Shortened(MostSubjects);

    internal RemovedObject Shortened(int subjects)
    {
        // A subject contains a slash after its kind; the text with the number of further subjects does not.
        var more =
            Subjects is [.., var last] && last.Contains(More, StringComparison.Ordinal) && !last.Contains('/')
                ? last
                : null;
        var named = more is null ? Subjects : [.. Subjects.SkipLast(1)];
        var left =
            named.Count <= subjects ? null
            : more is null ? $"{named.Count - subjects}{More}{ShortText.Hash(string.Join('\n', named))})"
            : $"{named.Count - subjects} more, and {more}";
        return new(
            ShortText.Name(Name),
            ShortText.Name(Role),
            [
                .. named.Take(subjects).Select(ShortText.Name),
                .. (left ?? more) is { } end ? (string[])[ShortText.Name(end)] : [],
            ]
        );
    }
}
