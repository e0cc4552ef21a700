using System.Net;
using JitFunctions.LocalStack;

namespace JitFunctions.EndToEnd.Tests.Telemetry;

/// <summary>What a collector gets to see of the life of a request.</summary>
[Collection(TelemetryStage.Name)]
public sealed class TraceTests(TelemetryStage stage)
{
    // Not to be sampled, says the caller.
    private static readonly string Trace = Convert.ToHexStringLower(Guid.NewGuid().ToByteArray());
    private static readonly (string, string) TraceParent = ("traceparent", $"00-{Trace}-00f067aa0ba902b7-00");

    [Fact]
    public async Task One_trace_goes_from_the_call_by_the_orchestration_and_its_activities_to_the_cluster()
    {
        var scene = await Scene.SetAsync(stage.Platform);
        var asked = (await scene.As(scene.Alice).PostAsync("/api/requests", scene.Terms(), TraceParent, ("baggage", "who=mallory"))).Expect(HttpStatusCode.Created).Json;
        await scene.As(scene.Bob).ApproveAsync(asked.Id());
        await scene.As(scene.Alice).WaitForAsync(asked.Id(), "active");
        await scene.As(scene.Bob).DoAsync(asked.Id(), "revoke");
        await scene.As(scene.Alice).WaitForAsync(asked.Id(), "ended");

        // A turn of the orchestration is told when it is stored, and an activity that it called may be told before.
        string[] calls = ["cluster PATCH rolebindings", "cluster DELETE rolebindings"];
        var spans = await SpansAsync(found => Named(found, TelemetryStage.Activity("RemoveGrant")).Any()
            && calls.All(cluster => Named(found, cluster).Any() && (!TestHost.IsEmbedded || Way(found, Named(found, cluster).First())[^1].Name == "POST api/requests")));
        foreach (var cluster in calls)
        {
            var way = Way(spans, Named(spans, cluster).First());
            Assert.Equal("demo", way[0].Attributes["jit.cluster"]);
            string[] activity = [cluster, TelemetryStage.Activity(cluster.Contains("PATCH", StringComparison.Ordinal) ? "ActivateGrant" : "RemoveGrant")];
            string[] whole = [.. activity, "orchestration:AccessLifecycle", "create_orchestration:AccessLifecycle", "POST api/requests"];
            // What is above an activity is the Functions host's own to tell, and not every version of it does.
            Assert.Equal(TestHost.IsEmbedded ? whole : activity, way.Select(span => span.Name));
            if (TestHost.IsEmbedded) Assert.Equal("00f067aa0ba902b7", way[^1].Parent);
            Assert.All(way.Where(span => span.Scope == "Microsoft.DurableTask"), span => Assert.Equal(asked.Id(), span.Attributes["durabletask.task.instance_id"]));
        }

        // The events are told where they came about, and the database calls under them.
        var call = Named(spans, TelemetryStage.Call("POST api/requests", "SubmitRequest")).Single();
        var activation = Named(spans, TelemetryStage.Activity("ActivateGrant")).Single();
        Assert.Equal([("access_requested", "pending")], Appended(spans, call));
        Assert.Equal([("activation_started", "activating"), ("access_activated", "active")], Appended(spans, activation));
        Assert.All(OfRequests(spans), span => Assert.Equal((asked.Id(), "demo"), (span.Attributes["jit.request"], span.Attributes["jit.cluster"])));
        Assert.Contains(spans, span => span.Scope == "Npgsql" && span.Parent == activation.Id);
        Assert.All(spans.Where(span => span.Scope == "Npgsql"), span => Assert.InRange(span.Attributes.GetValueOrDefault("db.query.text")?.Length ?? 0, 0, 100));
        Assert.DoesNotContain(spans, span => span.ToString().Contains("Username=", StringComparison.OrdinalIgnoreCase));

        // Whoever nudged is another's trace, and linked.
        var nudges = stage.Collector.Spans.Where(span => span.Name == "orchestration_event:nudge" && span.Attributes["durabletask.event.target_instance_id"] == asked.Id()).ToList();
        Assert.Equal(2, nudges.Count);
        if (TestHost.IsEmbedded)
            Assert.All(nudges, nudge => Assert.Contains(Named(spans, "orchestration:AccessLifecycle"), turn => turn.Links.Contains($"{nudge.Trace}/{nudge.Id}")));

        // The same id is on the events that the orchestration stored.
        var events = await scene.As(scene.Auditor).EventsAsync(asked.Id());
        Assert.Equal([Trace], events.Where(e => e.At("channel") == "orchestration" || e.At("type") == "access_requested").Select(e => e.At("correlationId")).Distinct());
    }

