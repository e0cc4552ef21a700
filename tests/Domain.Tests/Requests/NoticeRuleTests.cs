using JitFunctions.Domain.Requests;
using JitFunctions.Domain.Scopes;
using static JitFunctions.Domain.Requests.AccessRequestCommand;
using static JitFunctions.Domain.Tests.Samples.Scenario;

namespace JitFunctions.Domain.Tests.Requests;

public sealed class NoticeRuleTests
{
    private static readonly DateTimeOffset Late = Noon + NoticeRule.LongestWait;

    [Fact]
    public void Nobody_is_told_before_the_rights_are_there_unless_they_take_long()
    {
        foreach (
            var request in new[]
            {
                BreakGlass().State,
                BreakGlass().Begin().State,
                BreakGlass().Begin().Do(new DelayActivation("away", Noon)).State,
            }
        )
        {
            Assert.False(request.IsNoticeDue(Noon));
            Assert.False(request.IsNoticeDue(Late.AddTicks(-1)));
            Assert.True(request.IsNoticeDue(Late));
        }
    }

    [Fact]
    public void The_approvers_are_told_as_soon_as_the_rights_are_there_and_when_they_are_gone_or_never_came()
    {
        var active = BreakGlass().Begin().Confirm();
        Assert.True(active.State.IsNoticeDue(Noon));
        var ending = active.Do(new Relinquish(Alice, null, Noon));
        Assert.True(ending.State.IsNoticeDue(Noon));
        Assert.True(ending.Do(new ConfirmRevocation(DeniedProof, Noon)).State.IsNoticeDue(Noon));
        Assert.True(BreakGlass().Do(new Withdraw(Alice, null, Noon)).State.IsNoticeDue(Noon));
    }

    [Fact]
    public void Nobody_is_told_twice_and_nobody_without_break_glass()
    {
        var told = BreakGlass().Begin().Confirm().Do(new ConfirmNotification(["payments-leads"], Noon));
        Assert.False(told.State.IsNoticeDue(Late));
        Assert.False(In(RequestStatus.Active).State.IsNoticeDue(Late));
    }
}
