using System.Net;
using System.Runtime.CompilerServices;
using JitFunctions.KubectlJit.Terminal;

namespace JitFunctions.KubectlJit.Api;

/// <summary>The API calls of docs/api.md about requests.</summary>
internal static class RequestsClient
{
    /// <summary>
    /// How long one call waits for a change. The server allows 60 seconds, but proxies often allow less.
    /// </summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    private const int LargestPage = 200;

    /// <summary>The maximum number of matching requests that the message lists.</summary>
    private const int MostCandidates = 10;

    public static async Task<Snapshot> AskAsync(
        this JitConnection server,
        NewRequest body,
        string idempotencyKey,
        CancellationToken cancel
    )
    {
        using var answer = await server.PostAsync("requests", body, ApiJson.Default.NewRequest, cancel, idempotencyKey);
        return await SnapshotAsync(answer, cancel);
    }

    public static async Task<Snapshot> ShowAsync(this JitConnection server, string id, CancellationToken cancel)
    {
        using var answer = await server.GetAsync(Path(id), cancel);
        return await SnapshotAsync(answer, cancel);
    }

    /// <summary>
    /// Finds the full id for a text, in lower case. If the text is only the beginning of an id, exactly one request
    /// that the caller may see must match it. Later calls use the full id, so that they cannot affect another request
    /// that is opened in the meantime.
    /// </summary>
    /// <exception cref="Failure">No request matches, or more than one.</exception>
    public static async Task<string> FindIdAsync(this JitConnection server, string text, CancellationToken cancel)
    {
        var id = text.ToLowerInvariant();
        if (id.Length >= AccessRequest.IdLength)
            return id;

        var (found, more) = await server.ListAsync([$"id={Uri.EscapeDataString(id)}"], MostCandidates, cancel);
        return found switch
        {
            [var only] => only.Request.Id,
            [] => throw new Failure(
                ExitCode.NotFound,
                $"no request that you may see has an id that begins with '{id}'",
                "not-found",
                "look for it with: kubectl jit list"
            ),
            _ => throw new Failure(
                ExitCode.Usage,
                $"more than one request has an id that begins with '{id}'",
                "ambiguous-id",
                "give more of the id"
            )
            {
                Details =
                [
                    .. found.Select(candidate => Candidate(candidate.Request)),
                    .. more ? ["and more"] : Array.Empty<string>(),
                ],
            },
        };
    }

    private static string Candidate(AccessRequest request) =>
        $"{request.Id}  {request.Status}  {request.Requester.Username}  {RuleText.ShortWhat(request)} in "
        + $"{RuleText.Where(request)}";

    public static async Task<Snapshot> ReviewAsync(
        this JitConnection server,
        string id,
        NewReview body,
        CancellationToken cancel
    )
    {
        using var answer = await server.PostAsync($"{Path(id)}/reviews", body, ApiJson.Default.NewReview, cancel);
        return await SnapshotAsync(answer, cancel);
    }

    /// <param name="seen">
    /// The version of the request to extend. It prevents a repeated call from extending twice.
    /// </param>
    public static async Task<Snapshot> ExtendAsync(
        this JitConnection server,
        AccessRequest seen,
        NewExtension body,
        CancellationToken cancel
    )
    {
        using var answer = await server.PostAsync(
            $"{Path(seen.Id)}/extend",
            body,
            ApiJson.Default.NewExtension,
            cancel,
            ifMatch: seen.ETag
        );
        return await SnapshotAsync(answer, cancel);
    }

    /// <param name="how"><c>withdraw</c>, <c>relinquish</c> or <c>revoke</c>.</param>
    public static async Task<Snapshot> EndAsync(
        this JitConnection server,
        string id,
        string how,
        NewEnding body,
        CancellationToken cancel
    )
    {
        using var answer = await server.PostAsync($"{Path(id)}/{how}", body, ApiJson.Default.NewEnding, cancel);
        return await SnapshotAsync(answer, cancel);
    }

    public static async Task<Credential> CredentialAsync(this JitConnection server, string id, CancellationToken cancel)
    {
        using var answer = await server.PostAsync(
            $"{Path(id)}/credential",
            new Nothing(),
            ApiJson.Default.Nothing,
            cancel
        );
        return (await answer.JsonAsync(cancel)).Read(ApiJson.Default.Credential);
    }

    public static async Task<ClusterAddress> ClusterAsync(
        this JitConnection server,
        string id,
        CancellationToken cancel
    )
    {
        using var answer = await server.GetAsync($"{Path(id)}/cluster", cancel);
        return (await answer.JsonAsync(cancel)).Read(ApiJson.Default.ClusterAddress);
    }

    /// <summary>Returns each later version of the request as soon as it exists, until the request is final.</summary>
    public static async IAsyncEnumerable<Snapshot> ChangesAsync(
        this JitConnection server,
        Snapshot seen,
        TimeProvider clock,
        [EnumeratorCancellation] CancellationToken cancel
    )
    {
        while (!Status.IsFinal(seen.Request.Status))
        {
            var path = $"{Path(seen.Request.Id)}?wait={LongestWait.TotalSeconds:0}";
            using var answer = await server.GetAsync(path, cancel, ifNoneMatch: seen.Request.ETag);
            if (answer.StatusCode is HttpStatusCode.NotModified)
            {
                // A proxy may answer 304 at once. Without a pause that would be a busy loop.
                await Task.Delay(TimeSpan.FromSeconds(1), clock, cancel);
                continue;
            }

            yield return seen = await SnapshotAsync(answer, cancel);
        }
    }

    /// <param name="filters">Query parameters, already escaped.</param>
    /// <returns>At most <paramref name="limit"/> requests, and whether there are more.</returns>
    public static async Task<(IReadOnlyList<Snapshot> Requests, bool More)> ListAsync(
        this JitConnection server,
        IReadOnlyList<string> filters,
        long limit,
        CancellationToken cancel
    )
    {
        var found = new List<Snapshot>();
        string? cursor = null;
        do
        {
            string[] query = [.. filters, $"limit={Math.Min(limit - found.Count, LargestPage)}", .. CursorOf(cursor)];
            using var answer = await server.GetAsync($"requests?{string.Join('&', query)}", cancel);
            var page = (await answer.JsonAsync(cancel)).Read(ApiJson.Default.RequestPage);
            found.AddRange(page.Items.Select(Snapshot.Of));
            cursor = page.NextCursor;
        } while (cursor is not null && found.Count < limit);

        return (found, cursor is not null);
    }

    /// <summary>Break-glass requests whose review is still owed, overdue ones first.</summary>
    public static async Task<IReadOnlyList<Snapshot>> OwedReviewsAsync(
        this JitConnection server,
        CancellationToken cancel
    )
    {
        using var answer = await server.GetAsync("audit/break-glass", cancel);
        return [.. (await answer.JsonAsync(cancel)).Read(ApiJson.Default.RequestPage).Items.Select(Snapshot.Of)];
    }

    private static string[] CursorOf(string? cursor) =>
        cursor is null ? [] : [$"cursor={Uri.EscapeDataString(cursor)}"];

    private static string Path(string id) => $"requests/{Uri.EscapeDataString(id)}";

    private static async Task<Snapshot> SnapshotAsync(HttpResponseMessage answer, CancellationToken cancel) =>
        Snapshot.Of(await answer.JsonAsync(cancel));
}
