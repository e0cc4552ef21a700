using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;

namespace JitFunctions.EndToEnd.Tests.Outages;

[Collection(OutageStage.Name)]
public sealed class ApiServerOutageTests(OutageStage stage)
{
    [Fact]
    public async Task An_approval_while_the_cluster_is_away_is_kept_and_its_time_runs_from_when_the_rights_are_there()
    {
        var scene = await stage.RestoreAsync();
        var id = await scene.AskAsync(scene.Terms("1m"));
        await stage.StopApiServerAsync();
        await scene.As(scene.Bob).ApproveAsync(id);

        var troubled = await scene
            .As(scene.Alice)
            .WaitForAsync(id, HasTrouble("activation-delayed", attempts: 2), "activation is tried again and again");
        Assert.Equal("approved", troubled.At("status"));
        Assert.False(string.IsNullOrEmpty(troubled.At("trouble.detail")));
        var back = TimeProvider.System.GetUtcNow();
        await stage.StartApiServerAsync();

        var active = await scene.As(scene.Alice).WaitForAsync(id, "active");
        Assert.Null(active["trouble"]);
        Assert.InRange(active.TimeAt("expiresAt"), back.AddMinutes(1), active.TimeAt("activatedAt").AddMinutes(1));
        await scene.Cluster.MayReadSoonAsync(scene.Alice, scene.Namespace);
    }

    [Fact]
    public async Task An_expiry_while_the_cluster_is_away_is_done_when_it_is_back()
    {
        var scene = await stage.RestoreAsync();
        var id = (await scene.GrantAsync(scene.Terms(OutageStage.Brief))).Id();
        await stage.StopApiServerAsync();

        var troubled = await scene
            .As(scene.Alice)
            .WaitForAsync(id, HasTrouble("revocation-delayed", attempts: 1), "revocation is tried");
        var more = await scene
            .As(scene.Alice)
            .WaitForAsync(id, HasTrouble("revocation-delayed", attempts: Attempts(troubled) + 2), "again and again");
        Assert.Equal(("ending", "expired"), (more.At("status"), more.At("ending.cause")));
        Assert.Equal(troubled.At("trouble.since"), more.At("trouble.since"));
        await stage.StartApiServerAsync();

        var ended = await scene.As(scene.Alice).WaitForAsync(id, "ended");
        Assert.Equal("denied", ended.At("denialProof.verdict"));
        Assert.Null(ended["trouble"]);
        await scene.Cluster.MayNotReadSoonAsync(scene.Alice, scene.Namespace);
    }

    [Fact]
    public async Task What_was_withdrawn_or_revoked_while_the_cluster_is_away_leaves_nothing_there()
    {
        var scene = await stage.RestoreAsync();
        var (withdrawn, revoked) = (await scene.AskAsync(), await scene.AskAsync());
        await stage.StopApiServerAsync();
        foreach (var id in new[] { withdrawn, revoked })
        {
            await scene.As(scene.Bob).ApproveAsync(id);
            await scene
                .As(scene.Alice)
                .WaitForAsync(id, HasTrouble("activation-delayed", attempts: 1), "activation is tried");
        }

        Assert.Equal("withdrawn", (await scene.As(scene.Alice).DoAsync(withdrawn, "withdraw")).At("status"));
        Assert.Equal("ending", (await scene.As(scene.Bob).DoAsync(revoked, "revoke")).At("status"));
        await stage.StartApiServerAsync();

        Assert.Equal("revoked", (await scene.As(scene.Alice).WaitForAsync(revoked, "ended")).At("ending.cause"));
        Assert.False(await scene.Cluster.MayReadAsync(scene.Alice, scene.Namespace));
    }

    [Fact]
    public async Task What_cannot_be_judged_without_the_cluster_is_refused()
    {
        var scene = await stage.RestoreAsync();
        await stage.StopApiServerAsync();

        var refused = (await scene.As(scene.Alice).PostAsync("/api/requests", scene.Terms())).ExpectProblem(
            503,
            "indeterminate"
        );
        Assert.Contains("demo", refused.Json.At("detail"), StringComparison.Ordinal);
        await scene.NothingIsWrittenAsync();

        var told = (await scene.As(scene.Alice).PostAsync("/api/policies/simulate", scene.Terms()))
            .Expect(HttpStatusCode.OK)
            .Json;
        Assert.Equal(("false", "indeterminate"), (told.At("covered"), told.At("code")));
        var verdict = Assert.Single(told["verdicts"]!.AsArray(), verdict => verdict!.At("policy") == "reviewed")!;
        Assert.Equal(
            ("false", "true"),
            (verdict.At("covers"), Assert.Single(verdict["excess"]!.AsArray())!.At("unresolved"))
        );
        var whoCan = (
            await scene
                .As(scene.Auditor)
                .PostAsync(
                    "/api/policies/who-can",
                    new
                    {
                        cluster = "demo",
                        @namespace = scene.Namespace,
                        verb = "get",
                        resource = "pods",
                    }
                )
        ).Expect(HttpStatusCode.OK);
        Assert.Empty(whoCan.Items);
        Assert.Contains(
            whoCan.Json["unresolved"]!.AsArray(),
            line => line!.ToString().StartsWith("reviewed, ClusterRole/edit: ", StringComparison.Ordinal)
        );

        // What no policy covers anyhow needs no cluster to say so.
        (await scene.As(scene.Alice).PostAsync("/api/requests", scene.Terms("2h"))).ExpectProblem(403, "not-covered");
        await stage.StartApiServerAsync();
    }

    private static Func<JsonObject, bool> HasTrouble(string what, int attempts) =>
        request => request.At("trouble.what") == what && Attempts(request) >= attempts;

    private static int Attempts(JsonObject request) =>
        int.Parse(request.At("trouble.attempts")!, CultureInfo.InvariantCulture);
}
