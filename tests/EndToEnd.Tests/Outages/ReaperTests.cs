using JitFunctions.EndToEnd.Tests.Access;
using JitFunctions.LocalStack;

namespace JitFunctions.EndToEnd.Tests.Outages;

/// <summary>No host lives, and the cluster gets rid of ended grants by itself.</summary>
[Collection(OutageFixture.Name)]
public sealed class ReaperTests(OutageFixture fixture)
{
    [Fact]
    public async Task A_grant_that_expires_during_an_outage_is_reaped_and_the_host_records_a_normal_end()
    {
        var team = await fixture.RestoreAsync();
        var kubeconfig = await fixture.Platform.Cluster.KubeconfigOfAsync("jit-system", "jit-reaper");
        var other = await Team.SetAsync(fixture.Platform);
        var living = await other.GrantAsync();
        var ending = await team.GrantAsync(team.Terms(OutageFixture.Brief));
        await fixture.KillHostAsync();
        await fixture.StopStoreAsync();
        await Eventually.IsAsync(ending.TimeAt("expiresAt").AddSeconds(1));

        var run = (
            await ReapProcess.RunAsync(kubeconfig, ["--grace", "00:00:00"], TestContext.Current.CancellationToken)
        ).OrThrow("reap");

        Assert.Contains(
            $"deleted: RoleBinding {team.Namespace}/jit-{ending.Id()} ",
            run.StdOut,
            StringComparison.Ordinal
        );
        Assert.False(await team.Cluster.HasBindingAsync(team.Namespace, $"jit-{ending.Id()}"));
        Assert.True(await team.Cluster.HasBindingAsync(other.Namespace, $"jit-{living.Id()}"));
        await fixture.StartStoreAsync();
        await fixture.StartHostAsync();
        var ended = await team.As(team.Alice).WaitForAsync(ending.Id(), "ended");
        Assert.Equal(("expired", "denied"), (ended.At("ending.cause"), ended.At("denialProof.verdict")));
        Assert.Empty(await team.DriftAsync(ending.Id()));
        await team.Cluster.MayNotReadSoonAsync(team.Alice, team.Namespace);
    }

    [Fact]
    public async Task The_tokens_of_an_ephemeral_grant_end_with_its_service_account()
    {
        await fixture.RestoreAsync();
        var team = await Team.SetAsync(fixture.Platform, "lent");
        var kubeconfig = await fixture.Platform.Cluster.KubeconfigOfAsync("jit-system", "jit-reaper");
        var grant = await EphemeralTests.GrantAsync(team);
        using var credential = TokenHolder.Of(
            await EphemeralTests.IssueAsync(team, grant.Id()),
            fixture.Platform.Cluster
        );
        await fixture.KillHostAsync();
        var account = $"jit-{grant.Id()}";
        foreach (
            var (kind, ns) in new[]
            {
                ("serviceaccount", CredentialNamespace.Name),
                ("rolebinding", team.NamespaceOf("lent")),
            }
        )
            await team.Cluster.AdminAsync(
                "annotate",
                kind,
                account,
                "-n",
                ns,
                "--overwrite",
                "jit-access/expires-at=2020-01-01T00:00:00Z"
            );

        (await ReapProcess.RunAsync(kubeconfig, [], TestContext.Current.CancellationToken)).OrThrow("reap");

        await credential.IsSoonAsync(TokenHolder.Unauthorized, team.NamespaceOf("lent"));
        await fixture.StartHostAsync();
    }
}
