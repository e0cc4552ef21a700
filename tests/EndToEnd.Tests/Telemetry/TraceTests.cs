using System.Net;
using JitFunctions.LocalStack;

namespace JitFunctions.EndToEnd.Tests.Telemetry;

/// <summary>What a collector gets to see of the life of a request.</summary>
[Collection(TelemetryFixture.Name)]
public sealed class TraceTests(TelemetryFixture fixture)
{
    private const string CallersSpan = "00f067aa0ba902b7";
    private const string Call = "call SubmitRequest";

    // What the life below does to the cluster, and in which activity.
    private static readonly (string Call, string Activity)[] ClusterCalls =
    [
        ("cluster PATCH rolebindings", "ActivateGrant"),
        ("cluster DELETE rolebindings", "RemoveGrant"),
    ];

    [Fact]
    public async Task One_trace_goes_from_the_call_by_the_activities_to_the_cluster()
    {
        var (team, id, trace, callers) = await LiveAsync();
        var spans = await SpansAsync(trace, HasClusterCalls);
        Assert.Each(
            ClusterCalls,
            cluster =>
            {
                var way = Way(spans, Named(spans, cluster.Call).First());
                Assert.Equal("demo", way[0].Attributes["jit.cluster"]);
                Assert.Equal(
                    [cluster.Call, TelemetryFixture.Function(cluster.Activity)],
                    way.Take(2).Select(span => span.Name)
                );
            }
        );

        // The events are told where they came about, and the database calls under them.
        var call = Named(spans, Call).Single();
        var activation = Named(spans, TelemetryFixture.Function("ActivateGrant")).Single();
        Assert.Equal([("access_requested", "pending")], Appended(spans, call));
        Assert.Equal(
            [("activation_started", "activating"), ("access_activated", "active")],
            Appended(spans, activation)
        );
        Assert.Each(
            OfRequests(spans),
            span => Assert.Equal((id, "demo"), (span.Attributes["jit.request"], span.Attributes["jit.cluster"]))
        );
        Assert.Contains(spans, span => span.Scope == "Npgsql" && span.Parent == activation.Id);
        Assert.Each(
            spans.Where(span => span.Scope == "Npgsql"),
            span => Assert.InRange(span.Attributes.GetValueOrDefault("db.query.text")?.Length ?? 0, 0, 100)
        );
        Assert.DoesNotContain(spans, span => span.ToString().Contains("Username=", StringComparison.OrdinalIgnoreCase));

        // Whoever nudged is another's trace.
        Assert.Equal(2, Nudges(id).Count);
        Assert.DoesNotContain(Nudges(id), nudge => nudge.Trace == trace);

        // The call begins the trace. That of the caller, who cannot choose what their events are found by, is linked.
        Assert.Null(call.Parent);
        Assert.NotEqual(callers, trace);
        var outer = Assert.Single(fixture.Collector.Spans, span => IsLinked(call, span));
        Assert.Equal((callers, TelemetryFixture.Function("SubmitRequest")), (outer.Trace, outer.Name));

        // The same id is on the events that the orchestration stored.
        var events = await team.As(team.Auditor).EventsAsync(id);
        Assert.Equal(
            [trace],
            events
                .Where(e => e.At("channel") == "orchestration" || e.At("type") == "access_requested")
                .Select(e => e.At("correlationId"))
                .Distinct()
        );
    }

    [Fact(
        Skip = "What is above an activity is the Functions host's own to tell, and not every version of it does.",
        SkipUnless = nameof(TestHost.IsEmbedded),
        SkipType = typeof(TestHost)
    )]
    public async Task Above_the_activities_are_the_orchestration_and_the_call()
    {
        var (_, id, trace, _) = await LiveAsync();
        // A turn of the orchestration is told when it is stored, and an activity that it called may be told before.
        var spans = await SpansAsync(
            trace,
            found =>
                HasClusterCalls(found)
                && ClusterCalls.All(cluster => Way(found, Named(found, cluster.Call).First())[^1].Name == Call)
        );
        Assert.Each(
            ClusterCalls,
            cluster =>
            {
                var way = Way(spans, Named(spans, cluster.Call).First());
                string[] above =
                [
                    $"activity:{cluster.Activity}",
                    "orchestration:AccessLifecycle",
                    "create_orchestration:AccessLifecycle",
                    Call,
                ];
                Assert.Equal(above, way.Skip(2).Select(span => span.Name));
                Assert.Null(way[^1].Parent);
                var durable = way.Where(span => span.Scope == "Microsoft.DurableTask").ToList();
                Assert.Equal(3, durable.Count);
                Assert.Each(durable, span => Assert.Equal(id, span.Attributes["durabletask.task.instance_id"]));
            }
        );
    }

