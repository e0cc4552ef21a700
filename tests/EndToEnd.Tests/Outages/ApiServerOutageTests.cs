using System.Globalization;
using System.Text.Json.Nodes;

namespace JitFunctions.EndToEnd.Tests.Outages;

[Collection(OutageStage.Name)]
public sealed class ApiServerOutageTests(OutageStage stage)
{
    [Fact]
    public async Task An_expiry_while_the_cluster_is_away_is_done_when_it_is_back()
    {
        var scene = await stage.RestoreAsync();
        var id = (await scene.GrantAsync(scene.Terms("6s"))).Id();
        await stage.StopApiServerAsync();

        var troubled = await scene.As(scene.Alice).WaitForAsync(id, HasTrouble("revocation-delayed", attempts: 1), "revocation is tried");
        var more = await scene.As(scene.Alice).WaitForAsync(id, HasTrouble("revocation-delayed", attempts: Attempts(troubled) + 2), "again and again");
        Assert.Equal(("ending", "expired"), (more.At("status"), more.At("ending.cause")));
        Assert.Equal(troubled.At("trouble.since"), more.At("trouble.since"));
        await stage.StartApiServerAsync();

        var ended = await scene.As(scene.Alice).WaitForAsync(id, "ended");
        Assert.Equal("denied", ended.At("denialProof.verdict"));
        Assert.Null(ended["trouble"]);
        await scene.Cluster.MayNotReadSoonAsync(scene.Alice, scene.Namespace);
    }

    private static Func<JsonObject, bool> HasTrouble(string what, int attempts) =>
        request => request.At("trouble.what") == what && Attempts(request) >= attempts;

    private static int Attempts(JsonObject request) => int.Parse(request.At("trouble.attempts")!, CultureInfo.InvariantCulture);
}
