using JitFunctions.Domain.Policies;
using JitFunctions.Domain.Scopes;

namespace JitFunctions.Domain.Tests.Policies;

public sealed class PolicyWarningsTests
{
    private static readonly RoleRef View = new(RoleKind.ClusterRole, "view");
    private static readonly RoleRef Typo = new(RoleKind.ClusterRole, "veiw");
    private static readonly RoleRef Debugger = new(RoleKind.Role, "debugger");

    [Fact]
    public void What_exists_is_no_warning() =>
        Assert.Empty(
            PolicyWarnings.Of(
                Set(Policy(["prod"], View, Debugger)),
                [Cluster("prod", (View, [""]), (Debugger, ["payments"]))],
                Groups(("devs", true), ("leads", true), ("contractors", true))
            )
        );

    [Theory]
    [InlineData("prdo", "p.yaml:3: no cluster that is configured is called 'prdo': payments gives nothing there.")]
    [InlineData("prdo-*", "p.yaml:3: no cluster that is configured matches 'prdo-*': payments gives nothing there.")]
    public void A_cluster_that_is_not_configured_is_named_with_its_place(string pattern, string told) =>
        Assert.Equal(
            [told],
            PolicyWarnings.Of(Set(Policy([pattern, "prod"], View)), [Cluster("prod", (View, [""]))], null)
        );

    [Fact]
    public void A_role_that_does_not_exist_is_named_with_the_clusters_that_lack_it() =>
        Assert.Equal(
            ["p.yaml:5: ClusterRole/veiw does not exist in prod, stage."],
            PolicyWarnings.Of(
                Set(Policy(["*"], View, Typo)),
                [Cluster("prod", (View, [""]), (Typo, [])), Cluster("stage", (View, [""]), (Typo, []))],
                null
            )
        );

    [Theory]
    [InlineData("payments", false)]
    [InlineData("payments-eu", false)]
    [InlineData("orders", true)]
    public void A_Role_has_to_be_in_a_namespace_that_the_policy_means(string ns, bool lacking) =>
        Assert.Equal(
            lacking ? ["p.yaml:5: Role/debugger does not exist in prod, in none of the policy's namespaces."] : [],
            PolicyWarnings.Of(Set(Policy(["prod"], Debugger)), [Cluster("prod", (Debugger, [ns]))], null)
        );

    [Fact]
    public void A_cluster_that_was_not_asked_is_a_warning_of_its_own_and_nothing_lacks_there() =>
        Assert.Equal(
            ["Not all roles in cluster prod were checked: prod did not answer in time."],
            PolicyWarnings.Of(
                Set(Policy(["prod"], Typo)),
                [Cluster("prod") with { Failure = "prod did not answer in time." }],
                null
            )
        );

    [Fact]
    public void A_group_that_the_directory_does_not_have_is_named_wherever_it_stands()
    {
        var set = Set(Policy(["prod"], View)) with { Administrators = ["admins"], Auditors = ["auditors"] };

        Assert.Equal(["admins", "auditors", "devs", "leads", "contractors"], PolicyWarnings.GroupsIn(set));
        Assert.Equal(
            [
                "administrators: the directory has no group 'admins'.",
                "p.yaml:2: the directory has no group 'devs'.",
                "p.yaml:7: the directory has no group 'leads'.",
                "d.yaml:2: the directory has no group 'contractors'.",
                "Not all groups were checked: Microsoft Graph does not answer.",
            ],
            PolicyWarnings.Of(
                set,
                [Cluster("prod", (View, [""]))],
                Groups(("admins", false), ("devs", false), ("leads", false), ("contractors", false)) with
                {
                    Failure = "Microsoft Graph does not answer.",
                }
            )
        );
    }

    [Fact]
    public void Without_a_directory_no_group_is_a_warning() =>
        Assert.Empty(PolicyWarnings.Of(Set(Policy(["prod"], View)), [Cluster("prod", (View, [""]))], null));

    // It would be taken for a protection, and be none.
    [Fact]
    public void A_denial_of_what_does_not_exist_is_a_warning_too()
    {
        var set = Set(Policy(["prod"], View)) with
        {
            Denials = [Freeze with { Clusters = [new("prdo")], Roles = [] }, Freeze with { Roles = [Typo] }],
        };

        Assert.Equal(
            [
                "d.yaml:4: no cluster that is configured is called 'prdo': freeze denies nothing there.",
                "d.yaml:5: ClusterRole/veiw does not exist in prod.",
            ],
            PolicyWarnings.Of(set, [Cluster("prod", (View, [""]), (Typo, []))], null)
        );
    }

    // A denial is about any cluster where it says nothing: that one of them lacks the role is no mistake.
    [Fact]
    public void A_denial_of_a_role_that_some_cluster_has_is_none() =>
        Assert.Empty(
            PolicyWarnings.Of(
                Set() with
                {
                    Denials = [Freeze with { Roles = [View] }],
                },
                [Cluster("prod", (View, [""])), Cluster("stage", (View, []))],
                null
            )
        );

    [Fact]
    public void Roles_are_looked_up_where_they_are_meant_only()
    {
        var set = Set(Policy(["prod"], View, Debugger), Policy(["stage-*"], Typo)) with
        {
            Denials = [Freeze with { Clusters = [new("prod")], Roles = [View] }],
        };

        Assert.Equal([View, Debugger], PolicyWarnings.RolesFor(set, "prod"));
        Assert.Equal([Typo], PolicyWarnings.RolesFor(set, "stage-1"));
        Assert.Empty(PolicyWarnings.RolesFor(set, "other"));
    }

    [Fact]
    public void The_number_of_warnings_is_limited()
    {
        var many = PolicyWarnings.Of(Set([.. Enumerable.Range(0, 300).Select(_ => Policy(["prdo"], View))]), [], null);

        Assert.Equal((201, "There are 100 more warnings than these."), (many.Count, many[^1]));
    }

    private static readonly Denial Freeze = new(
        "freeze",
        new Subjects(["contractors"], [], [], []),
        [],
        [],
        [],
        [],
        "No."
    )
    {
        Source = new(
            "d.yaml",
            1,
            new Dictionary<string, long>
            {
                ["groups"] = 2,
                ["clusters"] = 4,
                ["roles"] = 5,
            }
        ),
    };

    private static AccessPolicy Policy(string[] clusters, params RoleRef[] roles) =>
        new(
            "payments",
            new Subjects(["devs"], [], [], []),
            new ScopeLimits(
                [.. clusters.Select(name => new NamePattern(name))],
                [new("payments"), new("payments-*")],
                new Dictionary<string, string>(),
                false,
                roles,
                []
            ),
            new TimeLimits(TimeSpan.FromHours(1), TimeSpan.FromHours(1), TimeSpan.FromHours(1), TimeSpan.Zero, null),
            new ApprovalRule([new(["leads"], 1)], null)
        )
        {
            Source = new(
                "p.yaml",
                1,
                new Dictionary<string, long>
                {
                    ["groups"] = 2,
                    ["clusters"] = 3,
                    ["roles"] = 5,
                    ["approval"] = 7,
                }
            ),
        };

    private static PolicySet Set(params AccessPolicy[] policies) =>
        new("sha256:00", [], [], new([]), [Freeze], policies);

    private static KnownCluster Cluster(string name, params (RoleRef Role, string[] Places)[] roles) =>
        new(name, roles.ToDictionary(role => role.Role, role => (IReadOnlyList<string>)role.Places), null);

    private static KnownGroups Groups(params (string Group, bool Exists)[] groups) =>
        new(groups.ToDictionary(group => group.Group, group => group.Exists), null);
}
