using System.Net;
using k8s.Autorest;

namespace JitFunctions.Functions.Clusters;

/// <summary>
/// Retries for a few seconds when an API server is overloaded: on 429 and 503, which it answers before it does anything
/// (https://kubernetes.io/docs/concepts/cluster-administration/flow-control), and on 502 from a proxy in front of it.
/// Only idempotent calls are retried.
/// </summary>
internal sealed class ThrottlingHandler(TimeProvider clock) : DelegatingHandler
{
    /// <summary>The longest time for retries; it is part of the time limit of a call.</summary>
    public static readonly TimeSpan RetryTimeLimit = TimeSpan.FromSeconds(4);

    private const string MayHaveSucceeded = "Jit-Access-Perhaps-Done";
    private const int MostDoublings = 4;
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    // Repeating these calls is harmless. The app creates objects by server-side apply, which is a PATCH.
    private static readonly IReadOnlySet<string> IdempotentPosts = new HashSet<string>
    {
        "subjectaccessreviews",
        "serviceaccounts/token",
    };

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        var started = clock.GetTimestamp();
        var mayHaveSucceeded = false;
        for (var attempt = 1; ; attempt++)
        {
            var answer = await base.SendAsync(request, cancellationToken);
            var pause = PauseAfter(attempt, answer.Headers.RetryAfter?.Delta);
            if (mayHaveSucceeded && request.Method == HttpMethod.Delete && answer.StatusCode is HttpStatusCode.NotFound)
                answer.Headers.Add(MayHaveSucceeded, "true");
            if (
                !IsBusy(answer.StatusCode)
                || !MayRepeat(request)
                || clock.GetElapsedTime(started) + pause > RetryTimeLimit
            )
                return answer;
            mayHaveSucceeded |= answer.StatusCode is HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable;
            answer.Dispose();
            await Task.Delay(pause, clock, cancellationToken);
        }
    }

    /// <param name="asked">The value of the server's <c>Retry-After</c> header.</param>
    internal static TimeSpan PauseAfter(int attempt, TimeSpan? asked)
    {
        var own = ShortestPause * (1 << Math.Min(attempt - 1, MostDoublings));
        var wanted = asked > own ? asked.Value : own;
        return wanted < LongestPause ? wanted : LongestPause;
    }

    /// <summary>
    /// True for a deletion that found nothing after it was repeated: a proxy in front of the server may have lost the
    /// first answer.
    /// </summary>
    internal static bool MayHaveDeleted(HttpResponseMessageWrapper answer) =>
        answer.Headers.ContainsKey(MayHaveSucceeded);

    internal static bool MayRepeat(HttpRequestMessage request) =>
        request.Method != HttpMethod.Post || IdempotentPosts.Contains(ClusterTracing.ResourceIn(request.RequestUri));

    private static bool IsBusy(HttpStatusCode status) =>
        status is HttpStatusCode.TooManyRequests or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable;
}
