using JitFunctions.KubectlJit.Api;
using JitFunctions.KubectlJit.Output;

namespace JitFunctions.KubectlJit.Tests;

public sealed class DangerGroupTests
{
    private static readonly Danger Secrets = new(
        "read-secrets",
        "namespace",
        "can read secrets in payments: it may get secrets"
    );
    private static readonly Danger Pods = new("enter-pods", "namespace", "can run commands in pods in payments.");
    private static readonly Danger Everyone = new("impersonate", "cluster", "can act as others in the whole cluster");
    private static readonly Danger All = new("full-control", "cluster", "can do anything in the whole cluster");
    private static readonly Danger Team = new("full-control", "namespace", "can do anything in payments");

    [Fact]
    public void No_dangerous_rights_give_no_line() => Assert.Empty(DangerGroups.Lines([]));

    [Fact]
    public void One_dangerous_right_is_one_line() =>
        Assert.Equal(
            [("Danger", "can read secrets in payments: it may get secrets (read-secrets, within its namespaces)")],
            DangerGroups.Lines([Secrets])
        );

    [Fact]
    public void Those_of_the_whole_cluster_come_first_below_how_many_there_are() =>
        Assert.Equal(
            [
                ("Dangers", "1 in the whole cluster, 2 within its namespaces"),
                ("  cluster", "can act as others in the whole cluster (impersonate)"),
                ("  namespaces", "can read secrets in payments: it may get secrets (read-secrets)"),
                ("  namespaces", "can run commands in pods in payments (enter-pods)"),
            ],
            DangerGroups.Lines([Secrets, Pods, Everyone])
        );

    [Fact]
    public void Full_control_of_the_cluster_leaves_the_others_their_names() =>
        Assert.Equal(
            [
                ("Dangers", "2 in the whole cluster, 2 within its namespaces"),
                ("  cluster", "can do anything in the whole cluster (full-control)"),
                ("  cluster", "included in that: impersonate"),
                ("  namespaces", "included in that: read-secrets, enter-pods"),
            ],
            DangerGroups.Lines([All, Everyone, Secrets, Pods])
        );

    [Fact]
    public void Full_control_of_a_namespace_includes_nothing_of_the_cluster() =>
        Assert.Equal(
            [
                ("Dangers", "1 in the whole cluster, 2 within its namespaces"),
                ("  cluster", "can act as others in the whole cluster (impersonate)"),
                ("  namespaces", "can do anything in payments (full-control)"),
                ("  namespaces", "included in that: read-secrets"),
            ],
            DangerGroups.Lines([Team, Secrets, Everyone])
        );

    [Fact]
    public void A_reach_that_is_not_known_is_told_all_the_same() =>
        Assert.Equal(
            [
                ("Dangers", "1 within its namespaces, 1 elsewhere"),
                ("  namespaces", "can read secrets in payments: it may get secrets (read-secrets)"),
                ("  elsewhere", "leaves the cluster (escape)"),
            ],
            DangerGroups.Lines([new("escape", "galaxy", "leaves the cluster"), Secrets])
        );

    [Theory]
    [InlineData("cluster", "dangerous cluster-wide")]
    [InlineData("namespace", "dangerous")]
    public void A_list_tells_how_far(string reach, string expected) =>
        Assert.Equal(expected, DangerGroups.InShort([Secrets, Pods with { Reach = reach }]));
}
