using JitFunctions.Domain.Grants;
using JitFunctions.Domain.Identity;
using JitFunctions.Domain.Policies;
using JitFunctions.Domain.Requests;
using JitFunctions.Domain.Scopes;
using JitFunctions.Domain.Tests.Samples;
using static JitFunctions.Domain.Requests.AccessRequestCommand;
using static JitFunctions.Domain.Requests.AccessRequestEvent;
using static JitFunctions.Domain.Tests.Samples.ExpectedEvents;
using static JitFunctions.Domain.Tests.Samples.Scenario;

namespace JitFunctions.Domain.Tests.Requests;

public sealed class LifecycleTests
{
    private static readonly Eligibility Go = new Eligibility.Go(Seen);

    [Fact]
    public void A_grant_expires_at_its_expiry_and_not_a_tick_earlier()
    {
        In(RequestStatus.Active).ThenNothing(new Expire(Noon.AddMinutes(30).AddTicks(-1)));
        In(RequestStatus.Active)
            .Then(new Expire(Noon.AddMinutes(30)), EndingBySystem(EndingCause.Expired, null, Noon.AddMinutes(30)));
    }

    [Fact]
    public void A_request_lapses_when_nobody_decides_in_time()
    {
        Pending().ThenNothing(new Lapse(Noon.AddHours(4).AddTicks(-1)));
        Pending().Then(new Lapse(Noon.AddHours(4)), new Lapsed(Noon.AddHours(4)));
        In(RequestStatus.Approved).ThenNothing(new Lapse(Noon.AddHours(5)));
    }

    [Fact]
    public void What_ends_is_closed_by_its_cause_and_with_the_proof()
    {
        var later = Noon.AddMinutes(1);
        var confirmed = new ConfirmRevocation(DeniedProof, later);
        In(RequestStatus.Ending).Then(confirmed, new Ended(EndingCause.Expired, DeniedProof, later));
        In(RequestStatus.Activating)
            .Do(new Withdraw(Alice, "mistake", Noon))
            .Then(confirmed, new Withdrawn(Alice.Principal, "mistake", later, DeniedProof));
        In(RequestStatus.Activating)
            .Do(new AbandonActivation("no such namespace", Noon))
            .Then(confirmed, new Failed("no such namespace", later, DeniedProof));
    }

    [Theory]
    [InlineData(RequestStatus.Pending, "The grant is not active yet: withdraw the request instead.")]
    [InlineData(RequestStatus.Approved, "The grant is not active yet: withdraw the request instead.")]
    [InlineData(RequestStatus.Activating, "The grant is not active yet: withdraw the request instead.")]
    [InlineData(RequestStatus.Denied, "There is no grant to relinquish.")]
    public void Who_relinquishes_what_is_not_active_learns_what_to_do_instead(RequestStatus status, string expected) =>
        Assert.Equal(expected, In(status).ThenRefused(new Relinquish(Alice, null, Noon), "wrong-state").Detail);

    [Fact]
    public void An_automatic_policy_approves_when_the_request_is_made()
    {
        var automatic = Policy with { Automatic = true, ApproverGroups = [], Requirements = [] };
        EventAssert.Equal(
            [
                new Requested(
                    Alice.Principal,
                    ["payments-devs"],
                    Terms,
                    automatic,
                    Noon.AddHours(4),
                    "f",
                    Noon,
                    RoleRights,
                    [],
                    Seen,
                    ReviewBy: null,
                    OtherAccounts: []
                ),
                new Approved(Automatic: true, Noon.AddHours(1), Noon),
            ],
            AccessRequestDecider.Open(Alice, Terms, automatic, RoleRights, [], "f", Noon)
        );
    }

    [Fact]
    public void Withdrawing_while_the_rights_may_be_in_the_cluster_takes_them_out_first()
    {
        var scenario = In(RequestStatus.Activating).Do(new Withdraw(Alice, "mistake", Noon));
        Assert.Equal(RequestStatus.Ending, scenario.State.Status);
        scenario.ThenNothing(new ConfirmActivation(Noon.AddMinutes(30), [Binding], Noon));
        scenario.Do(new ConfirmRevocation(DeniedProof, Noon));
        Assert.Equal(RequestStatus.Withdrawn, scenario.State.Status);
    }

