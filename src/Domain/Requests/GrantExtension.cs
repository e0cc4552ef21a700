using JitFunctions.Domain.Scopes;
using JitFunctions.Domain.Text;
using static JitFunctions.Domain.Requests.AccessRequestCommand;
using Fact = JitFunctions.Domain.Requests.AccessRequestEvent;

namespace JitFunctions.Domain.Requests;

/// <summary>Decides about requests for an extension.</summary>
internal static class GrantExtension
{
    /// <summary>
    /// The maximum number of extensions. Without it, a requester could fill the stream with very short extensions if
    /// the policy requires no review.
    /// </summary>
    private const int Most = 50;

    public static Decision Of(AccessRequest state, Extend command)
    {
        if (state.Policy.Extension is not { } rule || state.PostReview is not null)
            return Rejection.NoExtension;
        if (command.Now >= state.ExpiresAt)
            return Rejection.WrongState(state.Status, "The grant has expired: ask for a new one.");
        if (state.Lost is [_, ..] lost)
            return Rejection.GrantIncomplete(lost.Select(one => one.DescribeSince()));
        if (command.Ineligible is { } why)
            return Rejection.NotCovered(why);
        if (state.Extension is { } waiting)
        {
            return (waiting.Duration, waiting.Reason) == (command.Duration, command.Reason)
                ? Decision.Nothing
                : Rejection.WrongState(state.Status, "Another extension waits for its review.");
        }

        if (state.EarlierExpiries.Count >= Most)
            return Rejection.ExtensionTooLong($"A grant is extended at most {Most} times. Ask for a new one.");

        var (expiresAt, total) = (
            state.ExpiresAt!.Value + command.Duration,
            rule.Total < RequestForm.LongestDuration ? rule.Total : RequestForm.LongestDuration
        );
        if (command.Duration > rule.MaxDuration)
            return Rejection.ExtensionTooLong(
                $"One extension is at most {KubernetesDuration.Format(rule.MaxDuration)}."
            );
        if (expiresAt - state.ActivatedAt!.Value > total)
            return Rejection.ExtensionTooLong($"The grant lasts at most {KubernetesDuration.Format(total)} in all.");
        if (state.Policy.Hours is { } hours && !(hours.SurelyOpenUntil(command.Now) >= expiresAt))
            return Rejection.ExtensionTooLong($"Rights of this policy exist only in {hours}.");

        // A grant that was approved automatically under conditions must not exceed them automatically.
        var reviewed = rule.Reviewed || (state.Policy.Automatic && state.Policy.ApproverGroups is [_, ..]);
        var requested = new Fact.ExtensionRequested(
            command.Duration,
            command.Reason,
            ScopeHash.OfExtension(state.ScopeHash, state.ExpiresAt.Value, command.Duration, command.Now),
            reviewed,
            command.Now
        );
        return reviewed ? requested : Decision.Accept(requested, new Fact.Extended(expiresAt, command.Now));
    }
}
