using JitFunctions.Domain.Grants;
using JitFunctions.Domain.Requests;
using JitFunctions.Domain.Scopes;
using JitFunctions.Domain.Tests.Samples;
using static JitFunctions.Domain.Requests.FoundObjectAction;
using static JitFunctions.Domain.Scopes.RequestStatus;

namespace JitFunctions.Domain.Tests.Requests;

/// <summary>
/// What is done about an object that carries the label of the product, by whose it says it is and what it is named
/// after.
/// </summary>
public sealed class FoundObjectTests
{
    private const string Own = "7h2k9m3xq0ab";
    private const string Other = "9z8y7x6w5v4t";
    private static readonly DateTimeOffset Noon = Scenario.Noon;
    private static readonly Installation Installation = new(Own, Noon.AddDays(-1));
    private static readonly GrantObjectRef Part = new(GrantObjectKind.RoleBinding, "payments", $"jit-{Scenario.Id}");

    [Theory]
    [InlineData(Active, Compare)]
    [InlineData(Activating, Leave)]
    [InlineData(Ending, Leave)]
    public void What_is_part_of_a_live_grant_is_its_own_whatever_its_label_says(
        RequestStatus status,
        FoundObjectAction action
    )
    {
        foreach (var label in new[] { Own, Other, null })
            Assert.Equal(action, Decide(label, status, Part));
    }

    [Theory]
    [InlineData(Own, RemoveFromRequest)]
    [InlineData(null, RemoveFromRequest)]
    [InlineData(Other, ReportForeign)]
    public void What_is_part_of_a_grant_that_is_over_is_removed_unless_another_installation_claims_it(
        string? label,
        FoundObjectAction action
    )
    {
        foreach (var status in new[] { Pending, Approved, Denied, Withdrawn, Lapsed, Failed, Ended })
            Assert.Equal(action, Decide(label, status, Part));
    }

    [Fact]
    public void Whoever_makes_a_binding_of_a_past_grant_again_and_again_does_not_fill_the_events_of_that_grant()
    {
        var found = new FoundObject("demo", Part, Own, Noon);
        var ended = Scenario.In(Ended).State;
        Assert.Equal(
            RemoveFromRequest,
            found.Decide(ended with { Alterations = AlterationLimit.Most - 1 }, Installation, true, "jit-access")
        );
        Assert.Equal(
            RemoveUnknown,
            found.Decide(ended with { Alterations = AlterationLimit.Most }, Installation, true, "jit-access")
        );
    }

    [Theory]
    [InlineData(Own, RemoveUnknown)]
    [InlineData(null, ReportForeign)]
    [InlineData(Other, ReportForeign)]
    public void What_names_no_request_that_is_known_is_removed_only_under_our_own_label(
        string? label,
        FoundObjectAction action
    )
    {
        Assert.Equal(action, Decide(label, named: null, Part));
        Assert.Equal(action, Decide(label, named: null, Part with { Name = "by-hand" }));
        Assert.Equal(action, Decide(label, named: null, new(GrantObjectKind.ClusterRoleBinding, null, Part.Name)));
    }

    [Fact]
    public void An_event_store_without_any_grant_removes_nothing()
    {
        foreach (var label in new[] { Own, Other, null })
        {
            foreach (var named in new RequestStatus?[] { null, Pending, Approved, Denied, Withdrawn, Lapsed, Failed })
            {
                Assert.Equal(ReportForeign, Decide(label, named, Part, storeHasGrants: false));
                Assert.Equal(ReportForeign, Decide(label, named, Part, cluster: "renamed", storeHasGrants: false));
            }
        }
    }

    [Fact]
    public void What_is_older_than_the_event_store_is_not_of_its_making()
    {
        Assert.Equal(ReportForeign, Decide(Own, named: null, Part, madeAt: Installation.Since.AddSeconds(-1)));
        Assert.Equal(RemoveUnknown, Decide(Own, named: null, Part, madeAt: Installation.Since));
        // The API server leaves off the fraction of a second.
        Assert.Equal(RemoveUnknown, Decide(Own, named: null, Part, madeAt: Installation.Since.AddSeconds(-0.5)));
    }

    [Theory]
    [InlineData(Active, ReportElsewhere)]
    [InlineData(Activating, ReportElsewhere)]
    [InlineData(Ending, RemoveUnknown)]
    [InlineData(Ended, RemoveUnknown)]
    [InlineData(Pending, RemoveUnknown)]
    public void What_names_a_live_grant_of_another_cluster_stays_until_that_ends(
        RequestStatus status,
        FoundObjectAction action
    )
    {
        foreach (var label in new[] { Own, null })
            Assert.Equal(action, Decide(label, status, Part, cluster: "renamed"));
        Assert.Equal(ReportForeign, Decide(Other, status, Part, cluster: "renamed"));
    }

    [Theory]
    [InlineData(GrantObjectKind.RoleBinding, "orders")]
    [InlineData(GrantObjectKind.ClusterRoleBinding, null)]
    [InlineData(GrantObjectKind.Role, "payments")]
    [InlineData(GrantObjectKind.ServiceAccount, "jit-access")]
    [InlineData(GrantObjectKind.Secret, "jit-access")]
    public void What_a_grant_does_not_consist_of_is_removed_however_it_is_named(GrantObjectKind kind, string? ns)
    {
        foreach (var label in new[] { Own, null })
            Assert.Equal(RemoveUnknown, Decide(label, Active, Part with { Kind = kind, Namespace = ns }));
    }