    [Fact(
        Skip = "The Functions host has a span above the call, and keeps it to itself.",
        SkipUnless = nameof(TestHost.IsEmbedded),
        SkipType = typeof(TestHost)
    )]
    public async Task Above_the_call_is_the_caller_s_own_span()
    {
        var (_, _, trace, callers) = await LiveAsync();
        var call = Named(await SpansAsync(trace, HasClusterCalls), Call).Single();
        var outer = fixture.Collector.Spans.Where(span => span.Trace == callers).ToList();
        Assert.Equal(CallersSpan, Way(outer, outer.Single(span => IsLinked(call, span)))[^1].Parent);
    }

    [Fact(
        Skip = "The turns of an orchestration are the Functions host's own to tell.",
        SkipUnless = nameof(TestHost.IsEmbedded),
        SkipType = typeof(TestHost)
    )]
    public async Task A_turn_is_linked_to_the_nudge_that_caused_it()
    {
        var (_, id, trace, _) = await LiveAsync();
        var spans = await SpansAsync(
            trace,
            found => Nudges(id) is [_, _] nudges && nudges.All(nudge => Turns(found).Any(turn => IsLinked(turn, nudge)))
        );
        Assert.Each(Nudges(id), nudge => Assert.Contains(Turns(spans), turn => IsLinked(turn, nudge)));

        static IEnumerable<CollectedSpan> Turns(IEnumerable<CollectedSpan> spans) =>
            Named(spans, "orchestration:AccessLifecycle");
        // By a call under the nudge that brought it to the host, which is not told of itself: the trace is what tells
        // one nudge from another.
        static bool IsLinked(CollectedSpan turn, CollectedSpan nudge) =>
            turn.Links.Any(link => link.StartsWith($"{nudge.Trace}/", StringComparison.Ordinal));
    }

    [Fact(
        Skip = "The Functions host tells of each turn of an orchestration.",
        SkipUnless = nameof(TestHost.IsEmbedded),
        SkipType = typeof(TestHost)
    )]
    public async Task A_replay_tells_nothing_again()
    {
        var team = await Team.SetAsync(fixture.Platform);
        var id = await team.AskAsync();
        for (var i = 0; i < 3; i++)
            await team.As(team.Bob).ReviewAsync(id, "approve"); // each nudges, and each nudge replays what was before
        await team.As(team.Alice).WaitForAsync(id, "active");
        await team.As(team.Alice).DoAsync(id, "relinquish");
        await team.As(team.Alice).WaitForAsync(id, "ended");

        var spans = await Eventually.Async(
            () =>
                Task.FromResult<IReadOnlyList<CollectedSpan>>([
                    .. fixture.Collector.Spans.Where(span =>
                        span.Attributes.GetValueOrDefault("durabletask.task.instance_id") == id
                    ),
                ]),
            found => Named(found, "activity:RemoveGrant").Any(),
            "the end is told"
        );
        Assert.Single(Named(spans, "activity:ActivateGrant"));
        Assert.Single(Named(spans, "activity:RemoveGrant"));
        Assert.Distinct(spans.Select(span => span.Id));
        Assert.Single(Named(spans, "create_orchestration:AccessLifecycle"));
        Assert.Single(spans.Select(span => span.Trace).Distinct());
    }

    [Fact]
    public async Task Spans_hold_no_secret_no_reason_and_nobody_s_name()
    {
        var team = await Team.SetAsync(fixture.Platform, "fire");
        var terms = team.Terms("10m", "ClusterRole/edit", team.NamespaceOf("fire")).With("breakGlass", true);
        var id = (await team.As(team.Alice).AskAsync(terms)).Id();
        await team.As(team.Alice)
            .WaitForAsync(id, request => request.At("breakGlass.notifiedAt") is not null, "the notice is taken");
        await team.As(team.Auditor).GetAsync($"/api/requests?requester={Uri.EscapeDataString(team.Alice.UserName)}");
        await team.As(team.Alice).DoAsync(id, "relinquish", new { comment = "all mended" });
        await team.As(team.Alice).WaitForAsync(id, "ended");

        var spans = await Eventually.Async(
            () => Task.FromResult(fixture.Collector.Spans),
            found =>
                found.Any(span =>
                    span.Attributes.GetValueOrDefault("jit.request") == id && span.Attributes["jit.status"] == "ended"
                ),
            "the end is told"
        );
        Assert.Contains(
            spans,
            span =>
                span.Scope.StartsWith("System.Net.Http", StringComparison.Ordinal)
                && span.Attributes["url.full"]
                    == fixture.Platform.Notifications.Address.GetLeftPart(UriPartial.Authority)
        );
        Assert.Contains(spans, span => span.Name == TelemetryFixture.Function("ListRequests"));
        var text = string.Join("\n", spans);
        foreach (
            var secret in new[]
            {
                team.Alice.UserName,
                team.Alice.UserName.Split('@')[0],
                "restart the stuck consumer",
                "all mended",
                "Bearer",
                "whsec_",
                fixture.Platform.Notifications.Secret,
                "/notices",
                team.NamespaceOf("fire"),
            }
        )
        {
            Assert.DoesNotContain(
                spans,
                span =>
                    span.ToString().Contains(secret, StringComparison.OrdinalIgnoreCase)
                    || span.ToString().Contains(Uri.EscapeDataString(secret), StringComparison.OrdinalIgnoreCase)
            );
        }
    }

