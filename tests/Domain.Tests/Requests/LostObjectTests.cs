using JitFunctions.Domain.Grants;
using JitFunctions.Domain.Requests;
using JitFunctions.Domain.Scopes;
using static JitFunctions.Domain.Requests.AccessRequestCommand;
using static JitFunctions.Domain.Requests.AccessRequestEvent;
using static JitFunctions.Domain.Tests.Samples.ExpectedEvents;
using static JitFunctions.Domain.Tests.Samples.Scenario;

namespace JitFunctions.Domain.Tests.Requests;

/// <summary>A grant of which an object is gone is active and lacks something: that is part of its state.</summary>
public sealed class LostObjectTests
{
    private static readonly Drift BindingGone = Missing(GrantObjectKind.RoleBinding);

    [Fact]
    public void Each_lost_object_is_recorded_once_and_the_second_in_a_namespace_too()
    {
        var scenario = In(RequestStatus.Active).Do(new ReportDrift(BindingGone, Noon));
        scenario.ThenNothing(new ReportDrift(BindingGone, Noon.AddMinutes(1)));
        scenario.Then(
            new ReportDrift(Missing(GrantObjectKind.Role), Noon),
            new DriftFound(Missing(GrantObjectKind.Role), Noon)
        );
        var other = BindingGone with { Namespace = "other" };
        scenario.Then(new ReportDrift(other, Noon), new DriftFound(other, Noon));

        scenario.Do(new ReportDrift(Missing(GrantObjectKind.Role), Noon.AddMinutes(1)));
        Assert.Equal(
            [(GrantObjectKind.RoleBinding, Noon), (GrantObjectKind.Role, Noon.AddMinutes(1))],
            scenario.State.Lost.Select(lost => (lost.Kind!.Value, lost.At))
        );
    }

    [Fact]
    public void An_event_from_before_kinds_were_recorded_keeps_no_object_from_being_recorded()
    {
        var scenario = In(RequestStatus.Active).Do(new ReportDrift(BindingGone with { ObjectKind = null }, Noon));
        Assert.Null(Assert.Single(scenario.State.Lost).Kind);

        scenario.Do(new ReportDrift(BindingGone, Noon.AddMinutes(1)));
        Assert.Equal(GrantObjectKind.RoleBinding, Assert.Single(scenario.State.Lost).Kind);
    }

    [Fact]
    public void What_was_lost_before_kinds_were_recorded_can_return_too()
    {
        var scenario = In(RequestStatus.Active).Do(new ReportDrift(BindingGone with { ObjectKind = null }, Noon));
        Assert.True(scenario.State.Lacks(GrantObjectKind.RoleBinding, "payments"));
        Assert.False(scenario.State.Lacks(GrantObjectKind.RoleBinding, "other"));

        scenario.Do(new ReportDrift(BindingGone with { Kind = DriftKind.Returned }, Noon.AddMinutes(1)));
        Assert.Empty(scenario.State.Lost);
    }

    [Fact]
    public void A_grant_lacks_an_object_only_if_one_of_its_kind_and_namespace_is_lost()
    {
        var scenario = In(RequestStatus.Active).Do(new ReportDrift(Missing(GrantObjectKind.Role), Noon));
        Assert.True(scenario.State.Lacks(GrantObjectKind.Role, "payments"));
        Assert.False(scenario.State.Lacks(GrantObjectKind.RoleBinding, "payments"));
        Assert.False(scenario.State.Lacks(GrantObjectKind.Role, "other"));

        scenario.Do(new ReportDrift(BindingGone, Noon));
        Assert.True(scenario.State.Lacks(GrantObjectKind.RoleBinding, "payments"));
    }

    [Fact]
    public void An_object_that_is_lost_already_keeps_the_time_at_which_it_was_lost()
    {
        var lost = LostObjects.After([], BindingGone, Noon);
        Assert.Equal(lost, LostObjects.After(lost, BindingGone, Noon.AddMinutes(1)));
    }

    [Fact]
    public void An_object_that_belongs_to_no_grant_is_not_lost_when_it_is_removed() =>
        Assert.Empty(
            LostObjects.After([], BindingGone with { Kind = DriftKind.Stray, Remedy = DriftRemedy.Removed }, Noon)
        );

    [Theory]
    [InlineData(GrantObjectKind.RoleBinding, "payments", "RoleBinding b in payments")]
    [InlineData(GrantObjectKind.ClusterRoleBinding, null, "ClusterRoleBinding b")]
    [InlineData(null, "payments", "object b in payments")]
    public void A_lost_object_is_described_as_far_as_it_is_known(GrantObjectKind? kind, string? ns, string expected) =>
        Assert.Equal(expected, new LostObject(kind, ns, "b", Noon, "gone").Describe());

