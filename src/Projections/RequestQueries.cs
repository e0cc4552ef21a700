using System.Text.Json;
using JitFunctions.Domain.Identity;
using JitFunctions.Domain.Scopes;
using Marten;
using Marten.Linq.MatchesSql;

namespace JitFunctions.Projections;

/// <param name="Statuses">Requests with any of these statuses; empty means all.</param>
/// <param name="Before">The last entry of the previous page.</param>
public sealed record RequestFilter(
    IReadOnlyList<RequestStatus> Statuses,
    string? Cluster,
    string? Requester,
    bool Mine,
    bool Reviewable,
    PageMark? Before,
    int Limit
)
{
    /// <summary>The beginning of the id; null means any. It contains only letters and digits of ids.</summary>
    public string? IdPrefix { get; init; }
}

/// <summary>A position in a list that is sorted by time and id, newest first.</summary>
public sealed record PageMark(DateTimeOffset At, string Id);

/// <summary>Queries that return what a caller may see of the read models.</summary>
public static class RequestQueries
{
    // Caller.IsSamePersonAs for the requester, in SQL. The database converts names on both sides to lower case, because
    // its indexes contain names in that form.
    private const string IsSamePerson =
        $"({RequestDetails.Subject} = ? or {RequestDetails.LowerUsername} = any (array(select lower(name) from "
        + "unnest(?) as name)))";

    public static bool MaySee(this Caller caller, RequestDetails request) =>
        caller.IsAdministrator || caller.IsAuditor || caller.IsPartyTo(request);

    /// <summary>Whether the caller is the requester, or may be asked to approve.</summary>
    public static bool IsPartyTo(this Caller caller, RequestDetails request) =>
        caller.IsSamePersonAs(request.Requester) || caller.IsInAny(request.Policy.ApproverGroups);

    /// <summary>Reads one more than the limit, so that the caller can tell whether there is a next page.</summary>
    public static async Task<IReadOnlyList<RequestDetails>> Find(
        this IQuerySession session,
        Caller caller,
        RequestFilter filter,
        CancellationToken cancellation
    )
    {
        IQueryable<RequestDetails> requests = session.Query<RequestDetails>();

        if (!caller.IsAdministrator && !caller.IsAuditor)
        {
            requests = requests.Where(x =>
                x.MatchesSql(
                    $"({IsSamePerson} or jsonb_exists_any(d.data -> 'policy' -> 'approverGroups', ?))",
                    caller.Principal.Subject,
                    caller.OtherAccounts.ToArray(),
                    caller.Groups.ToArray()
                )
            );
        }

        if (filter.Mine)
            requests = requests.Where(x =>
                x.MatchesSql(IsSamePerson, caller.Principal.Subject, caller.OtherAccounts.ToArray())
            );
        if (filter.Cluster is { } cluster)
            requests = requests.Where(x => x.Terms.Scope.Cluster == cluster);
        if (filter.Requester is { } requester)
            requests = requests.Where(x => x.MatchesSql($"{RequestDetails.LowerUsername} = lower(?)", requester));
        if (filter.Statuses is [_, ..])
        {
            var statuses = filter
                .Statuses.Select(status => JsonNamingPolicy.CamelCase.ConvertName(status.ToString()))
                .ToArray();
            requests = requests.Where(x => x.MatchesSql("d.data ->> 'status' = any(?)", new object[] { statuses }));
        }

        if (filter.IdPrefix is { } prefix)
            requests = requests.Where(x => x.MatchesSql("d.id like ?", prefix + "%"));
        if (filter.Reviewable)
        {
            var reviewable = await session.ReviewableBy(caller, cancellation);
            requests = requests.Where(x => x.Id.IsOneOf(reviewable));
        }

        if (filter.Before is { } mark)
            requests = requests.Where(x => x.MatchesSql("(d.requested_at, d.id) < (?, ?)", mark.At, mark.Id));

        return await requests
            .OrderByDescending(x => x.RequestedAt)
            .ThenByDescending(x => x.Id)
            .Take(filter.Limit + 1)
            .ToListAsync(cancellation);
    }

    /// <summary>Returns the pending reviews of break-glass uses, the earliest deadline first.</summary>
    public static async Task<IReadOnlyList<OwedReview>> FindOwedReviews(
        this IQuerySession session,
        CancellationToken cancellation
    ) => await session.Query<OwedReview>().OrderBy(x => x.ReviewBy).ToListAsync(cancellation);

    /// <summary>Returns an overdue review of a break-glass use by this human, with any of their accounts.</summary>
    public static async Task<OwedReview?> FindOverdueReview(
        this IQuerySession session,
        Caller caller,
        DateTimeOffset now,
        CancellationToken cancellation
    )
    {
        string[] accounts =
        [
            .. caller.OtherAccounts.Append(caller.Principal.Username).Select(name => name.ToLowerInvariant()),
        ];
        return await session
            .Query<OwedReview>()
            .Where(x => x.ReviewBy <= now)
            .Where(x =>
                x.MatchesSql(
                    "(d.data -> 'requester' ->> 'subject' = ? or jsonb_exists_any(d.data -> 'accounts', ?))",
                    caller.Principal.Subject,
                    accounts
                )
            )
            .OrderBy(x => x.ReviewBy)
            .FirstOrDefaultAsync(cancellation);
    }

    private static async Task<string[]> ReviewableBy(
        this IQuerySession session,
        Caller caller,
        CancellationToken cancellation
    )
    {
        var waiting = await session
            .Query<PendingApproval>()
            .Where(x =>
                x.MatchesSql(
                    "jsonb_exists_any(d.data -> 'approverGroups', ?) and (d.data ->> 'isOpen')::boolean",
                    new object[] { caller.Groups.ToArray() }
                )
            )
            .ToListAsync(cancellation);
        return caller.IsAdministrator
            ? []
            : [.. waiting.Where(x => !caller.MayBeSamePersonAs(x.Requester, x.OtherAccounts ?? [])).Select(x => x.Id)];
    }
}
