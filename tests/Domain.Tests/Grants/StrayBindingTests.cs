using JitFunctions.Domain.Grants;
using static JitFunctions.Domain.Tests.Samples.Scenario;

namespace JitFunctions.Domain.Tests.Grants;

/// <summary>What an event says about objects that belong to no request and were removed.</summary>
public sealed class StrayBindingTests
{
    [Fact]
    public void The_most_powerful_roles_come_first() =>
        Assert.Equal(
            ["e", "d", "c", "b", "a"],
            Order(
                new("a", "Role/own", []),
                new("b", "ClusterRole/view", []),
                new("c", "ClusterRole/edit", []),
                new("d", "ClusterRole/admin", []),
                new("e", "ClusterRole/cluster-admin", [])
            )
        );

    [Fact]
    public void Of_roles_with_the_same_power_the_rarer_one_comes_first() =>
        Assert.Equal(
            ["c", "a", "b"],
            Order(new("a", "ClusterRole/x", []), new("b", "ClusterRole/x", []), new("c", "ClusterRole/y", []))
        );

    [Fact]
    public void All_subjects_are_named_for_the_first_twenty_objects_and_one_for_each_other_object()
    {
        var all = Described([.. Enumerable.Range(0, 21).Select(i => Bound($"b-{i:00}", subjects: 3))]);
        Assert.Equal(["User/0", "User/1", "User/2"], all[19].Subjects);
        Assert.Equal((2, "User/0"), (all[20].Subjects.Count, all[20].Subjects[0]));
        Assert.StartsWith("2 more (sha256:", all[20].Subjects[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Subjects_that_were_left_out_before_are_still_counted()
    {
        var before = Bound("z", subjects: 25).Shortened();
        var stronger = Bound("b", subjects: 1) with { Role = "ClusterRole/admin" };
        var last = Described([.. Enumerable.Repeat(stronger, 20), before])[20];
        Assert.Equal(["User/0", $"19 more, and {before.Subjects[20]}"], last.Subjects);
        Assert.StartsWith("5 more (sha256:", before.Subjects[20], StringComparison.Ordinal);
    }

    [Fact]
    public void A_removed_binding_is_recorded_with_its_role_and_its_subjects_and_another_object_with_its_name()
    {
        GrantObjectRef binding = new(GrantObjectKind.RoleBinding, "payments", $"jit-{Id}");
        AssertRemoved(
            new($"jit-{Id}", "ClusterRole/edit", ["User/alice"]),
            binding,
            new ObjectContent.Binding("ClusterRole", "edit", [RbacSubject.User("alice")])
        );
        AssertRemoved(
            new($"jit-{Id}", $"Secret/jit-{Id}", []),
            binding with
            {
                Kind = GrantObjectKind.Secret,
            },
            new ObjectContent.Credential(GrantObjectKind.Secret)
        );
    }

    [Fact]
    public void The_events_of_a_cluster_have_a_stream_of_their_own() =>
        Assert.Equal("cluster-demo", ClusterEvent.StreamFor("demo"));

    [Theory]
    [InlineData("payments", GrantObjectKind.RoleBinding)]
    [InlineData(null, GrantObjectKind.ClusterRoleBinding)]
    public void A_binding_without_a_namespace_is_a_cluster_role_binding(string? ns, GrantObjectKind kind) =>
        Assert.Equal(kind, BindingRef.KindIn(ns));

    private static RemovedObject Bound(string name, int subjects) =>
        new(name, "ClusterRole/edit", [.. Enumerable.Range(0, subjects).Select(i => $"User/{i}")]);

    private static string[] Order(params RemovedObject[] removed) => [.. Described(removed).Select(one => one.Name)];

    private static List<RemovedObject> Described(IReadOnlyList<RemovedObject> removed)
    {
        var all = Assert.Single(ClusterEvent.StrayBindingRemoved.AllOf("payments", removed, Noon));
        return [new(all.Name, all.Role, all.Subjects), .. all.Others!];
    }

    private static void AssertRemoved(RemovedObject expected, GrantObjectRef found, ObjectContent content)
    {
        var removed = new ObservedObject(found, "uid", "1", new(null, null, null), null, content).AsRemoved();
        Assert.Equal((expected.Name, expected.Role), (removed.Name, removed.Role));
        Assert.Equal(expected.Subjects, removed.Subjects);
    }
}
