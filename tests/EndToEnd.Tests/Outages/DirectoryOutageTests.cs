namespace JitFunctions.EndToEnd.Tests.Outages;

[Collection(OutageStage.Name)]
public sealed class DirectoryOutageTests(OutageStage stage)
{
    [Fact]
    public async Task What_cannot_be_looked_up_is_not_activated_until_it_can_be()
    {
        var scene = await stage.RestoreAsync();
        var (reviewed, planned) = (await scene.AskAsync(), await PlannedAsync(scene));
        stage.Platform.Issuer.Directory.Stop();
        foreach (var id in new[] { reviewed, planned })
            await scene.As(scene.Bob).ApproveAsync(id);

        foreach (var id in new[] { reviewed, planned })
        {
            var waiting = await scene
                .As(scene.Alice)
                .WaitForAsync(id, request => request.At("trouble.what") == "activation-delayed", "it is tried");
            Assert.Equal("approved", waiting.At("status"));
            Assert.Contains("cannot be told", waiting.At("trouble.detail"), StringComparison.Ordinal);
            Assert.DoesNotContain("activation_started", (await scene.As(scene.Alice).EventsAsync(id)).Types());
        }

        stage.Platform.Issuer.Directory.Start();
        foreach (var id in new[] { reviewed, planned })
            Assert.Null((await scene.As(scene.Alice).WaitForAsync(id, "active"))["trouble"]);
    }

    [Fact]
    public async Task While_the_directory_is_away_nothing_is_had_for_longer_and_everything_can_be_ended()
    {
        var scene = await stage.RestoreAsync();
        await scene.Cluster.CreateNamespaceAsync(scene.NamespaceOf("again"));
        var grant = await scene.GrantAsync(scene.Terms("8m", "ClusterRole/view", scene.NamespaceOf("again")));
        await scene.As(scene.Alice).DoAsync(grant.Id(), "extend", new { duration = "5m", reason = "not done" });
        stage.Platform.Issuer.Directory.Stop();

        var refused = (await scene.As(scene.Bob).ReviewAsync(grant.Id(), "approve")).ExpectProblem(
            503,
            "indeterminate"
        );
        Assert.Contains("cannot be told", refused.Json.At("detail"), StringComparison.Ordinal);
        Assert.Equal(grant.At("expiresAt"), (await scene.As(scene.Alice).ReadAsync(grant.Id())).At("expiresAt"));
        Assert.Null((await scene.As(scene.Bob).DenyAsync(grant.Id()))["extension"]);
        await scene.As(scene.Bob).DoAsync(grant.Id(), "revoke");
        await scene.As(scene.Alice).WaitForAsync(grant.Id(), "ended");
        stage.Platform.Issuer.Directory.Start();
    }

    private static async Task<string> PlannedAsync(Scene scene)
    {
        await scene.Cluster.CreateNamespaceAsync(scene.NamespaceOf("plan"));
        return await scene.AskAsync(scene.Planned(scene.NamespaceOf("plan"), TimeSpan.FromSeconds(2)));
    }
}
