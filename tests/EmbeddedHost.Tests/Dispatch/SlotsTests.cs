using JitFunctions.EmbeddedHost.Dispatch;
using JitFunctions.EmbeddedHost.Tests.Support;

namespace JitFunctions.EmbeddedHost.Tests.Dispatch;

public sealed class SlotsTests
{
    private int _freed;

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 1)]
    [InlineData(16, 8)]
    [InlineData(17, 9)]
    public void A_claim_takes_half_of_what_is_free(int limit, int taken) =>
        Assert.Equal(taken, new Slots(limit, Freed).TakeForClaim());

    [Fact]
    public void Concurrent_work_never_exceeds_the_limit()
    {
        var slots = new Slots(4, Freed);

        Assert.Equal([2, 1, 1], [slots.TakeForClaim(), slots.TakeForNext(1), slots.TakeForNext(9)]);
        Assert.Equal([0, 0], [slots.TakeForNext(1), slots.TakeForClaim()]);
    }

    [Fact]
    public void A_claim_that_found_no_slot_is_told_of_the_next_one_and_comes_before_what_is_running()
    {
        var slots = new Slots(1, Freed);
        slots.TakeForNext(1);
        slots.GiveBack(0);
        Assert.Equal(0, slots.TakeForClaim());
        slots.GiveBack(0);
        Assert.Equal(0, _freed);
        slots.GiveBack(1);

        Assert.Equal(1, _freed);
        Assert.Equal([0, 1], [slots.TakeForNext(1), slots.TakeForClaim()]);
        slots.GiveBack(1);
        Assert.Equal(1, _freed);
        Assert.Equal(1, slots.TakeForNext(1));
    }

    [Fact]
    public async Task Work_keeps_its_slot_until_it_is_done_and_is_waited_for()
    {
        var slots = new Slots(1, Freed);
        var work = new TaskCompletionSource();
        Assert.False(await slots.WhenDoneAsync());
        slots.TakeForClaim();
        slots.Start(() => work.Task);
        var done = slots.WhenDoneAsync();
        Assert.Equal(0, slots.TakeForClaim());
        Assert.False(done.IsCompleted);
        work.SetResult();

        Assert.True(await done);
        await Eventually.HoldsAsync(() => Task.FromResult(_freed == 1), "the slot is free");
    }

    private void Freed() => _freed++;
}
