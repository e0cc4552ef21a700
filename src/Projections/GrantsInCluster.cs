using JitFunctions.Domain.Audit;
using JitFunctions.Domain.Grants;
using JitFunctions.Domain.Scopes;
using Marten;
using Marten.Linq.MatchesSql;

namespace JitFunctions.Projections;

/// <param name="Grant">As attribution needs it.</param>
/// <param name="IsUsed">True if its first use is recorded.</param>
public sealed record AuditedGrant(SubjectGrant Grant, bool IsUsed);

/// <summary>Reads the grants to which events of an audit log may belong.</summary>
public static class GrantsInCluster
{
    /// <summary>
    /// For how long after its end a grant still makes its subject of interest: the audit log comes late, and a token
    /// may be tried again.
    /// </summary>
    public static readonly TimeSpan Window = TimeSpan.FromHours(1);

    // The longest grant and the longest retention of a source, with a margin. An event whose time is wrong must not
    // read all grants of a person.
    private static readonly TimeSpan LongestAgo = TimeSpan.FromDays(15);

    private const string ServiceAccountPrefix = "system:serviceaccount:";

    /// <summary>
    /// Reads the grants that the events name, and those of their users. Read it for each delivery: the activation of a
    /// grant is stored before its first object exists, so an action that a grant allowed is never received before the
    /// grant can be read here.
    /// </summary>
    /// <param name="usernamePrefix">What the cluster adds to the user names of tokens.</param>
    public static async Task<IReadOnlyList<AuditedGrant>> GrantsOfAsync(
        this IQuerySession session,
        string cluster,
        string usernamePrefix,
        IReadOnlyList<AuditEvent> events,
        DateTimeOffset now,
        CancellationToken cancellation
    )
    {
        string[] users =
        [
            .. events
                .SelectMany(one => new[] { one.User.Name, one.ImpersonatedUser?.Name })
                .OfType<string>()
                // No user of the app has such a name, and PostgreSQL takes none.
                .Where(name => name.Length > 0 && !name.Contains('\0'))
                .Distinct(),
        ];
        string[] names =
        [
            .. users
                .Where(user => user.StartsWith(usernamePrefix, StringComparison.Ordinal))
                .Select(user => user[usernamePrefix.Length..]),
        ];
        string[] ids =
        [
            .. users
                .Where(user => user.StartsWith(ServiceAccountPrefix, StringComparison.Ordinal))
                .Select(user => user[(user.LastIndexOf(':') + 1)..])
                .Concat(events.Select(one => RbacReason.Parse(one.Reason)?.Binding).OfType<string>())
                .Select(BindingRef.RequestIdIn)
                .OfType<string>()
                .Distinct(),
        ];
        if (events is [] || (names is [] && ids is []))
            return [];
        var earliest = events.Min(one => one.ReceivedAt) - Window;
        var since = earliest < now - LongestAgo ? now - LongestAgo : earliest;
        // Each half has an index.
        var found = await session
            .Query<RequestDetails>()
            .Where(x =>
                x.MatchesSql(
                    "d.id = any (?) or ("
                        + RequestDetails.LowerUsername
                        + " = any (array(select lower(name) from "
                        + "unnest(?) as name)) and (d.data ->> 'endedAt' is null or "
                        + "(d.data ->> 'endedAt')::timestamptz >= ?))",
                    ids,
                    names,
                    since
                )
            )
            .ToListAsync(cancellation);
        return
        [
            .. found
                .Where(x => x.Terms.Scope.Cluster == cluster && WasActivated(x))
                .Select(x => new AuditedGrant(Of(x, usernamePrefix), x.FirstUsedAt is not null)),
        ];
    }

    internal static SubjectGrant Of(RequestDetails x, string usernamePrefix) =>
        new(
            x.Id,
            x.Terms.Scope,
            x.ServiceAccount?.UserName() ?? usernamePrefix + x.Requester.Username,
            IsEphemeral: x.ServiceAccount is not null,
            [.. x.Rights, .. x.Unapproved?.Rights ?? []],
            // Earlier versions did not store when the activation started: the longer time is the safe one.
            x.ActivationStartedAt
                ?? x.ApprovedAt
                ?? x.RequestedAt,
            x.EndedAt
        );

    private static bool WasActivated(RequestDetails x) =>
        x.ActivationStartedAt is not null
        || x.ActivatedAt is not null
        || x.DenialProof is not null
        || x.Status is RequestStatus.Activating or RequestStatus.Active or RequestStatus.Ending;
}
