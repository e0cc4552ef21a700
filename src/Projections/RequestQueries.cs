using System.Text.Json;
using JitFunctions.Domain.Identity;
using JitFunctions.Domain.Scopes;
using Marten;
using Marten.Linq.MatchesSql;

namespace JitFunctions.Projections;

/// <param name="Statuses">Any of these; empty means all.</param>
/// <param name="Before">Where the page before ended.</param>
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
    /// <summary>What the id begins with; null means any. Nothing but letters and digits of ids.</summary>
    public string? IdPrefix { get; init; }
}

/// <summary>A place in a list that is sorted by time and id, newest first.</summary>
public sealed record PageMark(DateTimeOffset At, string Id);

/// <summary>What a caller may see of the read models.</summary>
public static class RequestQueries
{
    // Caller.IsSamePersonAs of the requester, in SQL; names are made lower by the database on both sides, which is what
    // its indexes hold.
    private const string IsSamePerson =
        $"({RequestDetails.Subject} = ? or {RequestDetails.LowerUsername} = any (array(select lower(name) from "
        + "unnest(?) as name)))";

    public static bool MaySee(this Caller caller, RequestDetails request) =>
        caller.IsAdministrator
        || caller.IsAuditor
        || caller.IsSamePersonAs(request.Requester)
        || caller.IsInAny(request.Policy.ApproverGroups);

    /// <summary>One more than the limit is read, so that the caller can tell whether there is a next page.</summary>
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

    /// <summary>Reviews that break-glass owes, the earliest deadline first.</summary>
    public static async Task<IReadOnlyList<OwedReview>> FindOwedReviews(
        this IQuerySession session,
        CancellationToken cancellation
    ) => await session.Query<OwedReview>().OrderBy(x => x.ReviewBy).ToListAsync(cancellation);

    /// <summary>An overdue review of what this human did by break-glass, under any account.</summary>
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
