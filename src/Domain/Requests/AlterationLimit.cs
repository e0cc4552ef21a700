using JitFunctions.Domain.Grants;
using JitFunctions.Domain.Identity;
using JitFunctions.Domain.Scopes;
using static JitFunctions.Domain.Requests.AccessRequestEvent;

namespace JitFunctions.Domain.Requests;

/// <summary>
/// How often the objects and the role of an active grant may change before the grant ends. Each change is an event, and
/// each command reads all events of its request: whoever may edit bindings could otherwise make the very request
/// unreadable that has to be ended.
/// </summary>
public static class AlterationLimit
{
    /// <summary>
    /// More than one edit of everything that a grant can consist of: fifty namespaces with a binding and a Role each.
    /// </summary>
    public const int Most = 300;

    /// <summary>
    /// The decision, with the end of the grant where it brings the changes to more than <see cref="Most"/>.
    /// </summary>
    internal static Decision Apply(AccessRequest state, Decision decision, DateTimeOffset now)
    {
        if (state.Status is not RequestStatus.Active || decision is not Decision.Accepted { Events: var events })
            return decision;
        var added = events.Count(IsAlteration);
        return added == 0 || state.Alterations + added <= Most || events.Any(e => e is EndingStarted)
            ? decision
            : new Decision.Accepted([
                .. events,
                new EndingStarted(EndingCause.Tampered, Principal.System, Reason, now),
            ]);
    }

    internal static bool IsAlteration(AccessRequestEvent e) => e is DriftFound or RoleGrown or RoleShrunk;

    private static string Reason => $"Its objects in the cluster, or its role, were changed more than {Most} times.";
}
