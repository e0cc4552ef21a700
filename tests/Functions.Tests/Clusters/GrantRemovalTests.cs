using System.Collections.Concurrent;
using JitFunctions.Domain.Grants;
using JitFunctions.Domain.Policies;
using JitFunctions.Domain.Requests;
using JitFunctions.Functions.Clusters;
using JitFunctions.LocalStack;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace JitFunctions.Functions.Tests.Clusters;

/// <summary>
/// Removal of a grant over many namespaces from an API server that does not answer, or not everywhere.
/// </summary>
public sealed class GrantRemovalTests : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);

    private readonly SettingsFiles _files = new();
    private readonly ConcurrentQueue<string> _asked = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _files.Dispose();

    [Fact]
    public async Task A_cluster_that_answers_nothing_is_not_asked_for_every_place()
    {
        await using var site = await ClusterAsync(hangs: _ => true);
        using var clusters = Connect(site);

        var failures = await Assert.ThrowsAsync<AggregateException>(() =>
            clusters["demo"].RemoveAllAsync(Request, Cancellation)
        );

        Assert.True(ClusterFailure.IsTimeout(failures));
        Assert.InRange(_asked.Count, 1, 4);
    }

    [Theory]
    [InlineData("/secrets/")]
    [InlineData("/namespaces/payments-0/")]
    public async Task A_hanging_namespace_does_not_delay_removal_in_others(string place)
    {
        await using var site = await ClusterAsync(hangs: path => path.Contains(place, StringComparison.Ordinal));
        using var clusters = Connect(site);

        var failures = await Assert.ThrowsAsync<AggregateException>(() =>
            clusters["demo"].RemoveAllAsync(Request, Cancellation)
        );

        Assert.True(ClusterFailure.IsTimeout(failures));
        var asked = string.Join('\n', _asked);
        Assert.Each(
            Request.Terms.Scope.Namespaces,
            ns =>
            {
                Assert.Contains($"/namespaces/{ns}/rolebindings/jit-", asked, StringComparison.Ordinal);
                Assert.Contains($"/namespaces/{ns}/roles/jit-", asked, StringComparison.Ordinal);
            }
        );
        Assert.Contains("/serviceaccounts/", asked, StringComparison.Ordinal);
    }

    private static readonly AccessRequest Request = new AccessRequestEvent[]
    {
        new AccessRequestEvent.Requested(
            new("https://issuer#a1", "alice@example.com"),
            [],
            new(
                new(
                    "demo",
                    [.. Enumerable.Range(0, 50).Select(i => $"payments-{i}")],
                    false,
                    null,
                    [new([""], ["pods"], ["get"])]
                ),
                TimeSpan.FromMinutes(30),
                "why",
                null
            ),
            new PolicySnapshot("p", "sha256:00", false, ["leads"], 1, TimeSpan.FromHours(4)),
            Noon.AddHours(4),
            "3f9k2m7xq0ab",
            Noon
        ),
        new AccessRequestEvent.Approved(true, Noon.AddHours(1), Noon),
        new AccessRequestEvent.ActivationStarted(Noon, ServiceAccountRef.For("3f9k2m7xq0ab", "jit-grants")),
    }.Aggregate((AccessRequest?)null, (state, fact) => AccessRequest.Evolve("3f9k2m7xq0ab", state, fact))!;

    private ClusterConnections Connect(WebApplication site)
    {
        var clusters = TestClusters.At(new(site.Urls.Single()), _files.Folder);
        clusters["demo"].Client.HttpClient.Timeout = TimeSpan.FromSeconds(1);
        return clusters;
    }

    private async Task<WebApplication> ClusterAsync(Func<string, bool> hangs)
    {
        var site = LoopbackSite.Build(new($"http://127.0.0.1:{FreePort.Next()}"));
        site.Run(async call =>
        {
            _asked.Enqueue(call.Request.Path);
            if (hangs(call.Request.Path))
                await Task.Delay(Timeout.InfiniteTimeSpan, call.RequestAborted)
                    .ContinueWith(_ => { }, TaskScheduler.Default);
            call.Response.StatusCode = StatusCodes.Status404NotFound;
        });
        await site.StartAsync(Cancellation);
        return site;
    }
}