    [Fact(
        Skip = "The Functions host tells of probes, and of its own calls to storage.",
        SkipUnless = nameof(TestHost.IsEmbedded),
        SkipType = typeof(TestHost)
    )]
    public async Task Neither_probes_nor_an_idle_engine_are_told_of()
    {
        var team = Team.WithoutNamespace(fixture.Platform);
        foreach (var path in new[] { "/api/health", "/api/health/live", "/api/health/ready" })
            (await team.WithToken(null).GetAsync(path)).Expect(HttpStatusCode.OK);
        (await team.As(team.Alice).GetAsync("/api/policies")).Expect(HttpStatusCode.OK);

        await Eventually.Async(
            () => Task.FromResult(Named(fixture.Collector.Spans, "GET api/policies").Any()),
            "the call after them is told"
        );
        Assert.DoesNotContain(fixture.Collector.Spans, span => span.Name.Contains("health", StringComparison.Ordinal));
        Assert.DoesNotContain(fixture.Collector.Spans, span => span.Parent is null && span.Kind == 3);
    }

    /// <summary>
    /// A request from its submission to its end, and its trace. The caller's own, which is not to be sampled, is
    /// another.
    /// </summary>
    private async Task<(Team Scene, string Id, string Trace, string Callers)> LiveAsync()
    {
        var callers = Convert.ToHexStringLower(Guid.NewGuid().ToByteArray());
        var team = await Team.SetAsync(fixture.Platform);
        var asked = await team.As(team.Alice)
            .PostAsync(
                "/api/requests",
                team.Terms(),
                ("traceparent", $"00-{callers}-{CallersSpan}-00"),
                ("baggage", "who=mallory")
            );
        var id = asked.Expect(HttpStatusCode.Created).Json.Id();
        await team.As(team.Bob).ApproveAsync(id);
        await team.As(team.Alice).WaitForAsync(id, "active");
        await team.As(team.Bob).DoAsync(id, "revoke");
        await team.As(team.Alice).WaitForAsync(id, "ended");
        return (team, id, (await team.As(team.Auditor).EventsAsync(id))[0].At("correlationId")!, callers);
    }

    private Task<IReadOnlyList<CollectedSpan>> SpansAsync(
        string trace,
        Func<IReadOnlyList<CollectedSpan>, bool> enough
    ) =>
        Eventually.Async(
            () =>
                Task.FromResult<IReadOnlyList<CollectedSpan>>([
                    .. fixture.Collector.Spans.Where(span => span.Trace == trace),
                ]),
            enough,
            "the trace is told"
        );

    private static bool IsLinked(CollectedSpan call, CollectedSpan outer) =>
        call.Links.Contains($"{outer.Trace}/{outer.Id}");

    private static bool HasClusterCalls(IReadOnlyList<CollectedSpan> spans) =>
        ClusterCalls.All(cluster =>
            Named(spans, cluster.Call).Any() && Named(spans, TelemetryFixture.Function(cluster.Activity)).Any()
        );

    private List<CollectedSpan> Nudges(string id) =>
        [
            .. fixture.Collector.Spans.Where(span =>
                span.Name == "orchestration_event:nudge"
                && span.Attributes["durabletask.event.target_instance_id"] == id
            ),
        ];

    private static IEnumerable<CollectedSpan> Named(IEnumerable<CollectedSpan> spans, string name) =>
        spans.Where(span => span.Name == name);

    // The first call of all also publishes the policies.
    private static IEnumerable<CollectedSpan> OfRequests(IEnumerable<CollectedSpan> spans) =>
        Named(spans, "append events").Where(span => span.Attributes.ContainsKey("jit.request"));

    private static IEnumerable<(string Event, string Status)> Appended(
        IEnumerable<CollectedSpan> spans,
        CollectedSpan under
    ) =>
        OfRequests(spans)
            .Where(span => span.Parent == under.Id)
            .Select(span => (string.Join(" ", span.Events), span.Attributes["jit.status"]));

    /// <summary>From a span up to the first of its trace.</summary>
    private static List<CollectedSpan> Way(IReadOnlyList<CollectedSpan> spans, CollectedSpan from)
    {
        List<CollectedSpan> way = [from];
        while (spans.FirstOrDefault(span => span.Id == way[^1].Parent) is { } parent)
            way.Add(parent);
        return way;
    }
}
