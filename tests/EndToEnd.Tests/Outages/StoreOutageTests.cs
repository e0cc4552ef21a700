using System.Globalization;
using System.Net;

namespace JitFunctions.EndToEnd.Tests.Outages;

[Collection(OutageStage.Name)]
public sealed class StoreOutageTests(OutageStage stage)
{
    [Fact]
    public async Task Without_the_store_every_call_says_so_and_afterwards_all_goes_on_by_itself()
    {
        var scene = await stage.RestoreAsync();
        var grant = await scene.GrantAsync(scene.Terms(OutageStage.Brief));
        var waiting = scene
            .As(scene.Bob)
            .GetAsync($"/api/requests/{grant.Id()}?wait=60", ("If-None-Match", $"\"{grant.At("version")}\""));
        await stage.StopStoreAsync();

        ExpectUnavailable(await scene.As(scene.Alice).GetAsync("/api/requests"));
        ExpectUnavailable(await scene.As(scene.Alice).GetAsync($"/api/requests/{grant.Id()}"));
        ExpectUnavailable(await scene.As(scene.Alice).PostAsync("/api/requests", scene.Terms()));
        ExpectUnavailable(await scene.As(scene.Alice).PostAsync($"/api/requests/{grant.Id()}/relinquish"));
        ExpectUnavailable(await scene.As(scene.Auditor).GetAsync("/api/audit/events"));
        ExpectUnavailable(await scene.As(scene.Auditor).GetAsync("/api/audit/trail"));
        ExpectUnavailable(await scene.WithToken(null).GetAsync("/api/health"));
        ExpectUnavailable(await waiting);
        (await scene.WithToken(null).GetAsync("/api/requests")).ExpectProblem(401, "unauthenticated");

        await Eventually.IsAsync(grant.TimeAt("expiresAt"));
        await stage.StartStoreAsync();

        await Eventually.Async(
            async () => (await scene.As(scene.Alice).GetAsync("/api/requests")).Status == HttpStatusCode.OK,
            "the API answers again"
        );
        var ended = await scene.As(scene.Alice).WaitForAsync(grant.Id(), "ended");
        Assert.Equal(("expired", "denied"), (ended.At("ending.cause"), ended.At("denialProof.verdict")));
        await scene.Cluster.MayNotReadSoonAsync(scene.Alice, scene.Namespace);
        Assert.Single((await scene.As(scene.Alice).GetAsync("/api/requests?mine=true")).Items);
        await scene.GrantAsync();
    }

    private static void ExpectUnavailable(Answer answer)
    {
        answer.ExpectProblem(503, "store-unavailable");
        Assert.InRange(int.Parse(answer.Header("Retry-After")!, CultureInfo.InvariantCulture), 1, 60);
    }
}
