using System.Globalization;
using System.Net;

namespace JitFunctions.EndToEnd.Tests.Outages;

[Collection(OutageFixture.Name)]
public sealed class StoreOutageTests(OutageFixture fixture)
{
    [Fact]
    public async Task Without_the_store_every_call_says_so_and_afterwards_all_goes_on_by_itself()
    {
        var team = await fixture.RestoreAsync();
        var grant = await team.GrantAsync(team.Terms(OutageFixture.Brief));
        var waiting = team.As(team.Bob)
            .GetAsync($"/api/requests/{grant.Id()}?wait=60", ("If-None-Match", $"\"{grant.At("version")}\""));
        await fixture.StopStoreAsync();

        ExpectUnavailable(await team.As(team.Alice).GetAsync("/api/requests"));
        ExpectUnavailable(await team.As(team.Alice).GetAsync($"/api/requests/{grant.Id()}"));
        ExpectUnavailable(await team.As(team.Alice).PostAsync("/api/requests", team.Terms()));
        ExpectUnavailable(await team.As(team.Alice).PostAsync($"/api/requests/{grant.Id()}/relinquish"));
        ExpectUnavailable(await team.As(team.Auditor).GetAsync("/api/audit/events"));
        ExpectUnavailable(await team.As(team.Auditor).GetAsync("/api/audit/trail"));
        ExpectUnavailable(await team.WithToken(null).GetAsync("/api/health"));
        ExpectUnavailable(await waiting);
        (await team.WithToken(null).GetAsync("/api/requests")).ExpectProblem(401, "unauthenticated");

        await Eventually.IsAsync(grant.TimeAt("expiresAt"));
        await fixture.StartStoreAsync();

        await Eventually.Async(
            async () => (await team.As(team.Alice).GetAsync("/api/requests")).Status == HttpStatusCode.OK,
            "the API answers again"
        );
        var ended = await team.As(team.Alice).WaitForAsync(grant.Id(), "ended");
        Assert.Equal(("expired", "denied"), (ended.At("ending.cause"), ended.At("denialProof.verdict")));
        await team.Cluster.MayNotReadSoonAsync(team.Alice, team.Namespace);
        Assert.Single((await team.As(team.Alice).GetAsync("/api/requests?mine=true")).Items);
        await team.GrantAsync();
    }

    private static void ExpectUnavailable(Answer answer)
    {
        answer.ExpectProblem(503, "store-unavailable");
        Assert.InRange(int.Parse(answer.Header("Retry-After")!, CultureInfo.InvariantCulture), 1, 60);
    }
}
