using System.Net;
using k8s.Autorest;

namespace JitFunctions.Functions.Clusters;

/// <summary>
/// Repeats, for a few seconds, what an API server has no room for at the moment: 429 and 503, which it answers before
/// it does anything (https://kubernetes.io/docs/concepts/cluster-administration/flow-control), and 502 of what stands
/// before it. Only calls that do no more when they are done twice.
/// </summary>
internal sealed class ThrottlingHandler(TimeProvider clock) : DelegatingHandler
{
    /// <summary>Within the time limit of a call, which the repetitions are part of.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    private const string PerhapsDone = "Jit-Access-Perhaps-Done";
    private const int MostDoublings = 4;
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    // They are questions. Everything else that this app makes, it makes by server-side apply, which is a PATCH.
    private static readonly IReadOnlySet<string> HarmlessPosts = new HashSet<string>
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
        var perhapsDone = false;
        for (var attempt = 1; ; attempt++)
        {
            var answer = await base.SendAsync(request, cancellationToken);
            var pause = PauseAfter(attempt, answer.Headers.RetryAfter?.Delta);
            if (perhapsDone && request.Method == HttpMethod.Delete && answer.StatusCode is HttpStatusCode.NotFound)
                answer.Headers.Add(PerhapsDone, "true");
            if (!IsBusy(answer.StatusCode) || !MayRepeat(request) || clock.GetElapsedTime(started) + pause > Patience)
                return answer;
            perhapsDone |= answer.StatusCode is HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable;
            answer.Dispose();
            await Task.Delay(pause, clock, cancellationToken);
        }
    }

    /// <param name="asked">What the server's <c>Retry-After</c> says.</param>
    internal static TimeSpan PauseAfter(int attempt, TimeSpan? asked)
    {
        var own = ShortestPause * (1 << Math.Min(attempt - 1, MostDoublings));
        var wanted = asked > own ? asked.Value : own;
        return wanted < LongestPause ? wanted : LongestPause;
    }

    /// <summary>
    /// True for a deletion that found nothing after it was repeated: what stands before the server may have lost its
    /// first answer.
    /// </summary>
    internal static bool MayHaveDeleted(HttpResponseMessageWrapper answer) => answer.Headers.ContainsKey(PerhapsDone);

    internal static bool MayRepeat(HttpRequestMessage request) =>
        request.Method != HttpMethod.Post || HarmlessPosts.Contains(ClusterTracing.ResourceIn(request.RequestUri));

    private static bool IsBusy(HttpStatusCode status) =>
        status is HttpStatusCode.TooManyRequests or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable;
}
