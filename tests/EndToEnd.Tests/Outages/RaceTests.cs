using System.Diagnostics;
using System.Net;
using JitFunctions.EndToEnd.Tests.Access;

namespace JitFunctions.EndToEnd.Tests.Outages;

/// <summary>Many calls of one person on one request, and somebody else's that has to end it. Alone, since time is measured.</summary>
[Collection(OutageStage.Name)]
public sealed class RaceTests(OutageStage stage)
{
    private const int Rounds = 20;
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

        Assert.All(took, time => Assert.InRange(time, TimeSpan.Zero, LongestRevoke));
        Assert.InRange(new FileInfo(stage.Platform.Host.Log).Length - logged, 0, LargestLog);
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
                if (answer.Code == "wrong-state") return;
                answer.Expect(HttpStatusCode.OK);
                Interlocked.Increment(ref answered);
            }
        }
    }
}
