using JitFunctions.Domain.Grants;
using JitFunctions.Domain.Identity;
using JitFunctions.Domain.Policies;
using static JitFunctions.Domain.Requests.AccessRequestCommand;
using Fact = JitFunctions.Domain.Requests.AccessRequestEvent;
using Status = JitFunctions.Domain.Requests.RequestStatus;

namespace JitFunctions.Domain.Requests;

/// <summary>The rules of a request as one table. A command that repeats what is so already is accepted and changes nothing.</summary>
public static class AccessRequestDecider
{
    /// <summary>How long activation is tried after approval before it is given up.</summary>
    public static readonly TimeSpan ActivationWindow = TimeSpan.FromHours(1);

    /// <summary>The first events of a request that the policy covers.</summary>
    public static IReadOnlyList<AccessRequestEvent> Open(
        Caller requester, RequestTerms terms, PolicySnapshot policy, string fingerprint, DateTimeOffset now)
    {
        var requested = new Fact.Requested(requester.Principal, requester.Groups, terms, policy, now + policy.PendingWindow, fingerprint, now);
        return policy.Automatic ? [requested, Approve(automatic: true, now)] : [requested];
    }

    public static Decision Decide(AccessRequest state, AccessRequestCommand command) => (command, state.Status) switch
    {
        (Review c, Status.Pending) => DecideReview(state, c),
        (Review c, _) when state.Reviews.Contains(new GivenReview(c.By.Principal, c.Verdict)) => Decision.Nothing,
        (Review, var status) => Rejection.WrongState(status, "The decision has been taken; a review changes nothing any more."),

        (Withdraw c, _) when !IsRequester(state, c.By) => Rejection.NotTheRequester,
        (Withdraw c, Status.Pending or Status.Approved) => new Fact.Withdrawn(c.By.Principal, c.Comment, c.Now),
        (Withdraw c, Status.Activating) => new Fact.EndingStarted(EndingCause.Withdrawn, c.By.Principal, c.Comment, c.Now),
        (Withdraw, Status.Withdrawn) => Decision.Nothing,
        (Withdraw, Status.Ending) when state.Ending!.Cause is EndingCause.Withdrawn => Decision.Nothing,
        (Withdraw, Status.Active) => Rejection.WrongState(Status.Active, "The grant is active: relinquish it instead."),
        (Withdraw, var status) => Rejection.WrongState(status, "There is nothing left to withdraw."),

        (Relinquish c, _) when !IsRequester(state, c.By) => Rejection.NotTheRequester,
        (Relinquish c, Status.Active) => new Fact.EndingStarted(EndingCause.Relinquished, c.By.Principal, c.Comment, c.Now),
        (Relinquish, Status.Ending or Status.Ended) => Decision.Nothing,
        (Relinquish, Status.Pending or Status.Approved or Status.Activating) => Rejection.WrongState(state.Status, "The grant is not active yet: withdraw the request instead."),
        (Relinquish, var status) => Rejection.WrongState(status, "There is no grant to relinquish."),

        (Revoke c, _) when !MayRevoke(state, c.By) => Rejection.MayNotRevoke,
        (Revoke c, Status.Approved or Status.Activating or Status.Active) => new Fact.EndingStarted(EndingCause.Revoked, c.By.Principal, c.Comment, c.Now),
        (Revoke, Status.Ending or Status.Ended) => Decision.Nothing,
        (Revoke, Status.Pending) => Rejection.WrongState(Status.Pending, "Nothing is granted yet: deny the request instead."),
        (Revoke, var status) => Rejection.WrongState(status, "There is no grant to revoke."),

        (Lapse c, Status.Pending) when c.Now >= state.DecideBy => new Fact.Lapsed(c.Now),
        (Lapse, _) => Decision.Nothing,

        (BeginActivation c, Status.Approved or Status.Activating) when c.Now >= state.ActivateBy => Abandon("The cluster could not be reached in time.", c.Now),
        (BeginActivation c, Status.Approved) => new Fact.ActivationStarted(c.Now),
        (DelayActivation c, Status.Activating) => new Fact.ActivationDelayed(state.FailedAttempts + 1, c.Detail, c.Now),
        (AbandonActivation c, Status.Approved or Status.Activating) => Abandon(c.Detail, c.Now),
        (ConfirmActivation c, Status.Activating) => new Fact.Activated(c.ExpiresAt, c.Bindings, c.Now),
        (BeginActivation or DelayActivation or AbandonActivation or ConfirmActivation, _) => Decision.Nothing,

        (Expire c, Status.Active) when c.Now >= state.ExpiresAt => new Fact.EndingStarted(EndingCause.Expired, Principal.System, null, c.Now),
        (Expire, _) => Decision.Nothing,

        (DelayRevocation c, Status.Ending) => DecideDelay(state, c),
        (ConfirmRevocation c, Status.Ending) => Close(state.Ending!, c),
        (DelayRevocation or ConfirmRevocation, _) => Decision.Nothing,

        (ReportDrift { Drift: { Kind: DriftKind.Missing } drift }, _) when state.ReportedMissing.Contains(drift.Namespace ?? string.Empty) => Decision.Nothing,
        (ReportDrift c, _) => new Fact.DriftFound(c.Drift, c.Now),

        _ => throw new ArgumentOutOfRangeException(nameof(command), command, "A command that no rule knows."),
    };

