using JitFunctions.Domain.Grants;

namespace JitFunctions.Domain.Audit;

/// <summary>
/// Decides to which grant an action belongs. The time decides only what no name tells: what was attempted, what was
/// allowed otherwise, and which other grants were live. It is the time at which the API server received the call,
/// because it authorizes then; the end of a stream may be hours later.
/// </summary>
public static class ActionAttribution
{
    private static readonly Attribution.Unrelated Unrelated = new();

    /// <param name="grants">Grants on the cluster, live or ended. Those of other subjects are ignored. A grant that is
    /// missing here makes its actions unrelated or another's, so pass all that the subject held at the time.</param>
    public static Attribution Of(AuditEvent action, IReadOnlyList<SubjectGrant> grants)
    {
        // Nothing has been authorized yet, and a call without a valid credential has no user.
        if (action.Stage is AuditStage.RequestReceived || action.User.Name.Length == 0)
            return Unrelated;
        var own = grants.Where(grant => grant.Subject == action.User.Name).ToList();
        if (own.Find(grant => grant.IsEphemeral) is { } ephemeral)
        {
            return action.IsRefused
                ? new Attribution.Attempt([ephemeral.RequestId], IsByTime: false)
                : new Attribution.Exact(ephemeral.RequestId, [], ephemeral.IsOverAt(action.ReceivedAt));
        }

        var live = own.Where(grant => grant.IsLiveAt(action.ReceivedAt)).ToList();
        return action switch
        {
            { IsRefused: true } => live.Count > 0 ? new Attribution.Attempt(Ids(live), IsByTime: true) : Unrelated,
            { IsAllowed: true } => OfAllowed(action, own, live),
            // Without a decision, a call that failed was never authorized, and did nothing.
            { Code: >= 400 } => Unrelated,
            _ => Otherwise(OtherwiseCause.NoReason, live),
        };
    }

    private static Attribution OfAllowed(AuditEvent action, List<SubjectGrant> own, List<SubjectGrant> live)
    {
        var reason = RbacReason.Parse(action.Reason);
        // The reason names the binding of the impersonated user, whoever that is.
        if (action.ImpersonatedUser is not null)
            return Otherwise(OtherwiseCause.Impersonation, live, NamedGrant(reason));
        if (string.IsNullOrEmpty(action.Reason))
            return Otherwise(OtherwiseCause.NoReason, live);
        if (reason is null)
            return Otherwise(OtherwiseCause.OtherAuthorizer, live);
        if (IsForAnother(reason, action.User.Name))
            return Otherwise(OtherwiseCause.OtherSubject, live, NamedGrant(reason));
        if (own.Find(grant => reason.IsOf(grant.RequestId, grant.Scope)) is { } exact)
        {
            return new Attribution.Exact(
                exact.RequestId,
                Ids(live.Where(grant => grant != exact && grant.Allows(action))),
                exact.IsOverAt(action.ReceivedAt)
            );
        }

        if (NamedGrant(reason) is { } other)
            return Otherwise(OtherwiseCause.GrantOfAnother, live, other);
        return live.Count > 0
            ? new Attribution.NotNeeded(Ids(live), Ids(live.Where(grant => grant.Allows(action))))
            : Unrelated;
    }

    private static Attribution Otherwise(OtherwiseCause cause, List<SubjectGrant> live, string? namedGrant = null) =>
        live.Count > 0 || namedGrant is not null
            ? new Attribution.AllowedOtherwise(cause, Ids(live), namedGrant)
            : Unrelated;

    private static bool IsForAnother(RbacReason reason, string user) =>
        reason.SubjectKind switch
        {
            "User" => reason.Subject != user,
            "ServiceAccount" => $"system:serviceaccount:{reason.Subject.Replace('/', ':')}" != user,
            _ => false, // a group: not every source tells the groups of a user
        };

    private static string? NamedGrant(RbacReason? reason) =>
        reason is null ? null : BindingRef.RequestIdIn(reason.Binding);

    private static IReadOnlyList<string> Ids(IEnumerable<SubjectGrant> grants) =>
        [.. grants.Select(grant => grant.RequestId).Order(StringComparer.Ordinal)];
}
