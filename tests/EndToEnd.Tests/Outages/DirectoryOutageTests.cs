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
            var waiting = await scene.As(scene.Alice).WaitForAsync(id, request => request.At("trouble.what") == "activation-delayed", "it is tried");
            Assert.Equal("approved", waiting.At("status"));
            Assert.Contains("cannot be told", waiting.At("trouble.detail"), StringComparison.Ordinal);
            Assert.DoesNotContain("activation_started", (await scene.As(scene.Alice).EventsAsync(id)).Types());
        }

        stage.Platform.Issuer.Directory.Start();
        foreach (var id in new[] { reviewed, planned })
            Assert.Null((await scene.As(scene.Alice).WaitForAsync(id, "active"))["trouble"]);
    }

    private static async Task<string> PlannedAsync(Scene scene)
    {
        await scene.Cluster.CreateNamespaceAsync(scene.NamespaceOf("plan"));
        return await scene.AskAsync(scene.Planned(scene.NamespaceOf("plan"), TimeSpan.FromSeconds(2)));
    }
}
