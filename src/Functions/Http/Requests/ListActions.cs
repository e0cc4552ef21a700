using JitFunctions.Domain.Audit;
using JitFunctions.Domain.Scopes;
using JitFunctions.Projections;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace JitFunctions.Functions.Http.Requests;

/// <summary>
/// <c>GET /api/requests/{id}/actions</c>: the actions in the record of a grant, by their stage time, and how far the
/// audit log of its cluster has come.
/// </summary>
public sealed class ListActions(ApiStore store)
{
    private const int MostItems = 500;

    [Function(nameof(ListActions))]
    [ReadsRecord]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "requests/{id}/actions")] HttpRequest http,
        string id,
        FunctionContext context,
        CancellationToken cancellation
    )
    {
        var query = new QueryFields(http, "limit", "cursor");
        var limit = (int)query.Number("limit", fallback: 100, least: 1, most: MostItems);
        var after = query.Cursor("cursor", IsHash);
        if (query.Problem is { } problem)
            return problem;
        await using var session = store.Documents.QuerySession();
        var details = await session.LoadAsync<RequestDetails>(id, cancellation);
        if (details is null || !context.Caller().MaySee(details))
            return Problems.From(Rejection.NotFound(id));
        context.ReadsOwn(details);

        await ActionTables.EnsureAsync(store.Documents, cancellation);
        var actions = new ActionStore(store.Database);
        var found = await actions.OfGrantAsync(
            id,
            after is null ? null : new ActionMark(after.At, after.Id),
            limit + 1,
            cancellation
        );
        var feed = await actions.FeedAsync(details.Terms.Scope.Cluster, cancellation);
        IReadOnlyList<RecordedAction> page = [.. found.Take(limit).Select(kept => kept.Action)];
        return ApiJson.Result(
            new ActionPage(
                page,
                found.Count > limit ? QueryFields.NextCursor(new(page[^1].StageAt, page[^1].Hash)) : null,
                feed is null ? null : new(feed.LastReceivedAt, feed.Passed)
            )
        );
    }

    private static bool IsHash(string text) => text.Length == 64 && text.All(char.IsAsciiHexDigitLower);
}

/// <param name="Feed">Null if the cluster never sent its audit log.</param>
internal sealed record ActionPage(IReadOnlyList<RecordedAction> Items, string? NextCursor, FeedView? Feed);

/// <param name="Passed">The latest stage time of an event that was received.</param>
internal sealed record FeedView(DateTimeOffset LastReceivedAt, DateTimeOffset? Passed);
