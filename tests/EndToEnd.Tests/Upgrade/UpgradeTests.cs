using JitFunctions.LocalStack;

namespace JitFunctions.EndToEnd.Tests.Upgrade;

/// <summary>
/// The version before kept its orchestrations in another schema and in another form. This one begins with none, on a
/// database that the version before had made: the reconciler sees to all that lives.
/// </summary>
[Collection(OutageFixture.Name)]
public sealed class UpgradeTests(OutageFixture fixture)
{
    private const string Elsewhere =
        "There the orchestrations are in Azure Storage, in a form that this version has not changed.";

    // The planned start is that long after the version before was killed, or a few seconds less.
    private static readonly TimeSpan UntilTheStart = TimeSpan.FromMinutes(20);

    // The reconciler, which comes by every five seconds here, ends what is over. The rest is for busy machines.
    private static readonly TimeSpan Promptly = TimeSpan.FromMinutes(1);

    private static readonly string[] Grants = ["team-over", "team-live", "team-stuck", "lent-live"];

    [Fact(Skip = Elsewhere, SkipUnless = nameof(TestHost.IsEmbedded), SkipType = typeof(TestHost))]
    public async Task What_ran_out_before_the_update_is_ended_at_once_and_the_log_goes_on()
    {
        var team = await fixture.RestoreAsync();
        var before = VersionBefore.KilledAgo(TimeSpan.FromDays(1), fixture.Platform.Issuer.Authority);
        await using var app = await UpdatedApp.PrepareAsync(before, team);
        foreach (var ns in Grants)
            Assert.True(await team.Cluster.HasBindingAsync(ns, $"jit-{app.Id(ns)}"));
        await team.Cluster.MayReadSoonAsync(Person.Alice, "team-over");
        var oldTaskHub = await app.OldTaskHubAsync();

        var start = TimeProvider.System.GetUtcNow();
        await app.StartAsync();
        var auditor = app.As(Person.Dave);

        foreach (var ns in Grants)
        {
            var ended = await auditor.WaitForAsync(app.Id(ns), "ended");
            Assert.Equal(
                (ns == "team-stuck" ? "relinquished" : "expired", "denied"),
                (ended.At("ending.cause"), ended.At("denialProof.verdict"))
            );
            Assert.InRange(ended.TimeAt("endedAt"), start, start + Promptly);
            Assert.False(await team.Cluster.HasBindingAsync(ns, $"jit-{app.Id(ns)}"));
            await team.Cluster.MayNotReadSoonAsync(Person.Alice, ns);
        }

        Assert.Empty(await new CredentialNamespace(team.Cluster).HoldsAsync($"jit-{app.Id("lent-live")}"));
        await auditor.WaitForAsync(app.Id("team-asked"), "lapsed");
        Assert.Equal(
            "It could not be activated in time.",
            (await auditor.WaitForAsync(app.Id("plan-later"), "failed")).At("ending.comment")
        );

        var log = await auditor.AuditAsync();
        Assert.Equal(
            before.Events.Select(e => e.ToJsonString()),
            log.Take(before.Events.Count).Select(e => e.ToJsonString())
        );
        Assert.Single(log, e => e.At("type") == "activation_started" && e.At("stream") == app.Id("team-live"));
        Assert.DoesNotContain(log, e => e.At("type") == "activation_started" && e.At("stream") == app.Id("plan-later"));

        // What the reconciler itself has ended needs none.
        foreach (var ns in before.Requests.Keys)
            await Eventually.Async(
                async () => await app.InstanceAsync(ns) is null or "Completed",
                $"no orchestration waits for {ns}"
            );
        Assert.Equal(oldTaskHub, await app.OldTaskHubAsync());
    }

    [Fact(Skip = Elsewhere, SkipUnless = nameof(TestHost.IsEmbedded), SkipType = typeof(TestHost))]
    public async Task What_lives_goes_on_by_orchestrations_of_the_new_version_and_the_old_ones_can_be_dropped()
    {
        var team = await fixture.RestoreAsync();
        var before = VersionBefore.KilledAgo(
            UntilTheStart - TimeSpan.FromSeconds(45),
            fixture.Platform.Issuer.Authority
        );
        await using var app = await UpdatedApp.PrepareAsync(before, team);
        var bindings = await BindingsAsync();
        var oldTaskHub = await app.OldTaskHubAsync();
        await app.StartAsync();
        var (alice, bob) = (app.As(Person.Alice), app.As(Person.Bob));

        Assert.Equal("expired", (await alice.WaitForAsync(app.Id("team-over"), "ended")).At("ending.cause"));
        Assert.Equal("relinquished", (await alice.WaitForAsync(app.Id("team-stuck"), "ended")).At("ending.cause"));
        foreach (var ns in new[] { "team-live", "lent-live", "team-asked", "plan-later" })
            await Eventually.Async(
                async () => await app.InstanceAsync(ns) == "Running",
                $"{ns} has an orchestration of this version"
            );
        await team.ReportAsync(TimeProvider.System.GetUtcNow(), "ReconcileClusters", app.Host);

        // Nothing was made anew, and nothing found to be other than it should be.
        Assert.Equal(bindings, await BindingsAsync());
        Assert.DoesNotContain("drift_found", (await app.As(Person.Dave).AuditAsync()).Types());
        await team.Cluster.MayReadSoonAsync(Person.Alice, "team-live");
        Assert.Equal(oldTaskHub, await app.OldTaskHubAsync());
        await app.ExecuteAsync("drop schema durable cascade");

        await bob.ApproveAsync(app.Id("team-asked"));
        var planned = await alice.WaitForAsync(app.Id("plan-later"), "active");
        Assert.True(planned.TimeAt("activatedAt") >= planned.TimeAt("start"));
        await alice.WaitForAsync(app.Id("team-asked"), "active");
        await team.Cluster.MayReadSoonAsync(Person.Alice, "team-asked");
        foreach (var ns in new[] { "team-asked", "plan-later", "lent-live" })
            await alice.DoAsync(app.Id(ns), "relinquish");
        await bob.DoAsync(app.Id("team-live"), "revoke");
        foreach (var ns in new[] { "team-live", "lent-live", "team-asked", "plan-later" })
        {
            Assert.Equal("denied", (await alice.WaitForAsync(app.Id(ns), "ended")).At("denialProof.verdict"));
            Assert.False(await team.Cluster.HasBindingAsync(ns, $"jit-{app.Id(ns)}"));
            await Eventually.Async(
                async () => await app.InstanceAsync(ns) == "Completed",
                $"the orchestration of {ns} is done"
            );
        }

        Assert.Empty(await new CredentialNamespace(team.Cluster).HoldsAsync($"jit-{app.Id("lent-live")}"));

        async Task<IReadOnlyList<string>> BindingsAsync() =>
            [
                await team.Cluster.BindingAsync("team-live", $"jit-{app.Id("team-live")}", "{.metadata.uid}"),
                await team.Cluster.BindingAsync("lent-live", $"jit-{app.Id("lent-live")}", "{.metadata.uid}"),
            ];
    }
}
