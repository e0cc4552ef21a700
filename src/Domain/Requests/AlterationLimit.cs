using JitFunctions.Domain.Grants;
using JitFunctions.Domain.Identity;
using JitFunctions.Domain.Scopes;
using static JitFunctions.Domain.Requests.AccessRequestEvent;

namespace JitFunctions.Domain.Requests;

/// <summary>
/// Limits how often the objects and the role of an active grant may change before the grant ends. Each change is an
/// event, and each command reads all events of its request. Without the limit, a user who can edit bindings could make
/// the request that has to be ended too large to read.
/// </summary>
public static class AlterationLimit
{
    /// <summary>
    /// More than one edit of every object that a grant can have: fifty namespaces, each with a binding and a Role.
    /// </summary>
    public const int Most = 300;

    /// <summary>
    /// Returns the decision, and ends the grant if the decision brings the changes to more than <see cref="Most"/>.
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
