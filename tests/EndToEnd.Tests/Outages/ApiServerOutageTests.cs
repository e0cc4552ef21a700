using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;

namespace JitFunctions.EndToEnd.Tests.Outages;

[Collection(OutageFixture.Name)]
public sealed class ApiServerOutageTests(OutageFixture fixture)
{
    [Fact]
    public async Task An_approval_while_the_cluster_is_away_is_kept_and_its_time_runs_from_when_the_rights_are_there()
    {
        var team = await fixture.RestoreAsync();
        var id = await team.AskAsync(team.Terms("1m"));
        await fixture.StopApiServerAsync();
        await team.As(team.Bob).ApproveAsync(id);

        var troubled = await team.As(team.Alice)
            .WaitForAsync(id, HasTrouble("activation-delayed", attempts: 2), "activation is tried again and again");
        Assert.Equal("approved", troubled.At("status"));
        Assert.False(string.IsNullOrEmpty(troubled.At("trouble.detail")));
        var back = TimeProvider.System.GetUtcNow();
        await fixture.StartApiServerAsync();

        var active = await team.As(team.Alice).WaitForAsync(id, "active");
        Assert.Null(active["trouble"]);
        Assert.InRange(active.TimeAt("expiresAt"), back.AddMinutes(1), active.TimeAt("activatedAt").AddMinutes(1));
        await team.Cluster.MayReadSoonAsync(team.Alice, team.Namespace);
    }

    [Fact]
    public async Task An_expiry_while_the_cluster_is_away_is_done_when_it_is_back()
    {
        var team = await fixture.RestoreAsync();
        var id = (await team.GrantAsync(team.Terms(OutageFixture.Brief))).Id();
        await fixture.StopApiServerAsync();

        var troubled = await team.As(team.Alice)
            .WaitForAsync(id, HasTrouble("revocation-delayed", attempts: 1), "revocation is tried");
        var more = await team.As(team.Alice)
            .WaitForAsync(id, HasTrouble("revocation-delayed", attempts: Attempts(troubled) + 2), "again and again");
        Assert.Equal(("ending", "expired"), (more.At("status"), more.At("ending.cause")));
        Assert.Equal(troubled.At("trouble.since"), more.At("trouble.since"));
        await fixture.StartApiServerAsync();

        var ended = await team.As(team.Alice).WaitForAsync(id, "ended");
        Assert.Equal("denied", ended.At("denialProof.verdict"));
        Assert.Null(ended["trouble"]);
        await team.Cluster.MayNotReadSoonAsync(team.Alice, team.Namespace);
    }

    [Fact]
    public async Task What_was_withdrawn_or_revoked_while_the_cluster_is_away_leaves_nothing_there()
    {
        var team = await fixture.RestoreAsync();
        var (withdrawn, revoked) = (await team.AskAsync(), await team.AskAsync());
        await fixture.StopApiServerAsync();
        foreach (var id in new[] { withdrawn, revoked })
        {
            await team.As(team.Bob).ApproveAsync(id);
            await team.As(team.Alice)
                .WaitForAsync(id, HasTrouble("activation-delayed", attempts: 1), "activation is tried");
        }

        Assert.Equal("withdrawn", (await team.As(team.Alice).DoAsync(withdrawn, "withdraw")).At("status"));
        Assert.Equal("ending", (await team.As(team.Bob).DoAsync(revoked, "revoke")).At("status"));
        await fixture.StartApiServerAsync();

        Assert.Equal("revoked", (await team.As(team.Alice).WaitForAsync(revoked, "ended")).At("ending.cause"));
        Assert.False(await team.Cluster.MayReadAsync(team.Alice, team.Namespace));
    }

    [Fact]
    public async Task A_request_that_needs_facts_of_an_unreachable_cluster_is_refused()
    {
        var team = await fixture.RestoreAsync();
        await fixture.StopApiServerAsync();

        var refused = (await team.As(team.Alice).PostAsync("/api/requests", team.Terms())).ExpectProblem(
            503,
            "indeterminate"
        );
        Assert.Contains("demo", refused.Json.At("detail"), StringComparison.Ordinal);
        await team.NothingIsWrittenAsync();

        var told = (await team.As(team.Alice).PostAsync("/api/policies/simulate", team.Terms()))
            .Expect(HttpStatusCode.OK)
            .Json;
        Assert.Equal(("false", "indeterminate"), (told.At("covered"), told.At("code")));
        var verdict = Assert.Single(told["verdicts"]!.AsArray(), verdict => verdict!.At("policy") == "reviewed")!;
        Assert.Equal(
            ("false", "true"),
            (verdict.At("covers"), Assert.Single(verdict["excess"]!.AsArray())!.At("unresolved"))
        );
        var whoCan = (
            await team.As(team.Auditor)
                .PostAsync(
                    "/api/policies/who-can",
                    new
                    {
                        cluster = "demo",
                        @namespace = team.Namespace,
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
        (await team.As(team.Alice).PostAsync("/api/requests", team.Terms("2h"))).ExpectProblem(403, "not-covered");
        await fixture.StartApiServerAsync();
    }

    private static Func<JsonObject, bool> HasTrouble(string what, int attempts) =>
        request => request.At("trouble.what") == what && Attempts(request) >= attempts;

    private static int Attempts(JsonObject request) =>
        int.Parse(request.At("trouble.attempts")!, CultureInfo.InvariantCulture);
}
