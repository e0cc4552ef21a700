using System.IO.Pipelines;
using System.Net;
using System.Text;
using JitFunctions.Functions.Clusters;
using JitFunctions.LocalStack;
using k8s;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace JitFunctions.Functions.Tests.Clusters;

public sealed class ClusterClientTests
{
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task An_answer_is_handed_on_when_all_of_it_is_there()
    {
        var body = new Pipe();
        using var server = new Answering(body.Reader.AsStream());
        using var calls = new HttpMessageInvoker(new BufferedResponseHandler { InnerHandler = server });
        using var question = new HttpRequestMessage(HttpMethod.Get, "https://cluster.example.com/api/v1/pods");

        var call = calls.SendAsync(question, TestContext.Current.CancellationToken);
        await body.Writer.WriteAsync("""{"kind":"""u8.ToArray(), TestContext.Current.CancellationToken);
        Assert.False(call.IsCompleted);
        await body.Writer.WriteAsync("\"PodList\"}"u8.ToArray(), TestContext.Current.CancellationToken);
        await body.Writer.CompleteAsync();

        using var answer = await call;
        using var read = new MemoryStream();
        // Not asynchronously: this is what the client does, and it must find everything there.
        answer.Content.ReadAsStream(TestContext.Current.CancellationToken).CopyTo(read);
        Assert.Equal("""{"kind":"PodList"}""", Encoding.UTF8.GetString(read.ToArray()));
    }

    [Fact]
    public async Task An_answer_that_stops_half_way_ends_with_the_call()
    {
        var address = new Uri($"http://127.0.0.1:{FreePort.Next()}");
        await using var site = LoopbackSite.Build(address);
        site.MapGet(
            "/api/v1/namespaces",
            async call =>
            {
                call.Response.ContentType = "application/json";
                await call.Response.WriteAsync("""{"kind":"NamespaceList",""", call.RequestAborted);
                await call.Response.Body.FlushAsync(call.RequestAborted);
                await Task.Delay(Timeout.InfiniteTimeSpan, call.RequestAborted);
            }
        );
        await site.StartAsync(TestContext.Current.CancellationToken);

        using var cluster = ClusterClient.Create(new() { Host = address.OriginalString }, "half-way");
        Assert.Equal(ClusterClient.CallTimeout, cluster.HttpClient.Timeout);
        cluster.HttpClient.Timeout = TimeSpan.FromSeconds(1);
        var failure = await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            cluster
                .CoreV1.ListNamespaceAsync(cancellationToken: TestContext.Current.CancellationToken)
                .WaitAsync(TimeLimit, TestContext.Current.CancellationToken)
        );
        Assert.Equal("half-way did not answer in time.", ClusterFailure.Describe(failure, "half-way"));
    }

    private sealed class Answering(Stream body) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request,
            CancellationToken cancellationToken
        ) => Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new StreamContent(body) });
    }
}
