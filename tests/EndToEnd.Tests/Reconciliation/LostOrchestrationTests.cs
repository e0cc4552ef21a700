namespace JitFunctions.EndToEnd.Tests.Reconciliation;

/// <summary>The event store knows a request whose orchestration is no more.</summary>
public sealed class LostOrchestrationTests(Stage stage)
{
    private readonly DurableEngine _engine = DurableEngine.Of(stage.Platform);

    [Fact]
    public async Task A_pending_request_without_an_orchestration_gets_one_and_goes_on()
    {
        var scene = await Scene.SetAsync(stage.Platform);
        var id = await scene.AskAsync();
        await _engine.DeleteAsync(id);

        await scene.As(scene.Bob).ApproveAsync(id);

        await scene.As(scene.Alice).WaitForAsync(id, "active");
        await scene.Cluster.MayReadSoonAsync(scene.Alice, scene.Namespace);
    }

    [Fact]
    public async Task An_active_grant_without_an_orchestration_gets_one_and_ends_when_asked()
    {
        var scene = await Scene.SetAsync(stage.Platform);
        var id = (await scene.GrantAsync()).Id();
        await _engine.DeleteAsync(id);

        await Eventually.Async(() => _engine.IsRunningAsync(id), "the orchestration runs again");
        await scene.As(scene.Alice).DoAsync(id, "relinquish");

        await scene.As(scene.Alice).WaitForAsync(id, "ended");
        await scene.Cluster.MayNotReadSoonAsync(scene.Alice, scene.Namespace);
    }

    [Fact]
    public async Task An_active_grant_whose_orchestration_was_terminated_still_ends_at_its_expiry()
    {
        var scene = await Scene.SetAsync(stage.Platform);
        var id = (await scene.GrantAsync(scene.Terms("20s"))).Id();
        await _engine.TerminateAsync(id);

        var ended = await scene.As(scene.Alice).WaitForAsync(id, "ended");

        Assert.Equal(("expired", "denied"), (ended.At("ending.cause"), ended.At("denialProof.verdict")));
        await scene.Cluster.MayNotReadSoonAsync(scene.Alice, scene.Namespace);
    }
}