    [Theory]
    [InlineData(RequestStatus.Activating)]
    [InlineData(RequestStatus.Ending)]
    [InlineData(RequestStatus.Ended)]
    public void Of_a_grant_that_is_not_active_nothing_is_missing(RequestStatus status) =>
        In(status).ThenNothing(new ReportDrift(BindingGone, Noon));

    [Fact]
    public void Past_its_end_nothing_is_missing_either() =>
        In(RequestStatus.Active).ThenNothing(new ReportDrift(BindingGone, Noon.AddMinutes(30)));

    [Fact]
    public void What_returns_is_recorded_and_when_it_goes_again_that_is_too()
    {
        var returned = BindingGone with { Kind = DriftKind.Returned };
        var scenario = In(RequestStatus.Active);
        scenario.ThenNothing(new ReportDrift(returned, Noon));

        scenario.Do(new ReportDrift(BindingGone, Noon)).Do(new ReportDrift(returned, Noon));
        Assert.Empty(scenario.State.Lost);
        scenario.ThenNothing(new ReportDrift(returned, Noon));
        scenario.Then(new ReportDrift(BindingGone, Noon), new DriftFound(BindingGone, Noon));
    }

    [Fact]
    public void What_could_not_be_restored_and_was_removed_is_lost_and_what_was_restored_is_not()
    {
        var edited = new Drift(
            DriftKind.Edited,
            "payments",
            Binding.Name,
            "gave more",
            DriftRemedy.Removed,
            GrantObjectKind.RoleBinding
        );
        var scenario = In(RequestStatus.Active).Do(new ReportDrift(edited, Noon));
        Assert.Equal("gave more", Assert.Single(scenario.State.Lost).Detail);
        scenario.ThenNothing(new ReportDrift(BindingGone, Noon));

        scenario.Do(new ReportDrift(edited with { Remedy = DriftRemedy.Restored }, Noon));
        Assert.Empty(scenario.State.Lost);
    }

    [Fact]
    public void What_can_neither_be_restored_nor_removed_is_recorded_once_until_something_is_done_about_it()
    {
        var stuck = new Drift(
            DriftKind.Edited,
            "payments",
            Binding.Name,
            "gave more",
            DriftRemedy.Reported,
            GrantObjectKind.RoleBinding
        );
        var scenario = In(RequestStatus.Active).Do(new ReportDrift(stuck, Noon));
        scenario.ThenNothing(new ReportDrift(stuck, Noon.AddMinutes(1)));
        var worse = stuck with { Detail = "gave even more" };
        scenario.Then(new ReportDrift(worse, Noon), new DriftFound(worse, Noon));

        scenario.Do(new ReportDrift(stuck with { Remedy = DriftRemedy.Restored }, Noon));
        scenario.Then(new ReportDrift(stuck, Noon), new DriftFound(stuck, Noon));
    }

    [Fact]
    public void A_grant_that_lacks_something_is_not_extended_and_says_what_it_lacks()
    {
        var scenario = In(RequestStatus.Active).Do(new ReportDrift(BindingGone, Noon.AddMinutes(1)));

        var why = scenario.ThenRefused(
            new Extend(Alice, TimeSpan.FromMinutes(10), "more", null, Noon.AddMinutes(2)),
            "grant-incomplete"
        );

        Assert.Equal(
            $"The grant lacks RoleBinding {Binding.Name} in payments (since 2026-03-02T12:01:00Z). Relinquish it "
                + "and ask for a new one.",
            why.Detail
        );
    }

    [Fact]
    public void Nor_is_an_extension_approved_that_waited_while_something_was_lost()
    {
        var scenario = ExtensionWaits().Do(new ReportDrift(BindingGone, Noon));

        scenario.ThenRefused(scenario.Approval(Bob), "grant-incomplete");
        scenario.Then(
            scenario.Approval(Bob) with
            {
                Verdict = Verdict.Deny,
            },
            ExtensionReviewedBy(Bob, scenario.State.Extension!.ScopeHash, Verdict.Deny),
            new ExtensionDenied(Bob.Principal, null, Noon)
        );
    }

    [Fact]
    public void A_grant_with_lost_objects_can_be_relinquished() =>
        In(RequestStatus.Active)
            .Do(new ReportDrift(BindingGone, Noon))
            .Then(new Relinquish(Alice, null, Noon), EndingBy(Alice, EndingCause.Relinquished));

    private static Drift Missing(GrantObjectKind kind) =>
        new(DriftKind.Missing, "payments", Binding.Name, "somebody deleted it", DriftRemedy.Reported, kind);
}