    private static Decision DecideReview(AccessRequest state, Review review)
    {
        if (IsRequester(state, review.By))
            return Rejection.SelfReview;
        if (!review.By.IsInAny(state.Policy.ApproverGroups))
            return Rejection.NotAnApprover(state.Policy.ApproverGroups);
        if (review.Now >= state.DecideBy)
            return Rejection.WrongState(Status.Pending, "The time to decide is over; the request lapses. Ask for a new one.");
        if (state.Reviews.Any(earlier => earlier.By.IsSamePersonAs(review.By.Principal) && earlier.Verdict == review.Verdict))
            return Decision.Nothing;

        var reviewed = new Fact.Reviewed(review.By.Principal, review.Verdict, review.Comment, review.Now);
        if (review.Verdict is Verdict.Deny)
            return Decision.Accept(reviewed, new Fact.Denied(review.By.Principal, review.Comment, review.Now));

        // Every earlier review here is an approval by somebody else: a denial would have ended the request.
        return state.Reviews.Count + 1 >= state.Policy.RequiredApprovals
            ? Decision.Accept(reviewed, Approve(automatic: false, review.Now))
            : reviewed;
    }

    private static Fact.Approved Approve(bool automatic, DateTimeOffset now) => new(automatic, now + ActivationWindow, now);

    private static Fact.EndingStarted Abandon(string detail, DateTimeOffset now) =>
        new(EndingCause.ActivationFailed, Principal.System, detail, now);

    private static Fact.RevocationDelayed DecideDelay(AccessRequest state, DelayRevocation command)
    {
        var attempt = state.FailedAttempts + 1;
        return new(attempt, Alarms.For(attempt, command.Now - state.Ending!.At), command.Detail, command.Now);
    }

    private static AccessRequestEvent Close(EndingDetails ending, ConfirmRevocation command) => ending.Cause switch
    {
        EndingCause.Withdrawn => new Fact.Withdrawn(ending.By, ending.Comment, command.Now, command.Proof),
        EndingCause.ActivationFailed => new Fact.Failed(ending.Comment ?? "Activation failed.", command.Now, command.Proof),
        _ => new Fact.Ended(ending.Cause, command.Proof, command.Now),
    };

    private static bool IsRequester(AccessRequest state, Caller caller) => state.Requester.IsSamePersonAs(caller.Principal);

    private static bool MayRevoke(AccessRequest state, Caller caller) =>
        caller.IsAdministrator || caller.IsInAny(state.Policy.ApproverGroups);
}
