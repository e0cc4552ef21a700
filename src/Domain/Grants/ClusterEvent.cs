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

    public static string StreamFor(string cluster) => $"cluster-{cluster}";
}

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