    [Fact]
    public void Activation_that_comes_too_late_after_a_revocation_does_not_make_the_grant_active()
    {
        var scenario = In(RequestStatus.Activating).Do(new Revoke(Carol, null, Noon));
        scenario.ThenNothing(new ConfirmActivation(Noon.AddMinutes(30), [Binding], Noon));
    }

    [Fact]
    public void Activation_is_given_up_when_the_cluster_stays_away()
    {
        var scenario = In(RequestStatus.Activating)
            .Do(new DelayActivation("away", Noon))
            .Do(new DecideActivation(Go, Noon + AccessRequestDecider.ActivationWindow));
        Assert.Equal(EndingCause.ActivationFailed, scenario.State.Ending!.Cause);
        scenario.Do(new ConfirmRevocation(DeniedProof, Noon));
        Assert.Equal(RequestStatus.Failed, scenario.State.Status);
    }

    [Fact]
    public void An_activation_that_took_longer_than_the_grant_lasts_is_none()
    {
        var scenario = In(RequestStatus.Activating)
            .Do(new ConfirmActivation(Noon.AddMinutes(30), [Binding], Noon.AddMinutes(30)));
        Assert.Equal(
            (RequestStatus.Ending, EndingCause.ActivationFailed),
            (scenario.State.Status, scenario.State.Ending!.Cause)
        );
    }

    [Fact]
    public void An_activation_that_ends_after_its_hours_is_none()
    {
        var hours = new AccessHours("UTC", [new([Noon.DayOfWeek], new(8, 0), new(12, 10))]);
        Opened(Policy with { Hours = hours })
            .Approve(Bob)
            .Begin()
            .Then(
                new ConfirmActivation(Noon.AddMinutes(40), [Binding], Noon.AddMinutes(10)),
                EndingBySystem(
                    EndingCause.ActivationFailed,
                    "The grant expired before all of its objects were applied.",
                    Noon.AddMinutes(10)
                )
            );
    }

    [Theory]
    [InlineData(5, 30, 30)]
    [InlineData(5, 35, 35)]
    [InlineData(5, 36, 35)]
    [InlineData(5, 600, 35)]
    public void A_grant_never_lasts_longer_than_was_decided_whatever_activation_says(
        int confirmed,
        int said,
        int expected
    )
    {
        var scenario = In(RequestStatus.Activating)
            .Do(new ConfirmActivation(Noon.AddMinutes(said), [Binding], Noon.AddMinutes(confirmed)));
        Assert.Equal(Noon.AddMinutes(expected), scenario.State.ExpiresAt);
    }

    [Fact]
    public void A_grant_never_lasts_longer_than_its_hours()
    {
        var hours = new AccessHours("UTC", [new([Noon.DayOfWeek], new(8, 0), new(12, 10))]);
        var scenario = Opened(Policy with { Hours = hours }).Approve(Bob).Begin().Confirm();
        Assert.Equal(Noon.AddMinutes(10), scenario.State.ExpiresAt);
    }

    [Fact]
    public void An_approval_long_ago_activates_nothing() =>
        In(RequestStatus.Approved)
            .Then(
                new DecideActivation(Go, Noon.AddHours(1)),
                EndingBySystem(EndingCause.ActivationFailed, "It could not be activated in time.", Noon.AddHours(1))
            );

    [Theory]
    [InlineData(1, 0, AlarmLevel.Warning)]
    [InlineData(3, 0, AlarmLevel.Error)]
    [InlineData(1, 10, AlarmLevel.Critical)]
    public void The_severity_of_a_delayed_revocation_grows(int attempt, int minutes, AlarmLevel expected)
    {
        var scenario = In(RequestStatus.Ending);
        for (var i = 1; i < attempt; i++)
            scenario.Do(new DelayRevocation("away", Noon.AddMinutes(30)));

        var now = Noon.AddMinutes(30 + minutes);
        scenario.Then(new DelayRevocation("away", now), new RevocationDelayed(attempt, expected, "away", now));
    }

    [Fact]
    public void Only_the_requester_relinquishes_and_withdraws()
    {
        In(RequestStatus.Active).ThenRefused(new Relinquish(Bob, null, Noon), "not-the-requester");
        In(RequestStatus.Pending).ThenRefused(new Withdraw(Carol, null, Noon), "not-the-requester");
    }