    [Fact(Skip = "The Functions host tells of each turn of an orchestration.", SkipUnless = nameof(TestHost.IsEmbedded), SkipType = typeof(TestHost))]
    public async Task A_replay_tells_nothing_again()
    {
        var scene = await Scene.SetAsync(stage.Platform);
        var id = await scene.AskAsync();
        for (var i = 0; i < 3; i++)
            await scene.As(scene.Bob).ReviewAsync(id, "approve"); // each nudges, and each nudge replays what was before
        await scene.As(scene.Alice).WaitForAsync(id, "active");
        await scene.As(scene.Alice).DoAsync(id, "relinquish");
        await scene.As(scene.Alice).WaitForAsync(id, "ended");

        var spans = await Eventually.Async(
            () => Task.FromResult<IReadOnlyList<CollectedSpan>>([.. stage.Collector.Spans.Where(span => span.Attributes.GetValueOrDefault("durabletask.task.instance_id") == id)]),
            found => Named(found, "activity:RemoveGrant").Any(), "the end is told");
        Assert.Single(Named(spans, "activity:ActivateGrant"));
        Assert.Single(Named(spans, "activity:RemoveGrant"));
        Assert.Distinct(spans.Select(span => span.Id));
        Assert.Single(Named(spans, "create_orchestration:AccessLifecycle"));
        Assert.Single(spans.Select(span => span.Trace).Distinct());
    }

    [Fact]
    public async Task Spans_hold_no_secret_no_reason_and_nobody_s_name()
    {
        var scene = await Scene.SetAsync(stage.Platform, "fire");
        var terms = scene.Terms("10m", "ClusterRole/edit", scene.NamespaceOf("fire")).With("breakGlass", true);
        var id = (await scene.As(scene.Alice).AskAsync(terms)).Id();
        await scene.As(scene.Alice).WaitForAsync(id, request => request.At("breakGlass.notifiedAt") is not null, "the notice is taken");
        await scene.As(scene.Auditor).GetAsync($"/api/requests?requester={Uri.EscapeDataString(scene.Alice.UserName)}");
        await scene.As(scene.Alice).DoAsync(id, "relinquish", new { comment = "all mended" });
        await scene.As(scene.Alice).WaitForAsync(id, "ended");

        var spans = await Eventually.Async(() => Task.FromResult(stage.Collector.Spans), found => found.Any(span => span.Attributes.GetValueOrDefault("jit.request") == id && span.Attributes["jit.status"] == "ended"), "the end is told");
        Assert.Contains(spans, span => span.Scope.StartsWith("System.Net.Http", StringComparison.Ordinal) && span.Attributes["url.full"] == stage.Platform.Notifications.Address.GetLeftPart(UriPartial.Authority));
        Assert.Contains(spans, span => span.Name == TelemetryStage.Call("GET api/requests", "ListRequests"));
        var text = string.Join("\n", spans);
        foreach (var secret in new[]
        {
            scene.Alice.UserName, scene.Alice.UserName.Split('@')[0], "restart the stuck consumer", "all mended", "Bearer", "whsec_", stage.Platform.Notifications.Secret, "/notices", scene.NamespaceOf("fire"),
        })
        {
            Assert.DoesNotContain(spans, span => span.ToString().Contains(secret, StringComparison.OrdinalIgnoreCase) || span.ToString().Contains(Uri.EscapeDataString(secret), StringComparison.OrdinalIgnoreCase));
        }
    }

    [Fact(Skip = "The Functions host tells of probes, and of its own calls to storage.", SkipUnless = nameof(TestHost.IsEmbedded), SkipType = typeof(TestHost))]
    public async Task Neither_probes_nor_an_idle_engine_are_told_of()
    {
        var scene = Scene.WithoutNamespace(stage.Platform);
        foreach (var path in new[] { "/api/health", "/api/health/live", "/api/health/ready" })
            (await scene.WithToken(null).GetAsync(path)).Expect(HttpStatusCode.OK);
        (await scene.As(scene.Alice).GetAsync("/api/policies")).Expect(HttpStatusCode.OK);

        await Eventually.Async(() => Task.FromResult(Named(stage.Collector.Spans, "GET api/policies").Any()), "the call after them is told");
        Assert.DoesNotContain(stage.Collector.Spans, span => span.Name.Contains("health", StringComparison.Ordinal));
        Assert.DoesNotContain(stage.Collector.Spans, span => span.Parent is null && span.Kind == 3);
    }

    private Task<IReadOnlyList<CollectedSpan>> SpansAsync(Func<IReadOnlyList<CollectedSpan>, bool> enough) => Eventually.Async(
        () => Task.FromResult<IReadOnlyList<CollectedSpan>>([.. stage.Collector.Spans.Where(span => span.Trace == Trace)]), enough, "the trace is told");

    private static IEnumerable<CollectedSpan> Named(IEnumerable<CollectedSpan> spans, string name) => spans.Where(span => span.Name == name);

    // The first call of all also publishes the policies.
    private static IEnumerable<CollectedSpan> OfRequests(IEnumerable<CollectedSpan> spans) =>
        Named(spans, "append events").Where(span => span.Attributes.ContainsKey("jit.request"));

    private static IEnumerable<(string Event, string Status)> Appended(IEnumerable<CollectedSpan> spans, CollectedSpan under) =>
        OfRequests(spans).Where(span => span.Parent == under.Id).Select(span => (string.Join(" ", span.Events), span.Attributes["jit.status"]));

    /// <summary>From a span up to the first of its trace.</summary>
    private static List<CollectedSpan> Way(IReadOnlyList<CollectedSpan> spans, CollectedSpan from)
    {
        List<CollectedSpan> way = [from];
        while (spans.FirstOrDefault(span => span.Id == way[^1].Parent) is { } parent)
            way.Add(parent);
        return way;
    }
}
