namespace JitFunctions.EndToEnd.Tests.Outages;

[Collection(OutageStage.Name)]
public sealed class HostFailureTests(OutageStage stage)
{
    // Well before the reconciler would step in for an orchestration that does nothing.
    private static readonly TimeSpan Promptly = TimeSpan.FromSeconds(8);

    [Fact]
    public async Task An_expiry_while_no_host_lives_is_done_as_soon_as_one_does()
    {
        var scene = await stage.RestoreAsync();
        var grant = await scene.GrantAsync(scene.Terms("6s"));
        await stage.KillHostAsync();
        await Eventually.IsAsync(grant.TimeAt("expiresAt").AddSeconds(2));
        Assert.True(await scene.Cluster.MayReadAsync(scene.Alice, scene.Namespace));

        await stage.StartHostAsync();
        var back = TimeProvider.System.GetUtcNow();

        var ended = await scene.As(scene.Alice).WaitForAsync(grant.Id(), "ended");
        Assert.Equal(("expired", "denied"), (ended.At("ending.cause"), ended.At("denialProof.verdict")));
        Assert.InRange(ended.TimeAt("endedAt") - back, -Promptly, Promptly);
        await scene.Cluster.MayNotReadSoonAsync(scene.Alice, scene.Namespace);
    }

    [Fact]
    public async Task What_was_decided_before_the_host_died_is_done_afterwards()
    {
        var scene = await stage.RestoreAsync();
        await stage.StopApiServerAsync();
        var id = await scene.AskAsync();
        await scene.As(scene.Bob).ApproveAsync(id);
        await stage.KillHostAsync();
        await stage.StartApiServerAsync();
        Assert.False(await scene.Cluster.HasBindingAsync(scene.Namespace, $"jit-{id}"));

        await stage.StartHostAsync();

        await scene.As(scene.Alice).WaitForAsync(id, "active");
        await scene.Cluster.MayReadSoonAsync(scene.Alice, scene.Namespace);
    }

    [Fact]
    public async Task Of_two_nodes_the_one_that_lives_ends_the_grants_of_the_one_that_was_killed()
    {
        var scene = await stage.RestoreAsync();
        var grants = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => scene.GrantAsync(scene.Terms("20s"))));
        await using var other = await stage.AddHostAsync();
        await stage.KillHostAsync();

        foreach (var grant in grants)
        {
            var ended = await scene.As(scene.Alice, other).WaitForAsync(grant.Id(), "ended");
            Assert.Equal("expired", ended.At("ending.cause"));
            Assert.InRange(ended.TimeAt("endedAt") - ended.TimeAt("expiresAt"), TimeSpan.Zero, Promptly);
        }

        await scene.Cluster.MayNotReadSoonAsync(scene.Alice, scene.Namespace);
        var fresh = (string)(await scene.As(scene.Alice, other).AskAsync(scene.Terms()))["id"]!;
        await scene.As(scene.Bob, other).ApproveAsync(fresh);
        await scene.As(scene.Alice, other).WaitForAsync(fresh, "active");
    }
}
