using JitFunctions.Domain.Grants;
using JitFunctions.Domain.Scopes;
using static JitFunctions.Domain.Requests.AccessRequestEvent;

namespace JitFunctions.Domain.Requests;

/// <summary>An event with its number in its stream, and its index in the log.</summary>
public sealed record PlacedEvent(long Version, long Index, AccessRequestEvent Fact);

/// <summary>A time during which the cluster may have held the rights of one grant, under the same promise.</summary>
/// <param name="Part">The version of the event that began it.</param>
/// <param name="Status">The status of the request in it.</param>
/// <param name="Account">Who held the rights in the cluster.</param>
/// <param name="Promised">Until when the rights were promised; null while the activation goes on.</param>
/// <param name="From">Inclusive.</param>
/// <param name="Until">Exclusive; null as long as it has not ended.</param>
/// <param name="OpenedBy">The index of the event that began it: a smaller log does not know about it.</param>
/// <param name="ClosedBy">The index of the event that ended it; null as long as it has not ended.</param>
/// <param name="Proof">What the cluster said about the removal, if that ended it.</param>
public sealed record HeldPeriod(
    long Part,
    RequestStatus Status,
    string Account,
    DateTimeOffset? Promised,
    DateTimeOffset From,
    DateTimeOffset? Until,
    long OpenedBy,
    long? ClosedBy,
    DenialVerdict? Proof
);

/// <summary>
/// When the cluster may have held the rights of a grant. It begins with <see cref="ActivationStarted"/>, after which a
/// first binding may exist, and ends with the proof of denial, not with the expiry. Where that differs, the longer time
/// is the honest one.
/// </summary>
public static class HeldPeriods
{
    /// <param name="userName">Of the requester.</param>
    /// <param name="events">All events of the request, or its first ones, in their order.</param>
    public static IReadOnlyList<HeldPeriod> Of(string userName, IEnumerable<PlacedEvent> events)
    {
        var periods = new List<HeldPeriod>();
        foreach (var e in events)
        {
            var open = periods is [.., { ClosedBy: null } last] ? last : null;
            switch (e.Fact)
            {
                case ActivationStarted started:
                    Begin(e, RequestStatus.Activating, promised: null, started.ServiceAccount?.UserName() ?? userName);
                    break;
                case Activated activated when open is not null:
                    Begin(e, RequestStatus.Active, activated.ExpiresAt, open.Account);
                    break;
                case Extended extended when open is not null:
                    Begin(e, RequestStatus.Active, extended.ExpiresAt, open.Account);
                    break;
                case EndingStarted when open is not null:
                    Begin(e, RequestStatus.Ending, Earlier(open.Promised, e.Fact.At), open.Account);
                    break;
                case Ended ended:
                    Close(e, ended.Proof.Verdict);
                    break;
                case Withdrawn withdrawn:
                    Close(e, withdrawn.Proof?.Verdict);
                    break;
                case Failed failed:
                    Close(e, failed.Proof?.Verdict);
                    break;
            }
        }

        return periods;

        void Begin(PlacedEvent e, RequestStatus status, DateTimeOffset? promised, string account)
        {
            var from = Close(e, proof: null);
            periods.Add(new(e.Version, status, account, promised, from, null, e.Index, null, null));
        }

        DateTimeOffset Close(PlacedEvent e, DenialVerdict? proof)
        {
            if (periods is not [.., { ClosedBy: null } open])
                return e.Fact.At;
            // The clocks of nodes differ: a period never ends before it began.
            var until = e.Fact.At > open.From ? e.Fact.At : open.From;
            periods[^1] = open with { Until = until, ClosedBy = e.Index, Proof = proof };
            return until;
        }
    }

    private static DateTimeOffset Earlier(DateTimeOffset? promised, DateTimeOffset at) =>
        promised is { } until && until < at ? until : at;
}
