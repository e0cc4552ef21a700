using System.Text.Json;
using JasperFx.Events;
using JitFunctions.Domain.Identity;
using JitFunctions.Domain.Policies;
using JitFunctions.Domain.Requests;
using JitFunctions.Domain.Scopes;
using Marten;
using Marten.Events.Aggregation;
using Marten.Linq.MatchesSql;
using Npgsql;
using static JitFunctions.Domain.Requests.AccessRequestEvent;

namespace JitFunctions.Projections;

/// <summary>Read model: a request that is not final. It is used to count open requests.</summary>
/// <param name="Accounts">The user names of the requester, in lower case.</param>
public sealed record OpenRequest(string Id, string Subject, IReadOnlyList<string> Accounts);

internal sealed class OpenRequestProjection : SingleStreamProjection<OpenRequest, string>
{
    public override OpenRequest? Evolve(OpenRequest? snapshot, string id, IEvent e) =>
        (snapshot, e.Data) switch
        {
            (null, Requested asked) => new(
                id,
                asked.Requester.Subject,
                OpenRequests.Accounts(asked.Requester.Username, asked.OtherAccounts ?? [])
            ),
            (_, Denied or Withdrawn or Lapsed or Failed or Ended) => null,
            _ => snapshot,
        };
}

/// <summary>Opens requests within the limits.</summary>
public static class OpenRequests
{
    /// <summary>
    /// A number that no other lock in the database uses. The lock is held only while requests are counted and one is
    /// opened.
    /// </summary>
    private const long Lock = 0x6a69742d6f706e; // "jit-opn"

    // A node that hangs must not prevent others from making requests.
    private const string LongestIdle = "5s";

    /// <summary>Returns why this caller may not open another request now; null if they may.</summary>
    public static async Task<Rejection?> WhyNotOneMore(
        this IQuerySession session,
        OpenRequestLimits limits,
        Caller caller,
        bool breakGlass,
        CancellationToken cancellation
    )
    {
        var mine = await session.OpenOf(caller).CountAsync(cancellation);
        return limits.WhyNotOneMore(mine, await session.Query<OpenRequest>().CountAsync(cancellation), breakGlass);
    }

    /// <summary>
    /// Returns the open requests of the human behind the caller. The conditions have the form that the index supports.
    /// </summary>
    public static IQueryable<OpenRequest> OpenOf(this IQuerySession session, Caller caller)
    {
        string[] theirs =
        [
            JsonSerializer.Serialize(new { subject = caller.Principal.Subject }),
            .. Accounts(caller.Principal.Username, caller.OtherAccounts)
                .Select(account => JsonSerializer.Serialize(new { accounts = new[] { account } })),
        ];
        var any = string.Join(" or ", theirs.Select(_ => "d.data @> cast(? as jsonb)"));
        return session.Query<OpenRequest>().Where(x => x.MatchesSql($"({any})", theirs));
    }

    /// <summary>
    /// Counts and opens in one transaction. These transactions run one after the other on all nodes, so that
    /// simultaneous requests cannot exceed the limits.
    /// </summary>
    /// <param name="session">Dispose of it soon: until then it may hold the lock.</param>
    /// <returns>The reason why the request was not opened; null if it was.</returns>
    /// <exception cref="Marten.Exceptions.ExistingStreamIdCollisionException">There is a request with this
    /// id.</exception>
    public static async Task<Rejection?> OpenWithin(
        this IDocumentSession session,
        OpenRequestLimits limits,
        Caller caller,
        string id,
        IReadOnlyList<AccessRequestEvent> events,
        Provenance provenance,
        CancellationToken cancellation
    )
    {
        await session.BeginTransactionAsync(cancellation);
        await using (
            var wait = new NpgsqlCommand(
                $"set local idle_in_transaction_session_timeout = '{LongestIdle}'; select pg_advisory_xact_lock({Lock})"
            )
        )
            await session.ExecuteAsync(wait, cancellation);
        var breakGlass = ((Requested)events[0]).Terms.BreakGlass;
        if (await session.WhyNotOneMore(limits, caller, breakGlass, cancellation) is { } why)
            return why;
        await session.Open(id, events, provenance, cancellation);
        return null;
    }

    internal static string[] Accounts(string username, IReadOnlyList<string> others) =>
        [.. others.Prepend(username).Select(name => name.ToLowerInvariant())];
}
