using JitFunctions.Domain.Requests;
using JitFunctions.Domain.Scopes;
using static JitFunctions.Domain.Requests.AccessRequestEvent;
using static JitFunctions.Domain.Tests.Samples.Scenario;

namespace JitFunctions.Domain.Tests.Requests;

/// <summary>Events of earlier versions lack members that were added since.</summary>
public sealed class EarlierEventTests
{
    [Fact]
    public void A_request_without_recorded_rights_hash_and_accounts_has_none()
    {
        var state = Evolve(null, new Requested(Alice.Principal, [], Terms, Policy, Noon.AddHours(4), "f", Noon));
        Assert.Equal((RequestStatus.Pending, "", null), (state.Status, state.ScopeHash, state.PostReview));
        Assert.Empty(state.Rights);
        Assert.Empty(state.OtherAccounts);
    }

    [Fact]
    public void A_review_without_recorded_hash_groups_and_accounts_has_none()
    {
        var state = Evolve(Pending().State, new Reviewed(Bob.Principal, Verdict.Approve, null, Noon));
        var review = Assert.Single(state.Reviews);
        Assert.Equal((Bob.Principal, Verdict.Approve, ""), (review.By, review.Verdict, review.ScopeHash));
        Assert.Empty(review.Groups);
        Assert.Empty(review.OtherAccounts);
        Assert.Empty(state.CountingApprovals());
    }

    private static AccessRequest Evolve(AccessRequest? state, AccessRequestEvent e) =>
        AccessRequest.Evolve(Id, state, e)!;
}
