using JitFunctions.Domain.Policies;
using JitFunctions.Domain.Requests;
using JitFunctions.Domain.Scopes;
using Marten;
using Npgsql;

namespace JitFunctions.Projections;

/// <summary>Reads the other grants that are bound to the same user name.</summary>
public static class OtherGrants
{
    // Locks with two numbers share no number with those that have one.
    private const int Lock = 0x6a697467; // "jitg"

    /// <summary>
    /// Returns the grants of a user name whose rights a cluster may hold, other than ephemeral ones.
    /// </summary>
    public static async Task<IReadOnlyList<OtherGrant>> GrantsOfUserAsync(
        this IQuerySession session,
        string username,
        string cluster,
        CancellationToken cancellation
    )
    {
        var open = await session
            .Query<RequestDetails>()
            .Where(x => !x.IsFinal && x.Requester.Username == username && x.Terms.Scope.Cluster == cluster)
            .ToListAsync(cancellation);
        return
        [
            .. from request in open
            where request.Status.MayHoldRights() && request.Policy.Enforcement is not Enforcement.Ephemeral
            select new OtherGrant(
                request.Id,
                request.Requester.Subject,
                request.Status,
                request.Rights,
                request.ExpiresAt,
                request.Terms.Ticket,
                request.Extension is not null
            ),
        ];
    }

    /// <summary>
    /// Returns the other grants of the user name, and keeps all of them from being activated until the transaction of
    /// the session ends, on whichever node. The lock is taken after that of the stream, and nobody who holds it waits
    /// for a stream.
    /// </summary>
    internal static async Task<IReadOnlyList<OtherGrant>> BeforeActivationAsync(
        this IDocumentSession session,
        AccessRequest request,
        CancellationToken cancellation
    )
    {
        if (request is not { Status: RequestStatus.Approved, IsEphemeral: false })
            return [];
        var cluster = request.Terms.Scope.Cluster;
        await using (var wait = new NpgsqlCommand($"select pg_advisory_xact_lock({Lock}, hashtext($1))"))
        {
            wait.Parameters.Add(new() { Value = $"{cluster}\n{request.Requester.Username}" });
            await session.ExecuteAsync(wait, cancellation);
        }

        return
        [
            .. (await session.GrantsOfUserAsync(request.Requester.Username, cluster, cancellation)).Where(other =>
                other.Request != request.Id
            ),
        ];
    }
}
