using JitFunctions.Domain.Grants;
using JitFunctions.Domain.Identity;
using JitFunctions.Domain.Scopes;
using static JitFunctions.Domain.Requests.AccessRequestCommand;
using static JitFunctions.Domain.Requests.AccessRequestEvent;
using static JitFunctions.Domain.Tests.Samples.ExpectedEvents;
using static JitFunctions.Domain.Tests.Samples.Scenario;

namespace JitFunctions.Domain.Tests.Identity;

/// <summary>Who is the same human for sure, and who may be: the one gives, the other refuses.</summary>
public sealed class SamePersonTests
{
    private static readonly Principal Former = new("issuer#alice", "alice@example.com");

    [Theory]
    [InlineData("issuer#alice", "alice@example.com", "", "", true, true)]
    [InlineData("issuer#alice", "alice.smith@example.com", "", "", true, true)] // renamed
    [InlineData("issuer#alice-2", "alice@example.com", "", "", false, true)] // a successor, or another account of hers
    [InlineData("issuer#alice-2", "ALICE@example.com", "", "", false, true)]
    [InlineData("issuer#alice-adm", "alice.adm@example.com", "Alice@Example.com", "", true, true)] // linked now
    [InlineData("issuer#alice-adm", "alice.adm@example.com", "", "Alice.Adm@example.com", false, true)] // linked then
    // By a third.
    [InlineData("issuer#a3", "a3@example.com", "alice.adm@example.com", "alice.adm@example.com", false, true)]
    [InlineData("issuer#alice-2", "alice@example.com", "alice.adm@example.com", "", false, true)]
    [InlineData("issuer#bob", "bob@example.com", "bob.adm@example.com", "alice.adm@example.com", false, false)]
    [InlineData("other#alice", "bob@example.com", "", "", false, false)]
    public void One_account_gives_another_its_requests_only_when_it_is_sure_and_refuses_it_when_it_may_be(
        string subject,
        string username,
        string linkedNow,
        string linkedThen,
        bool surely,
        bool maybe
    )
    {
        var caller = new Caller(new(subject, username), []) { OtherAccounts = List(linkedNow) };
        Assert.Equal(
            (surely, maybe),
            (caller.IsSamePersonAs(Former), caller.MayBeSamePersonAs(Former, List(linkedThen)))
        );
    }

    [Fact]
    public void A_linked_account_withdraws_and_relinquishes_and_neither_extends_nor_takes_the_credential()
    {
        var linked = new Caller(new("issuer#alice-adm", "alice.adm@example.com"), [])
        {
            OtherAccounts = ["alice@example.com"],
        };
        foreach (var status in new[] { RequestStatus.Pending, RequestStatus.Approved })
            In(status).Then(new Withdraw(linked, null, Noon), new Withdrawn(linked.Principal, null, Noon));
        In(RequestStatus.Active).Then(new Relinquish(linked, null, Noon), EndingBy(linked, EndingCause.Relinquished));
        In(RequestStatus.Active)
            .ThenRefused(new Extend(linked, TimeSpan.FromMinutes(5), "more", null, Noon), "not-the-requester");
        Ephemeral().Begin().Confirm().ThenRefused(new IssueCredential(linked, Noon), "not-the-requester");
    }

    [Fact]
    public void Whoever_has_the_requesters_user_name_now_neither_withdraws_nor_relinquishes_nor_reviews()
    {
        var successor = new Caller(new("issuer#alice-2", "alice@example.com"), ["payments-leads"]);
        Pending().ThenRefused(new Withdraw(successor, null, Noon), "not-the-requester");
        In(RequestStatus.Active).ThenRefused(new Relinquish(successor, null, Noon), "not-the-requester");
        Pending().ThenRefused(Pending().Approval(successor), "self-review");
    }

    private static string[] List(string name) => name.Length == 0 ? [] : [name];
}
