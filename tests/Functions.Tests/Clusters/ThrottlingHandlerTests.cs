using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using JitFunctions.Domain.Grants;
using JitFunctions.Domain.Scopes;
using JitFunctions.Functions.Clusters;
using JitFunctions.LocalStack;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace JitFunctions.Functions.Tests.Clusters;

/// <summary>An API server that turns calls away, or takes its time.</summary>
public sealed class ThrottlingHandlerTests
{
    private static readonly Uri Roles = new(
        "https://cluster.example.com/apis/rbac.authorization.k8s.io/v1/clusterroles/view"
    );
    private static readonly Scope Fifty = new(
        "demo",
        [.. Enumerable.Range(0, 50).Select(i => $"team-{i}")],
        ClusterWide: false,
        new RoleRef(RoleKind.ClusterRole, "view")
    );

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1, null, 50)]
    [InlineData(2, null, 100)]
    [InlineData(5, null, 800)]
    [InlineData(100, null, 800)]
    [InlineData(1, 0, 50)]
    [InlineData(1, 1, 1000)]
    [InlineData(1, 3600, 2000)]
    public void The_pauses_grow_and_what_the_server_asks_for_counts_up_to_a_limit(
        int attempt,
        int? retryAfter,
        int milliseconds
    ) =>
        Assert.Equal(
            TimeSpan.FromMilliseconds(milliseconds),
            ThrottlingHandler.PauseAfter(attempt, retryAfter is { } seconds ? TimeSpan.FromSeconds(seconds) : null)
        );

    [Theory]
    [InlineData("GET", "api/v1/namespaces/a", true)]
    [InlineData("PATCH", "apis/rbac.authorization.k8s.io/v1/namespaces/a/rolebindings/b", true)]
    [InlineData("DELETE", "apis/rbac.authorization.k8s.io/v1/namespaces/a/rolebindings/b", true)]
    [InlineData("POST", "apis/authorization.k8s.io/v1/subjectaccessreviews", true)]
    [InlineData("POST", "api/v1/namespaces/jit-access/serviceaccounts/jit-x/token", true)]
    [InlineData("POST", "api/v1/namespaces/a/pods", false)]
    [InlineData("POST", "apis/rbac.authorization.k8s.io/v1/namespaces/a/rolebindings", false)]
    public void Only_calls_that_are_safe_to_repeat_are_repeated(string method, string path, bool may)
    {
        using var call = new HttpRequestMessage(new HttpMethod(method), new Uri($"https://cluster.example.com/{path}"));
        Assert.Equal(may, ThrottlingHandler.MayRepeat(call));
    }

    [Theory]
    [InlineData(HttpStatusCode.TooManyRequests, null, 9)]
    [InlineData(HttpStatusCode.ServiceUnavailable, 1, 5)]
    [InlineData(HttpStatusCode.InternalServerError, null, 1)]
    [InlineData(HttpStatusCode.Forbidden, null, 1)]
    public async Task A_lasting_failure_is_reported_after_a_few_seconds(
        HttpStatusCode status,
        int? retryAfter,
        int calls
    )
    {
        var clock = new EagerClock(DateTimeOffset.UnixEpoch);
        using var server = new Answering(() => status, retryAfter);
        using var invoker = new HttpMessageInvoker(new ThrottlingHandler(clock) { InnerHandler = server });
        using var question = new HttpRequestMessage(HttpMethod.Get, Roles);

        using var answer = await invoker.SendAsync(question, Cancellation);

        Assert.Equal((status, calls), (answer.StatusCode, server.Calls));
        Assert.InRange(clock.Waits.Sum(wait => wait.TotalSeconds), 0, ThrottlingHandler.RetryTimeLimit.TotalSeconds);
    }

    [Fact]
    public async Task Where_every_other_call_is_turned_away_everything_is_known_all_the_same()
    {
        var count = 0;
        await using var site = await StartAsync(async call =>
        {
            var turnedAway = Interlocked.Increment(ref count) % 2 == 1;
            call.Response.StatusCode = turnedAway ? (count % 4 == 1 ? 429 : 503) : 200;
            await call.Response.WriteAsJsonAsync(
                turnedAway ? Status(call.Response.StatusCode) : Answer(call),
                Cancellation
            );
        });
        using var client = ClusterClient.Create(new() { Host = site.Urls.Single() }, "demo");

        var facts = await Cluster(client)
            .FactsAsync(Fifty with { Namespaces = [.. Fifty.Namespaces.Take(5)] }, true, Cancellation);

        Assert.Null(facts.Failure);
        Assert.Equal("get", Assert.Single(Assert.Single(Assert.Single(facts.Rights!).Rules).Verbs));
        Assert.Equal(12, count);
    }

    // The first answer is lost; what the second finds depends on whether the server had done it.
    [Theory]
    [InlineData(502, false, true)]
    [InlineData(500, false, true)]
    [InlineData(429, false, false)]
    [InlineData(404, false, false)]
    [InlineData(500, true, null)]
    public async Task An_object_that_is_gone_after_a_lost_answer_counts_as_removed_by_us(
        int first,
        bool isThere,
        bool? removed
    )
    {
        var deletions = 0;
        await using var site = await StartAsync(async call =>
        {
            var code =
                call.Request.Method == "DELETE" && Interlocked.Increment(ref deletions) == 1 ? first
                : isThere ? 200
                : 404;
            call.Response.StatusCode = code;
            await call.Response.WriteAsJsonAsync(
                code == 200
                    ? new
                    {
                        kind = "RoleBinding",
                        metadata = new { name = "stray", uid = "1" },
                        roleRef = new { kind = "Role", name = "a" },
                    }
                    : Status(code),
                Cancellation
            );
        });
        using var client = ClusterClient.Create(new() { Host = site.Urls.Single() }, "demo");
        var stray = new ObservedObject(
            new(GrantObjectKind.RoleBinding, "a", "stray"),
            "1",
            "1",
            new(null, null, null),
            ExpiresAt: null,
            new ObjectContent.Binding("Role", "a", [])
        );

        var deleting = Cluster(client).DeleteKnowinglyAsync(stray, Cancellation);

        if (removed is { } known)
            Assert.Equal(known, await deleting);
        else
            await Assert.ThrowsAsync<k8s.Autorest.HttpOperationException>(() => deleting);
    }

    // Eight namespaces at once: 21 s and the role, or 6 s and 9 s for the role.
    [Theory]
    [InlineData(50, 3)]
    [InlineData(16, 9)]
    public async Task Namespaces_and_roles_of_a_slow_server_take_no_longer_together_than_the_limit(
        int namespaces,
        int secondsForTheRole
    )
    {
        await using var site = await StartAsync(async call =>
        {
            var isRole = call.Request.Path.Value!.Contains("/clusterroles/", StringComparison.Ordinal);
            await Task.Delay(TimeSpan.FromSeconds(isRole ? secondsForTheRole : 3), call.RequestAborted);
            await call.Response.WriteAsJsonAsync(Answer(call), call.RequestAborted);
        });
        using var client = ClusterClient.Create(new() { Host = site.Urls.Single() }, "demo");

        var watch = Stopwatch.StartNew();
        var facts = await Cluster(client)
            .FactsAsync(Fifty with { Namespaces = [.. Fifty.Namespaces.Take(namespaces)] }, true, Cancellation);

        Assert.Equal("demo did not answer in time.", facts.Failure);
        Assert.InRange(
            watch.Elapsed,
            ScopeFacts.Limit - TimeSpan.FromSeconds(1),
            ScopeFacts.Limit + TimeSpan.FromSeconds(5)
        );
    }

    private static Cluster Cluster(k8s.Kubernetes client) =>
        new("demo", client, string.Empty, string.Empty, "jit-access", new(new("https://demo.example.com"), null));

    private static object Answer(HttpContext call) =>
        call.Request.Path.Value!.Contains("/clusterroles/", StringComparison.Ordinal)
            ? new
            {
                kind = "ClusterRole",
                metadata = new { name = "view" },
                rules = new[]
                {
                    new
                    {
                        apiGroups = new[] { "" },
                        resources = new[] { "pods" },
                        verbs = new[] { "get" },
                    },
                },
            }
            : new
            {
                kind = "Namespace",
                metadata = new { name = call.Request.Path.Value!.Split('/')[^1] },
                status = new { phase = "Active" },
            };

    private static object Status(int code) =>
        new
        {
            kind = "Status",
            status = "Failure",
            code,
            message = "too many requests, please try again later",
        };

    private static async Task<WebApplication> StartAsync(RequestDelegate answer)
    {
        var site = LoopbackSite.Build(new Uri($"http://127.0.0.1:{FreePort.Next()}"));
        site.Map("/{**path}", answer);
        await site.StartAsync(Cancellation);
        return site;
    }

    private sealed class Answering(Func<HttpStatusCode> status, int? retryAfter) : HttpMessageHandler
    {
        public int Calls { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request,
            CancellationToken cancellationToken
        )
        {
            Calls++;
            var answer = new HttpResponseMessage(status());
            if (retryAfter is { } seconds)
                answer.Headers.RetryAfter = new RetryConditionHeaderValue(TimeSpan.FromSeconds(seconds));
            return Task.FromResult(answer);
        }
    }
}
