using JitFunctions.Domain.Text;

namespace JitFunctions.Domain.Grants;

/// <summary>What was found in a cluster and belongs to no request; kept in a stream per cluster.</summary>
public abstract record ClusterEvent
{
    private ClusterEvent() { }

    /// <summary>
    /// Objects of one namespace that claim to be ours and belong to no request that the event store knows. One run of
    /// the reconciler writes one of these for a namespace, and another only beyond <see cref="MostDescribed"/>: the
    /// members before <paramref name="At"/> tell of the first object.
    /// </summary>
    /// <param name="Role">The role it gave, as <c>kind/name</c>; of what gives none, its own kind and name.</param>
    /// <param name="Subjects">To whom, as <c>kind/name</c>; of many only the first, and how many more there
    /// are.</param>
    /// <param name="Count">How many objects this event tells of; absent when it is one.</param>
    /// <param name="Others">The others; in events of before, some of them.</param>
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
        /// <summary>The most objects that one event describes, the first among them.</summary>
        public const int MostDescribed = 2000;

        /// <summary>
        /// Each object is in one of these, those that gave the most and the rarest roles in the first.
        /// </summary>
        /// <param name="removed">All of the same namespace.</param>
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
                // Who has the role comes before how often they have it.
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

        // Of these many objects the subjects are listed, as far as MostSubjects; of each other one subject.
        private const int InFull = 20;

        // Whoever may make bindings by the thousand in a namespace can make Roles there too, and no ClusterRoles.
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

/// <param name="Role">The role it gave, as <c>kind/name</c>; of what gives none, its own kind and name.</param>
public sealed record RemovedObject(string Name, string Role, IReadOnlyList<string> Subjects)
{
    /// <summary>The most subjects that are listed of one object.</summary>
    public const int MostSubjects = 20;

    private const string More = " more (";

    /// <summary>The most subjects that are listed of one object among many; a hash stands for the others.</summary>
    public const int FewSubjects = 1;

    /// <summary>As an event holds it; the same when it is so already.</summary>
    public RemovedObject Shortened() => Shortened(MostSubjects);

    internal RemovedObject Shortened(int subjects)
    {
        // A subject has a slash, after its kind; how many more there are has none.
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
