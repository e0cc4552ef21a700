using JitFunctions.Domain.Identity;
using JitFunctions.Domain.Requests;
using static JitFunctions.Domain.Requests.AccessRequestCommand;
using static JitFunctions.Domain.Tests.Requests.Scenario;

namespace JitFunctions.Domain.Tests.Requests;

public sealed class ReviewTests
{
    private static readonly Review BobApproves = new(Bob, Verdict.Approve, "go", Noon);

    [Fact]
    public void An_approver_approves() =>
        Pending().Then(BobApproves, typeof(AccessRequestEvent.Reviewed), typeof(AccessRequestEvent.Approved));

    [Fact]
    public void A_denial_ends_the_request() =>
        Pending().Then(new Review(Bob, Verdict.Deny, "no", Noon), typeof(AccessRequestEvent.Reviewed), typeof(AccessRequestEvent.Denied));

    [Fact]
    public void Nobody_reviews_their_own_request_not_even_as_an_approver_or_an_administrator() =>
        Pending().ThenRefused(new Review(Alice with { Groups = ["payments-leads"], IsAdministrator = true }, Verdict.Approve, null, Noon), "self-review");

    [Theory]
    [InlineData("other-issuer#alice-2", "alice@example.com")]
    [InlineData("other-issuer#alice-2", "ALICE@example.com")]
    [InlineData("issuer#alice", "alice.alias@example.com")]
    public void Another_account_of_the_same_person_does_not_help(string subject, string username) =>
        Pending().ThenRefused(new Review(new Caller(new(subject, username), ["payments-leads"]), Verdict.Approve, null, Noon), "self-review");

    [Fact]
    public void Nobody_may_deny_their_own_request_either() =>
        Pending().ThenRefused(new Review(Alice with { Groups = ["payments-leads"] }, Verdict.Deny, null, Noon), "self-review");

    [Fact]
    public void Administrators_are_no_approvers() => Pending().ThenRefused(new Review(Carol, Verdict.Approve, null, Noon), "not-an-approver");

    [Fact]
    public void Strangers_do_not_review() => Pending().ThenRefused(new Review(Mallory, Verdict.Approve, null, Noon), "not-an-approver");

    [Fact]
    public void Two_approvals_take_two_people()
    {
        var scenario = Pending(approvals: 2).Do(BobApproves);
        Assert.Equal(RequestStatus.Pending, scenario.State.Status);
        scenario.ThenNothing(BobApproves);
        scenario.ThenNothing(BobApproves with { By = new(new("issuer#bob-2", "Bob@example.com"), ["payments-leads"]) });
        scenario.Then(new Review(Beth, Verdict.Approve, null, Noon), typeof(AccessRequestEvent.Reviewed), typeof(AccessRequestEvent.Approved));
    }

    [Fact]
    public void One_person_in_two_approver_groups_counts_once()
    {
        var scenario = Pending(approvals: 2).Do(new Review(Beth, Verdict.Approve, null, Noon));
        scenario.ThenNothing(new Review(Beth, Verdict.Approve, "again", Noon));
        Assert.Equal(RequestStatus.Pending, scenario.State.Status);
    }

    [Fact]
    public void A_review_after_the_decision_changes_nothing_and_says_so()
    {
        In(RequestStatus.Denied).ThenRefused(BobApproves, "wrong-state");
        In(RequestStatus.Active).ThenRefused(new Review(Beth, Verdict.Deny, null, Noon), "wrong-state");
        In(RequestStatus.Active).ThenNothing(BobApproves);
    }

    [Fact]
    public void After_the_pending_window_nobody_approves_even_if_the_request_has_not_lapsed_yet()
    {
        Pending().ThenRefused(BobApproves with { Now = Noon.AddHours(4) }, "wrong-state");
        Pending().Then(BobApproves with { Now = Noon.AddHours(4).AddTicks(-1) }, typeof(AccessRequestEvent.Reviewed), typeof(AccessRequestEvent.Approved));
    }

    [Fact]
    public void An_automatic_policy_approves_at_once_and_takes_no_review()
    {
        var scenario = Pending(automatic: true);
        Assert.Equal(RequestStatus.Approved, scenario.State.Status);
        scenario.ThenRefused(BobApproves, "wrong-state");
    }
}
