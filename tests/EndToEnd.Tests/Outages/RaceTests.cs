using System.Diagnostics;
using System.Net;
using JitFunctions.EndToEnd.Tests.Access;

namespace JitFunctions.EndToEnd.Tests.Outages;

/// <summary>
/// Many calls of one person on one request, and somebody else's that has to end it. Alone, since time is measured.
/// </summary>
[Collection(OutageStage.Name)]
public sealed class RaceTests(OutageStage stage)
{
    private const int Rounds = 20;
    private const int WritingRounds = 5;
    private const int Callers = 100;
    private const int LargestLog = 1024 * 1024;
    private static readonly TimeSpan LongestRevoke = TimeSpan.FromSeconds(2);

    [Fact]
    public async Task A_revoke_among_a_hundred_who_ask_for_the_credential_is_done_at_once()
    {
        await stage.RestoreAsync();
        var scene = await Scene.SetAsync(stage.Platform, "lent");
        var logged = new FileInfo(stage.Platform.Host.Log).Length;

        List<TimeSpan> took = [];
        for (var round = 0; round < Rounds; round++)
            took.Add(await RevokeInTheRushAsync(scene));

        Assert.Each(took, time => Assert.InRange(time, TimeSpan.Zero, LongestRevoke));
        Assert.InRange(new FileInfo(stage.Platform.Host.Log).Length - logged, 0, LargestLog);
    }

    [Fact]
    public async Task A_revoke_among_a_hundred_who_write_to_the_request_is_done_at_once()
    {
        await stage.RestoreAsync();
        var scene = await Scene.SetAsync(stage.Platform, "longer");

        List<TimeSpan> took = [];
        for (var round = 0; round < WritingRounds; round++)
            took.Add(await RevokeAmongExtensionsAsync(scene));

        TestContext.Current.SendDiagnosticMessage($"each revoke took {string.Join(", ", took)}");
        Assert.Each(took, time => Assert.InRange(time, TimeSpan.Zero, LongestRevoke));
    }

    // Each extension is two events, without a review; fifty of them are accepted, and the revoke comes among those.
    private static async Task<TimeSpan> RevokeAmongExtensionsAsync(Scene scene)
    {
        var id = (await scene.GrantAsync(scene.Terms("5m", "ClusterRole/view", scene.NamespaceOf("longer")))).Id();
        var (requester, approver) = (scene.As(scene.Alice), scene.As(scene.Bob));
        var extended = 0;
        var rush = Enumerable.Range(0, Callers).Select(i => Task.Run(() => ExtendUntilTheEndAsync(i))).ToList();
        await Eventually.Async(() => Task.FromResult(Volatile.Read(ref extended) > 0), "one was extended");

        var watch = Stopwatch.StartNew();
        (await approver.PostAsync($"/api/requests/{id}/revoke")).Expect(HttpStatusCode.OK);
        watch.Stop();

        await Task.WhenAll(rush);
        var events = (await requester.EventsAsync(id)).Types();
        Assert.True(events.Count(type => type == "extension_requested") < 50, "all were extended before the revoke");
        await requester.WaitForAsync(id, "ended");
        return watch.Elapsed;

        async Task ExtendUntilTheEndAsync(int caller)
        {
            while (true)
            {
                var answer = await requester.PostAsync(
                    $"/api/requests/{id}/extend",
                    new { duration = "5s", reason = $"caller {caller}" }
                );
                if (answer.Code == "wrong-state")
                    return;
                if (answer.Status == HttpStatusCode.OK)
                    Interlocked.Increment(ref extended);
                else
                    Assert.True(answer.Code is "too-many-waits" or "extension-too-long", answer.ToString());
            }
        }
    }

    private static async Task<TimeSpan> RevokeInTheRushAsync(Scene scene)
    {
        var id = (await EphemeralTests.GrantAsync(scene)).Id();
        var (requester, approver) = (scene.As(scene.Alice), scene.As(scene.Bob));
        var answered = 0;
        var rush = Enumerable.Range(0, Callers).Select(_ => Task.Run(AskUntilTheEndAsync)).ToList();
        await Eventually.Async(() => Task.FromResult(Volatile.Read(ref answered) > 0), "somebody was answered");

        var watch = Stopwatch.StartNew();
        (await approver.PostAsync($"/api/requests/{id}/revoke")).Expect(HttpStatusCode.OK);
        watch.Stop();

        await Task.WhenAll(rush);
        var events = (await requester.EventsAsync(id)).Types();
        Assert.InRange(events.Count(type => type == "credential_issued"), 1, 2);
        await requester.WaitForAsync(id, "ended");
        return watch.Elapsed;

        async Task AskUntilTheEndAsync()
        {
            while (true)
            {
                var answer = await requester.PostAsync($"/api/requests/{id}/credential");
                if (answer.Code == "wrong-state")
                    return;
                answer.Expect(HttpStatusCode.OK);
                Interlocked.Increment(ref answered);
            }
        }
    }
}
