using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using k8s;

namespace JitFunctions.Benchmarks;

/// <summary>
/// Finds out when a person's rights come and go, by what counts: their own <c>GET pods</c> at the API server.
/// </summary>
internal sealed class AccessProbe : IDisposable
{
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(2);

    private readonly Kubernetes _cluster;
    private long _polls;
    private long _ticks;

    public AccessProbe(string kubeconfig)
    {
        var settings = KubernetesClientConfiguration.BuildConfigFromConfigFile(kubeconfig);
        _cluster = new Kubernetes(settings);
        _cluster.HttpClient.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Bearer",
            settings.AccessToken
        );
    }

    /// <summary>For the report: how exact the times of the probe are.</summary>
    public string Resolution =>
        $"The requester's GET is repeated {Pause.TotalMilliseconds:0} ms after each answer: "
        + $"in this run every {Stopwatch.GetElapsedTime(0, _ticks / Math.Max(_polls, 1)).TotalMilliseconds:0.0} ms "
        + "on average, the resolution of these numbers.";

    /// <exception cref="HttpRequestException">The API server answered with something else than yes or no.</exception>
    public async Task<bool> IsAllowedAsync(string ns, CancellationToken cancellation)
    {
        using var answer = await _cluster.HttpClient.GetAsync(
            new Uri(_cluster.BaseUri, $"api/v1/namespaces/{ns}/pods?limit=1"),
            cancellation
        );
        return answer.StatusCode switch
        {
            HttpStatusCode.OK => true,
            HttpStatusCode.Forbidden => false,
            var other => throw new HttpRequestException(
                $"The API server answered {(int)other} to GET pods.",
                null,
                other
            ),
        };
    }

    /// <returns>How long after <paramref name="cause"/> began the answer was this one.</returns>
    public async Task<TimeSpan> TimeUntilAsync(
        string ns,
        bool allowed,
        Func<Task> cause,
        CancellationToken cancellation
    )
    {
        using var givenUp = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var start = Stopwatch.GetTimestamp();
        // While the call is still under way: rights may come, and go, before the caller has the answer.
        var seen = SeenAsync();
        try
        {
            await cause();
        }
        catch
        {
            await givenUp.CancelAsync();
            throw;
        }

        return await seen;

        async Task<TimeSpan> SeenAsync()
        {
            await UntilAsync(ns, allowed, givenUp.Token);
            return Stopwatch.GetElapsedTime(start);
        }
    }

    /// <summary>Asks until the answer is this one, and returns as soon as it is there.</summary>
    /// <exception cref="TimeoutException">It was still the other one after a minute.</exception>
    public async Task UntilAsync(string ns, bool allowed, CancellationToken cancellation)
    {
        var start = Stopwatch.GetTimestamp();
        while (true)
        {
            var asked = Stopwatch.GetTimestamp();
            if (await IsAllowedAsync(ns, cancellation) == allowed)
                return;
            if (Stopwatch.GetElapsedTime(start) > TimeLimit)
                throw new TimeoutException(
                    $"Pods in {ns} were still {(allowed ? "forbidden" : "allowed")} after {TimeLimit.TotalSeconds:0} s."
                );
            await Task.Delay(Pause, cancellation);
            Interlocked.Increment(ref _polls);
            Interlocked.Add(ref _ticks, Stopwatch.GetTimestamp() - asked);
        }
    }

    public void Dispose() => _cluster.Dispose();
}
