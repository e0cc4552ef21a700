using JitFunctions.Domain.Requests;
using JitFunctions.Domain.Rights;

namespace JitFunctions.Domain.Tests.Requests;

public sealed class AlreadyHeldTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);
    private static readonly RbacRule Read = new([""], ["pods", "configmaps"], ["get", "list"]);
    private static readonly RbacRule ReadPods = new([""], ["pods"], ["get"]);
    private static readonly RbacRule DeletePods = new([""], ["pods"], ["delete"]);
    private static readonly RbacRule ReadOne = new([""], ["pods"], ["get"], ["consumer-1"]);

    public static TheoryData<string, NamespacedRules[], NamespacedRules[], bool> Cases =>
        new()
        {
            { "the same", [In(["a"], Read)], [In(["a"], Read)], true },
            { "less of it", [In(["a"], ReadPods)], [In(["a"], Read)], true },
            { "one object of all", [In(["a"], ReadOne)], [In(["a"], Read)], true },
            { "all of one object", [In(["a"], ReadPods)], [In(["a"], ReadOne)], false },
            { "another verb", [In(["a"], ReadPods, DeletePods)], [In(["a"], Read)], false },
            { "two rules that add up", [In(["a"], ReadPods, DeletePods)], [In(["a"], Read, DeletePods)], true },
            { "another namespace", [In(["b"], ReadPods)], [In(["a"], Read)], false },
            { "one namespace too many", [In(["a", "b"], ReadPods)], [In(["a"], Read)], false },
            { "two namespaces apart", [In(["a", "b"], ReadPods)], [In(["a"], Read), In(["b"], ReadPods)], true },
            { "a namespace of the whole cluster", [In(["a"], ReadPods)], [In([], Read)], true },
            { "the whole cluster by a namespace", [In([], ReadPods)], [In(["a"], Read)], false },
            { "the whole cluster", [In([], ReadPods)], [In([], Read)], true },
            { "a role without rules", [], [In(["a"], Read)], false },
            { "one of two places", [In(["a"], ReadPods), In(["b"], DeletePods)], [In(["a"], Read)], false },
        };

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_grant_counts_when_it_gives_all_that_is_asked(
        string what,
        NamespacedRules[] asked,
        NamespacedRules[] held,
        bool expected
    )
    {
        Assert.NotEmpty(what);
        var found = AlreadyHeld.Of(asked, Noon, [new HeldGrant("held", held, Noon.AddMinutes(5))], []);

        Assert.Equal(expected ? new AlreadyHeld("held", Noon.AddMinutes(5), null) : null, found);
    }

    [Fact]
    public void Two_grants_are_not_added_up_and_the_one_that_lasts_longer_is_named()
    {
        Assert.Null(
            AlreadyHeld.Of(
                [In(["a"], ReadPods, DeletePods)],
                Noon,
                [
                    new("one", [In(["a"], Read)], Noon.AddMinutes(5)),
                    new("two", [In(["a"], DeletePods)], Noon.AddMinutes(5)),
                ],
                []
            )
        );
        Assert.Equal(
            "longer",
            AlreadyHeld
                .Of(
                    [In(["a"], ReadPods)],
                    Noon,
                    [
                        new("one", [In(["a"], Read)], Noon.AddMinutes(5)),
                        new("longer", [In(["a"], Read)], Noon.AddMinutes(9)),
                    ],
                    []
                )!
                .Grant
        );
    }

    [Fact]
    public void A_grant_that_is_over_before_the_start_does_not_count() =>
        Assert.Null(
            AlreadyHeld.Of(
                [In(["a"], ReadPods)],
                Noon.AddHours(1),
                [new("held", [In(["a"], Read)], Noon.AddHours(1))],
                []
            )
        );

    [Fact]
    public void What_the_cluster_allows_counts_when_all_that_was_asked_is_allowed()
    {
        const string Reason = "RBAC: allowed by RoleBinding \"team/a\" of ClusterRole \"edit\" to Group \"devs\"";
        var yes = new AccessAnswer(true, Reason);

        Assert.Equal($"{Reason} (2 of its rights were asked for)", Standing(yes, yes));
        Assert.Null(Standing(yes, new(false, null)));
        Assert.Null(Standing());
        Assert.Equal("no reason is given (1 of its rights were asked for)", Standing(new AccessAnswer(true, "")));
    }

    [Fact]
    public void Many_and_long_reasons_are_shortened()
    {
        var standing = Standing([
            .. Enumerable.Range(0, 20).Select(i => new AccessAnswer(true, $"{i}{new string('x', 1000)}")),
        ])!;

        Assert.InRange(standing.Length, 900, 1000);
        Assert.Contains("; and 17 more (20 of", standing, StringComparison.Ordinal);
    }

    [Fact]
    public void Three_reasons_and_a_reason_of_the_longest_length_are_not_shortened()
    {
        var longest = new string('x', 300);
        Assert.Equal(
            $"{longest}; b; c (3 of its rights were asked for)",
            Standing(new(true, longest), new(true, "b"), new(true, "c"))
        );
    }

    private static string? Standing(params AccessAnswer[] answers) =>
        AlreadyHeld.Of([In(["a"], ReadPods)], Noon, [], answers)?.Standing;

    private static NamespacedRules In(string[] namespaces, params RbacRule[] rules) => new(namespaces, rules);
}
