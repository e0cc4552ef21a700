namespace JitFunctions.EndToEnd.Tests.Reconciliation;

/// <summary>The event store knows a request whose orchestration is no more.</summary>
public sealed class LostOrchestrationTests(PlatformFixture fixture)
{
    private readonly DurableEngine _engine = DurableEngine.Of(fixture.Platform);

    [Fact]
    public async Task A_pending_request_without_an_orchestration_gets_one_and_goes_on()
    {
        var team = await Team.SetAsync(fixture.Platform);
        var id = await team.AskAsync();
        await _engine.DeleteAsync(id);

        await team.As(team.Bob).ApproveAsync(id);

        await team.As(team.Alice).WaitForAsync(id, "active");
        await team.Cluster.MayReadSoonAsync(team.Alice, team.Namespace);
    }

    [Fact]
    public async Task An_active_grant_without_an_orchestration_gets_one_and_ends_when_asked()
    {
        var team = await Team.SetAsync(fixture.Platform);
        var id = (await team.GrantAsync()).Id();
        await _engine.DeleteAsync(id);

        await Eventually.Async(() => _engine.IsRunningAsync(id), "the orchestration runs again");
        await team.As(team.Alice).DoAsync(id, "relinquish");

        await team.As(team.Alice).WaitForAsync(id, "ended");
        await team.Cluster.MayNotReadSoonAsync(team.Alice, team.Namespace);
    }

    [Fact]
    public async Task An_active_grant_whose_orchestration_was_terminated_still_ends_at_its_expiry()
    {
        var team = await Team.SetAsync(fixture.Platform);
        var id = (await team.GrantAsync(team.Terms("20s"))).Id();
        await _engine.TerminateAsync(id);

        var ended = await team.As(team.Alice).WaitForAsync(id, "ended");

        Assert.Equal(("expired", "denied"), (ended.At("ending.cause"), ended.At("denialProof.verdict")));
        await team.Cluster.MayNotReadSoonAsync(team.Alice, team.Namespace);
    }
}
