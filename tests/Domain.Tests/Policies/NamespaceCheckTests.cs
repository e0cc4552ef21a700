using JitFunctions.Domain.Policies;
using JitFunctions.Domain.Scopes;
using static JitFunctions.Domain.Policies.NamespaceState;

namespace JitFunctions.Domain.Tests.Policies;

public sealed class NamespaceCheckTests
{
    [Theory]
    [InlineData(null, Active, Active)]
    [InlineData("unknown-namespace: demo has no namespace b.", Active, Missing)]
    [InlineData("unknown-namespace: demo has no namespaces a, b.", Missing, Missing)]
    [InlineData("namespace-terminating: demo is deleting namespace a,", Terminating, Active)]
    [InlineData("namespace-terminating: demo is deleting namespaces a, b,", Terminating, Terminating)]
    [InlineData("unknown-namespace: demo has no namespace b.", Terminating, Missing)]
    public void A_namespace_that_cannot_take_a_binding_refuses_and_is_named(
        string? told,
        NamespaceState a,
        NamespaceState b
    )
    {
        var why = NamespaceCheck.WhyNot(In("a", "b"), Facts(("a", a), ("b", b)));

        if (told is null)
            Assert.Null(why);
        else
            Assert.StartsWith(told, $"{why!.Code}: {why.Detail}", StringComparison.Ordinal);
    }

    [Fact]
    public void Only_the_namespaces_of_the_request_matter() =>
        Assert.Null(NamespaceCheck.WhyNot(In("a"), Facts(("a", Active), ("b", Missing))));

    [Fact]
    public void The_whole_cluster_has_no_namespace_to_look_at() =>
        Assert.Null(
            NamespaceCheck.WhyNot(
                new Scope("demo", [], ClusterWide: true, new RoleRef(RoleKind.ClusterRole, "view")),
                ClusterFacts.None
            )
        );

    [Theory]
    [InlineData("demo did not answer in time.", "it is refused: demo did not answer in time. Try again later.")]
    [InlineData("demo answered 403: forbidden", "it is refused: demo answered 403: forbidden. Try again later.")]
    [InlineData(null, "it is refused: the cluster did not say. Try again later.")]
    public void What_the_cluster_did_not_say_is_indeterminate(string? trouble, string told)
    {
        var why = NamespaceCheck.WhyNot(In("a"), new ClusterFacts(null, [], trouble))!;

        Assert.Equal(Rejection.IndeterminateCode, why.Code);
        Assert.EndsWith(told, why.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void One_namespace_of_which_nothing_was_said_is_indeterminate() =>
        Assert.Equal(Rejection.IndeterminateCode, NamespaceCheck.WhyNot(In("a", "b"), Facts(("a", Missing)))!.Code);

    private static Scope In(params string[] namespaces) =>
        new("demo", namespaces, ClusterWide: false, new RoleRef(RoleKind.ClusterRole, "view"));

    private static ClusterFacts Facts(params (string Name, NamespaceState State)[] states) =>
        new(null, [], null) { NamespaceStates = states.ToDictionary(state => state.Name, state => state.State) };
}
