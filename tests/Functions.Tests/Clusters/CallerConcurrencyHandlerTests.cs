using System.Net;
using JitFunctions.Functions.Clusters;

namespace JitFunctions.Functions.Tests.Clusters;

/// <summary>Calls to a cluster on behalf of HTTP callers.</summary>
public sealed class CallerConcurrencyHandlerTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Calls_over_the_limit_wait_and_are_refused_when_too_many_wait()
    {
        using var server = new Server();
        using var calls = new HttpMessageInvoker(new CallerConcurrencyHandler("demo") { InnerHandler = server });
        var sent = Enumerable
            .Range(0, CallerConcurrencyHandler.AtOnce + CallerConcurrencyHandler.MostWaiting)
            .Select(_ => CallAsync(calls))
            .ToList();
        Assert.Equal(CallerConcurrencyHandler.AtOnce, server.UnderWay);

        var refused = await Assert.ThrowsAsync<TooManyCallsException>(() => CallAsync(calls));
        Assert.Equal("Too many calls to demo are waiting. Try again soon.", ClusterFailure.Describe(refused, "demo"));

        server.Answer.SetResult();
        Assert.Each(await Task.WhenAll(sent), status => Assert.Equal(HttpStatusCode.OK, status));
        Assert.Equal(CallerConcurrencyHandler.AtOnce, server.Most);
        Assert.Equal(HttpStatusCode.OK, await CallAsync(calls));
    }

    [Fact]
    public async Task A_failed_or_abandoned_call_frees_its_slot()
    {
        using var server = new Server();
        using var calls = new HttpMessageInvoker(new CallerConcurrencyHandler("demo") { InnerHandler = server });
        using var patience = new CancellationTokenSource();
        var sent = Enumerable
            .Range(0, CallerConcurrencyHandler.AtOnce + 1)
            .Select(_ => CallAsync(calls, patience.Token))
            .ToList();
        await patience.CancelAsync();
        foreach (var call in sent)
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);

        server.Answer.SetResult();
        Assert.Equal(HttpStatusCode.OK, await CallAsync(calls));
    }

    private static async Task<HttpStatusCode> CallAsync(
        HttpMessageInvoker calls,
        CancellationToken? cancellation = null
    )
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Get,
            "https://demo.example.com/api/v1/namespaces/payments"
        );
        using var answer = await calls.SendAsync(request, cancellation ?? Cancellation);
        return answer.StatusCode;
    }

    private sealed class Server : HttpMessageHandler
    {
        private int _underWay;

        public TaskCompletionSource Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int UnderWay => _underWay;

        public int Most { get; private set; }

        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request,
            CancellationToken cancellationToken
        )
        {
            Most = Math.Max(Most, Interlocked.Increment(ref _underWay));
            try
            {
                await Answer.Task.WaitAsync(cancellationToken);
                return new(HttpStatusCode.OK);
            }
            finally
            {
                Interlocked.Decrement(ref _underWay);
            }
        }
    }
}
