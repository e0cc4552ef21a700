namespace JitFunctions.EndToEnd.Tests.Outages;

[Collection(OutageStage.Name)]
public sealed class HostFailureTests(OutageStage stage)
{
    // The reconciler, which comes by every five seconds here, ends a grant ten seconds after its expiry if nobody else
    // has. The rest is for busy machines.
    private static readonly TimeSpan Promptly = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task An_expiry_while_no_host_lives_is_done_as_soon_as_one_does()
    {
        var scene = await stage.RestoreAsync();
        var grant = await scene.GrantAsync(scene.Terms(OutageStage.Brief));
        await stage.KillHostAsync();
        await Eventually.IsAsync(grant.TimeAt("expiresAt").AddSeconds(2));
        Assert.True(await scene.Cluster.MayReadAsync(scene.Alice, scene.Namespace));

        await stage.StartHostAsync();
        var back = TimeProvider.System.GetUtcNow();

        var ended = await scene.As(scene.Alice).WaitForAsync(grant.Id(), "ended");
        Assert.Equal(("expired", "denied"), (ended.At("ending.cause"), ended.At("denialProof.verdict")));
        Assert.True(ended.TimeAt("endedAt") < back + Promptly);
        await scene.Cluster.MayNotReadSoonAsync(scene.Alice, scene.Namespace);
    }

    [Fact]
    public async Task What_was_decided_before_the_host_died_is_done_afterwards()
    {
        var scene = await stage.RestoreAsync();
        var id = await scene.AskAsync();
        await stage.StopApiServerAsync();
        await scene.As(scene.Bob).ApproveAsync(id);
        await stage.KillHostAsync();
        await stage.StartApiServerAsync();
        Assert.False(await scene.Cluster.HasBindingAsync(scene.Namespace, $"jit-{id}"));

        await stage.StartHostAsync();

        await scene.As(scene.Alice).WaitForAsync(id, "active");
        await scene.Cluster.MayReadSoonAsync(scene.Alice, scene.Namespace);
    }

    [Fact]
    public async Task A_host_that_dies_amid_many_approvals_loses_none_and_grants_each_once()
    {
        var scene = await stage.RestoreAsync();
        var ids = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => scene.AskAsync()));
        var approvals = ids.Select(id => TryApproveAsync(scene, id)).ToList();
        await Task.WhenAny(approvals);
        await stage.KillHostAsync();
        await Task.WhenAll(approvals);
        await stage.StartHostAsync();

        await Task.WhenAll(
            ids.Select(async id =>
            {
                await scene.As(scene.Bob).ApproveAsync(id);
                await scene.As(scene.Alice).WaitForAsync(id, "active");
                var types = (await scene.As(scene.Alice).EventsAsync(id)).Types();
                Assert.Equal(
                    [
                        "access_requested",
                        "request_reviewed",
                        "request_approved",
                        "activation_started",
                        "access_activated",
                    ],
                    types
                );
            })
        );
        var bindings = await scene.Cluster.AdminAsync(
            "get",
            "rolebindings",
            "-n",
            scene.Namespace,
            "-o",
            "jsonpath={.items[*].metadata.name}"
        );
        Assert.Equal(ids.Select(id => $"jit-{id}").Order(), bindings.Split(' ').Order());
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

    private static async Task TryApproveAsync(Scene scene, string id)
    {
        try
        {
            await scene.As(scene.Bob).ApproveAsync(id);
        }
        catch (HttpRequestException)
        {
            // The host died over it: nobody knows whether it was heard.
        }
    }
}
