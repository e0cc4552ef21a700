using CsCheck;
using JitFunctions.Domain.Identity;
using JitFunctions.Domain.Requests;
using static JitFunctions.Domain.Requests.AccessRequestCommand;
using static JitFunctions.Domain.Tests.Requests.Scenario;

namespace JitFunctions.Domain.Tests.Requests;

/// <summary>What must hold after any sequence of commands by anybody, at any times.</summary>
public sealed class RequestSequenceTests
{
    private static readonly Gen<Caller> People = AnyOf(Alice, Bob, Beth, Carol, Mallory, Alice with { Groups = ["payments-leads"] });

    private static readonly Gen<AccessRequestCommand> AnyCommand =
        from who in People
        from minutes in Gen.Int[0, 300]
        let now = Noon.AddMinutes(minutes)
        from command in AnyOf<AccessRequestCommand>(
            new Review(who, Verdict.Approve, null, now),
            new Review(who, Verdict.Deny, null, now),
            new Withdraw(who, null, now),
            new Relinquish(who, null, now),
            new Revoke(who, null, now),
            new Lapse(now),
            new BeginActivation(now),
            new DelayActivation("away", now),
            new ConfirmActivation(now.AddMinutes(30), [Binding], now),
            new AbandonActivation("gone", now),
            new Expire(now),
            new DelayRevocation("away", now),
            new ConfirmRevocation(Denied, now))
        select command;

    [Fact]
    public void Nobody_is_ever_active_without_enough_approvals_by_other_people() =>
        AnyCommand.List[0, 40].Sample(commands =>
        {
            foreach (var (state, _) in Run(commands))
            {
                if (state.Status is RequestStatus.Pending or RequestStatus.Denied or RequestStatus.Lapsed or RequestStatus.Withdrawn)
                    continue;
                var approvers = state.Reviews.Where(review => review.Verdict is Verdict.Approve).Select(review => review.By).Distinct().ToList();
                Assert.True(approvers.Count >= 2);
                Assert.DoesNotContain(approvers, approver => approver.IsSamePersonAs(Alice.Principal));
                Assert.DoesNotContain(approvers, approver => approver == Carol.Principal || approver == Mallory.Principal);
            }
        });

    [Fact]
    public void A_final_status_never_changes() =>
        AnyCommand.List[0, 40].Sample(commands =>
        {
            RequestStatus? final = null;
            foreach (var (state, _) in Run(commands))
            {
                Assert.True(final is null || state.Status == final);
                final = state.IsFinal ? state.Status : null;
            }
        });

    [Fact]
    public void Rights_that_may_be_in_the_cluster_are_only_let_go_by_a_confirmed_revocation() =>
        AnyCommand.List[0, 40].Sample(commands =>
        {
            var before = Pending(approvals: 2).State;
            foreach (var (state, command) in Run(commands))
            {
                if (before.Status.MayHoldRights() && state.IsFinal)
                    Assert.IsType<ConfirmRevocation>(command);
                before = state;
            }
        });

    private static Gen<T> AnyOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static IEnumerable<(AccessRequest State, AccessRequestCommand Command)> Run(IEnumerable<AccessRequestCommand> commands)
    {
        var state = Pending(approvals: 2).State;
        foreach (var command in commands)
        {
            if (AccessRequestDecider.Decide(state, command) is Decision.Accepted { Events: var events })
                state = events.Aggregate(state, (s, e) => AccessRequest.Evolve(s.Id, s, e)!);
            yield return (state, command);
        }
    }
}
