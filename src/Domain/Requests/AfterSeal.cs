using JitFunctions.Domain.Scopes;
using static JitFunctions.Domain.Requests.AccessRequestEvent;

namespace JitFunctions.Domain.Requests;

/// <summary>
/// After the seal only the review of a break-glass use is recorded, and what belongs to it. Each such event names the
/// seal.
/// </summary>
internal static class AfterSeal
{
    public static Decision Apply(AccessRequest state, Decision decision)
    {
        if (state.Seal is not { Digest: var seal } || decision is not Decision.Accepted { Events: [_, ..] events })
            return decision;
        var named = events.Select(e => Naming(e, seal)).ToList();
        return named.Contains(null)
            ? Rejection.Sealed(state.Status)
            : new Decision.Accepted([.. named.OfType<AccessRequestEvent>()]);
    }

    private static AccessRequestEvent? Naming(AccessRequestEvent e, string seal) =>
        e switch
        {
            BreakGlassReviewed review => review with { Seal = seal },
            BreakGlassConcluded concluded => concluded with { Seal = seal },
            ReviewOverdue overdue => overdue with { Seal = seal },
            ApproversNotified notified => notified with { Seal = seal },
            _ => null,
        };
}
