namespace JitFunctions.EndToEnd.Tests.Access;

/// <summary>
/// What the engine of the orchestrations keeps outlives a grant, and others may read it: on Azure, in tables and
/// queues.
/// </summary>
public sealed class EngineContentsTests(Stage stage)
{
    private readonly DurableEngine _engine = DurableEngine.Of(stage.Platform);

    [Fact]
    public async Task Of_a_request_it_knows_the_id_and_its_times_and_neither_a_person_nor_a_reason_nor_a_place_nor_a_secret()
    {
        var scene = await Scene.SetAsync(stage.Platform);
        await scene.Cluster.CreateNamespaceAsync(scene.NamespaceOf("lent"));
        var reason = $"because of {scene.NamespaceOf("ticket")}";
        var grant = await scene.GrantAsync(EphemeralTests.Terms(scene).With("reason", reason));
        var credential = await EphemeralTests.IssueAsync(scene, grant.Id());
        await scene.As(scene.Alice).DoAsync(grant.Id(), "relinquish");
        await scene.As(scene.Alice).WaitForAsync(grant.Id(), "ended");

        Assert.True(await _engine.MentionsAsync(grant.Id()));
        var contents = await _engine.ContentsAsync().ToListAsync(TestContext.Current.CancellationToken);
        string[] unknown =
        [
            reason,
            scene.Alice.UserName,
            scene.Bob.UserName,
            "payments-leads",
            scene.NamespaceOf("lent"),
            credential.At("token")!.Split('.')[2],
            stage.Platform.Issuer.IssueToken(scene.Alice).Split('.')[0],
            stage.Platform.Notifications.Secret,
            stage.Platform.Database,
            stage.Platform.Issuer.Directory.Identity.Header,
        ];
        foreach (var secret in unknown)
            Assert.DoesNotContain(contents, row => row.Contains(secret, StringComparison.OrdinalIgnoreCase));
    }
}