    [Fact]
    public void Approvers_and_administrators_revoke_and_nobody_else()
    {
        In(RequestStatus.Active).Then(new Revoke(Bob, "why", Noon), EndingBy(Bob, EndingCause.Revoked, "why"));
        In(RequestStatus.Active).Then(new Revoke(Carol, null, Noon), EndingBy(Carol, EndingCause.Revoked));
        In(RequestStatus.Active).ThenRefused(new Revoke(Mallory, null, Noon), "not-allowed");
        In(RequestStatus.Active).ThenRefused(new Revoke(Alice, null, Noon), "not-allowed");
    }

    [Fact]
    public void A_missing_binding_is_reported_once()
    {
        var drift = new Drift(DriftKind.Missing, "payments", Binding.Name, "gone", DriftRemedy.Reported);
        var scenario = In(RequestStatus.Active).Do(new ReportDrift(drift, Noon));
        scenario.ThenNothing(new ReportDrift(drift, Noon.AddMinutes(1)));
        var other = drift with { Namespace = "other" };
        scenario.Then(new ReportDrift(other, Noon), new DriftFound(other, Noon));
    }

    [Fact]
    public void A_scheduled_start_is_waited_for_and_not_a_tick_less()
    {
        var scenario = Scheduled();
        scenario.ThenNothing(
            new DecideActivation(new Eligibility.Go(scenario.State.ScopeHash), Noon.AddHours(2).AddTicks(-1))
        );
        scenario.ThenNothing(new DecideActivation(new Eligibility.Refuse("gone"), Noon.AddHours(2).AddTicks(-1)));
        scenario.Then(
            new DecideActivation(new Eligibility.Go(scenario.State.ScopeHash), Noon.AddHours(2)),
            new ActivationStarted(Noon.AddHours(2))
        );
    }

    [Fact]
    public void Activation_is_tried_for_its_time_from_the_scheduled_start_on()
    {
        Assert.Equal(Noon.AddHours(2) + AccessRequestDecider.ActivationWindow, Scheduled().State.ActivateBy);
        Assert.Equal(
            Noon + AccessRequestDecider.ActivationWindow,
            Opened(Policy, Terms with { Start = Noon.AddHours(-2) }).Approve(Bob).State.ActivateBy
        );
    }

    [Fact]
    public void The_clock_starts_with_the_activation()
    {
        var scenario = Scheduled().Begin(Noon.AddHours(2)).Confirm(Noon.AddHours(2).AddMinutes(10));
        Assert.Equal(
            (Noon.AddHours(2).AddMinutes(10), Noon.AddHours(2).AddMinutes(40)),
            (scenario.State.ActivatedAt, scenario.State.ExpiresAt)
        );
    }

    [Fact]
    public void What_is_not_as_it_was_decided_is_not_activated()
    {
        In(RequestStatus.Approved).ThenNothing(new DecideActivation(new Eligibility.Go("sha256:other"), Noon));
        In(RequestStatus.Approved)
            .Then(
                new DecideActivation(new Eligibility.Refuse("changed"), Noon),
                EndingBySystem(EndingCause.ActivationFailed, "changed", Noon)
            );
        In(RequestStatus.Approved)
            .Then(new DecideActivation(new Eligibility.NotYet("away"), Noon), new ActivationDelayed(1, "away", Noon));
    }

    [Fact]
    public void What_changes_while_activation_is_tried_again_ends_it() =>
        In(RequestStatus.Activating)
            .Then(
                new DecideActivation(new Eligibility.Refuse("changed"), Noon),
                EndingBySystem(EndingCause.ActivationFailed, "changed", Noon)
            );

    [Fact]
    public void Another_account_of_the_requester_may_end_what_it_may_not_prolong()
    {
        var second = new Caller(new("issuer#alice-2", "alice-adm@example.com"), [])
        {
            OtherAccounts = ["alice@example.com"],
        };
        In(RequestStatus.Active)
            .Then(new Relinquish(second, "done", Noon), EndingBy(second, EndingCause.Relinquished, "done"));
        Pending().Then(new Withdraw(second, "mistake", Noon), new Withdrawn(second.Principal, "mistake", Noon));
        In(RequestStatus.Active)
            .ThenRefused(new Extend(second, TimeSpan.FromMinutes(5), "more", null, Noon), "not-the-requester");
    }
}
