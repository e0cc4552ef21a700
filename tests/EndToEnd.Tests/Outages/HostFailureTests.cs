namespace JitFunctions.EndToEnd.Tests.Outages;

[Collection(OutageFixture.Name)]
public sealed class HostFailureTests(OutageFixture fixture)
{
    // The reconciler, which comes by every five seconds here, ends a grant ten seconds after its expiry if nobody else
    // has. The rest is for busy machines.
    private static readonly TimeSpan Promptly = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task An_expiry_while_no_host_lives_is_done_as_soon_as_one_does()
    {
        var team = await fixture.RestoreAsync();
        var grant = await team.GrantAsync(team.Terms(OutageFixture.Brief));
        await fixture.KillHostAsync();
        await Eventually.IsAsync(grant.TimeAt("expiresAt").AddSeconds(2));
        Assert.True(await team.Cluster.MayReadAsync(team.Alice, team.Namespace));

        await fixture.StartHostAsync();
        var back = TimeProvider.System.GetUtcNow();

        var ended = await team.As(team.Alice).WaitForAsync(grant.Id(), "ended");
        Assert.Equal(("expired", "denied"), (ended.At("ending.cause"), ended.At("denialProof.verdict")));
        Assert.True(ended.TimeAt("endedAt") < back + Promptly);
        await team.Cluster.MayNotReadSoonAsync(team.Alice, team.Namespace);
    }

    [Fact]
    public async Task What_was_decided_before_the_host_died_is_done_afterwards()
    {
        var team = await fixture.RestoreAsync();
        var id = await team.AskAsync();
        await fixture.StopApiServerAsync();
        await team.As(team.Bob).ApproveAsync(id);
        await fixture.KillHostAsync();
        await fixture.StartApiServerAsync();
        Assert.False(await team.Cluster.HasBindingAsync(team.Namespace, $"jit-{id}"));

        await fixture.StartHostAsync();

        await team.As(team.Alice).WaitForAsync(id, "active");
        await team.Cluster.MayReadSoonAsync(team.Alice, team.Namespace);
    }

    [Fact]
    public async Task A_host_that_dies_amid_many_approvals_loses_none_and_grants_each_once()
    {
        var team = await fixture.RestoreAsync();
        var ids = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => team.AskAsync()));
        var approvals = ids.Select(id => TryApproveAsync(team, id)).ToList();
        await Task.WhenAny(approvals);
        await fixture.KillHostAsync();
        await Task.WhenAll(approvals);
        await fixture.StartHostAsync();

        await Task.WhenAll(
            ids.Select(async id =>
            {
                await team.As(team.Bob).ApproveAsync(id);
                await team.As(team.Alice).WaitForAsync(id, "active");
                var types = (await team.As(team.Alice).EventsAsync(id)).Types();
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
        var bindings = await team.Cluster.AdminAsync(
            "get",
            "rolebindings",
            "-n",
            team.Namespace,
            "-o",
            "jsonpath={.items[*].metadata.name}"
        );
        Assert.Equal(ids.Select(id => $"jit-{id}").Order(), bindings.Split(' ').Order());
    }

    [Fact]
    public async Task Of_two_nodes_the_one_that_lives_ends_the_grants_of_the_one_that_was_killed()
    {
        var team = await fixture.RestoreAsync();
        var grants = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => team.GrantAsync(team.Terms("20s"))));
        await using var other = await fixture.AddHostAsync();
        await fixture.KillHostAsync();

        foreach (var grant in grants)
        {
            var ended = await team.As(team.Alice, other).WaitForAsync(grant.Id(), "ended");
            Assert.Equal("expired", ended.At("ending.cause"));
            Assert.InRange(ended.TimeAt("endedAt") - ended.TimeAt("expiresAt"), TimeSpan.Zero, Promptly);
        }

        await team.Cluster.MayNotReadSoonAsync(team.Alice, team.Namespace);
        var fresh = (string)(await team.As(team.Alice, other).AskAsync(team.Terms()))["id"]!;
        await team.As(team.Bob, other).ApproveAsync(fresh);
        await team.As(team.Alice, other).WaitForAsync(fresh, "active");
    }

    private static async Task TryApproveAsync(Team team, string id)
    {
        try
        {
            await team.As(team.Bob).ApproveAsync(id);
        }
        catch (HttpRequestException)
        {
            // The host died over it: nobody knows whether it was heard.
        }
    }
}
