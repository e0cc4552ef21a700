using System.Net;
using JitFunctions.KubectlJit.Terminal;

namespace JitFunctions.KubectlJit.Api;

/// <summary>
/// Retries with growing pauses while the server refuses connections or returns a transient error
/// (<see cref="Problem.IsPassing"/>), for at most <paramref name="retryFor"/>. A call whose connection broke is
/// repeated only if that is safe.
/// </summary>
internal sealed class RetryingHandler(Shell shell, TimeSpan retryFor, HttpMessageHandler inner)
    : DelegatingHandler(inner)
{
    public const string IdempotencyKey = "Idempotency-Key";

    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        var started = shell.Clock.GetTimestamp();
        for (var pause = TimeSpan.FromMilliseconds(250); ; pause = Shorter(pause * 2, LongestPause))
        {
            var wanted = pause;
            try
            {
                var answer = await base.SendAsync(request, cancellationToken);
                wanted = answer.Headers.RetryAfter?.Delta is { } asked ? Shorter(asked, LongestPause) : pause;
                var status = answer.StatusCode;
                if (
                    status is not (HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests)
                    || !TimeFor(wanted)
                )
                    return answer;
                if (!Problem.IsPassing(status, (await Problem.ParseAsync(answer, cancellationToken))?.Code))
                    return answer;
                answer.Dispose();
            }
            catch (HttpRequestException broken) when (MayRepeat(request, broken) && TimeFor(pause)) { }

            await Task.Delay(wanted, shell.Clock, cancellationToken);
        }

        bool TimeFor(TimeSpan pause) => shell.Clock.GetElapsedTime(started) + pause < retryFor;
    }

    private static bool MayRepeat(HttpRequestMessage request, HttpRequestException broken) =>
        broken.HttpRequestError switch
        {
            HttpRequestError.ConnectionError => true,
            HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError => false,
            _ => request.Method == HttpMethod.Get || request.Headers.Contains(IdempotencyKey),
        };

    private static TimeSpan Shorter(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