    [Theory]
    [InlineData($"jit-{Scenario.Id}", Scenario.Id)]
    [InlineData($"jit-{Scenario.Id}-x", null)]
    [InlineData($"JIT-{Scenario.Id}", null)]
    [InlineData($"xyz-{Scenario.Id}", null)]
    [InlineData("jit-", null)]
    [InlineData(Scenario.Id, null)]
    public void Only_the_whole_name_of_a_grant_object_names_its_request(string name, string? request) =>
        Assert.Equal(request, new FoundObject("demo", Part with { Name = name }, Own, Noon).RequestId);

    [Fact]
    public void A_grant_consists_of_bindings_and_what_they_need()
    {
        var request = Scenario.In(Active).State;
        Assert.Equal([Part], request.Objects("jit-access"));
        var scope = request.Terms.Scope;
        var adHoc = request with
        {
            Terms = request.Terms with { Scope = scope with { Role = null, Rules = Scenario.RoleRights[0].Rules } },
        };
        Assert.Equal([Part with { Kind = GrantObjectKind.Role }, Part], adHoc.Objects("jit-access"));
        var wide = request with
        {
            Terms = request.Terms with { Scope = scope with { Namespaces = [], ClusterWide = true } },
        };
        Assert.Equal([new(GrantObjectKind.ClusterRoleBinding, null, Part.Name)], wide.Objects("jit-access"));
        var ephemeral = Scenario.Ephemeral().State;
        Assert.Equal(
            [
                new(GrantObjectKind.Secret, "lent", Part.Name),
                new(GrantObjectKind.ServiceAccount, "lent", Part.Name),
                Part,
            ],
            ephemeral.Objects("lent")
        );
    }

    [Fact]
    public void Removals_of_a_namespace_are_one_event_in_which_each_is_told_the_most_powerful_roles_first()
    {
        // Subjects of their own, and names that come first, in a harmless role, a rarer one, and one that only this
        // namespace has.
        var decoys = Enumerable
            .Range(0, 1200)
            .Select(i => new RemovedObject($"chaff-{i:0000}", "ClusterRole/view", [$"User/{i}"]));
        var own = Enumerable.Range(0, 50).Select(i => new RemovedObject($"own-{i:00}", $"Role/own-{i}", [$"User/{i}"]));
        var events = ClusterEvent
            .StrayBindingRemoved.AllOf(
                "payments",
                [
                    .. decoys,
                    .. own,
                    new("edits", "ClusterRole/edit", ["User/eve"]),
                    new("zz", "ClusterRole/admin", [.. Enumerable.Range(0, 500).Select(i => $"User/u{i}")]),
                ],
                Noon
            )
            .ToList();

        Assert.Equal((1, 1252), (events.Count, events.Sum(e => e.Count)));
        Assert.Equal(("zz", "ClusterRole/admin", 1252), (events[0].Name, events[0].Role, events[0].Count));
        Assert.Equal((21, "480 more (sha256:"), (events[0].Subjects.Count, events[0].Subjects[^1][..17]));
        Assert.Equal("ClusterRole/edit", events[0].Others![0].Role);
        Assert.Equal(
            1252,
            events.SelectMany(e => e.Others!.Select(one => one.Name).Prepend(e.Name)).Distinct().Count()
        );
        var once = new RemovedObject(
            "a",
            "ClusterRole/admin",
            [.. Enumerable.Range(0, 500).Select(i => $"User/u{i}")]
        ).Shortened();
        Assert.Equal(once.Subjects, once.Shortened().Subjects);
        var single = Assert.Single(
            ClusterEvent.StrayBindingRemoved.AllOf(null, [new("a", "ClusterRole/view", [])], Noon)
        );
        Assert.Equal((null, null), (single.Count, single.Others));
    }

    [Fact]
    public void Of_many_with_the_same_role_the_one_for_somebody_else_comes_before_copies()
    {
        var copies = Enumerable
            .Range(0, 200)
            .Select(i => new RemovedObject($"copy-{i:000}", "ClusterRole/admin", ["User/alice"]));
        var events = ClusterEvent
            .StrayBindingRemoved.AllOf("payments", [.. copies, new("zz", "ClusterRole/admin", ["User/mallory"])], Noon)
            .ToList();
        Assert.Equal("User/mallory", Assert.Single(events[0].Others![0].Subjects));
        var cut = ClusterEvent.StrayBindingRemoved.AllOf(
            "payments",
            [new(new('n', 1_000_000), "Role/" + new string('r', 1_000_000), [new('s', 1_000_000)])],
            Noon
        );
        Assert.InRange(System.Text.Json.JsonSerializer.Serialize(Assert.Single(cut)).Length, 1, 2000);
    }

    private static FoundObjectAction Decide(
        string? label,
        RequestStatus? named,
        GrantObjectRef found,
        string cluster = "demo",
        bool storeHasGrants = true,
        DateTimeOffset? madeAt = null
    ) =>
        new FoundObject(cluster, found, label, madeAt ?? Noon).Decide(
            named is { } status ? Scenario.In(status).State : null,
            Installation,
            storeHasGrants,
            "jit-access"
        );
}
