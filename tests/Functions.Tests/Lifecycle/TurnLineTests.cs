using JitFunctions.Projections;

namespace JitFunctions.Functions.Tests.Lifecycle;

public sealed class TurnLineTests
{
    private const string Key = "3f9k2m7xq0ab";

    private readonly TurnLine _line = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Whoever_goes_first_waits_for_the_present_turn_only()
    {
        List<string> order = [];
        var present = await _line.WaitAsync(Key, first: false, Cancellation);
        var others = Enumerable.Range(0, 100).Select(i => TakeAsync($"other {i}", first: false)).ToList();
        var ending = TakeAsync("ending", first: true);
        Assert.False(ending.IsCompleted);

        present.Dispose();
        await Task.WhenAll([ending, .. others]);

        Assert.Equal(["ending", .. Enumerable.Range(0, 100).Select(i => $"other {i}")], order);

        async Task TakeAsync(string who, bool first)
        {
            using var turn = await _line.WaitAsync(Key, first, Cancellation);
            order.Add(who);
        }
    }

    [Fact]
    public async Task Where_as_many_wait_as_may_nobody_joins_and_those_who_go_first_are_counted_apart()
    {
        var present = await _line.WaitAsync(Key, first: false, Cancellation);
        var second = _line.TryWaitAsync(Key, first: false, most: 2, Cancellation);
        var third = _line.TryWaitAsync(Key, first: false, most: 2, Cancellation);
        Assert.Null(await _line.TryWaitAsync(Key, first: false, most: 2, Cancellation));
        var ahead = _line.TryWaitAsync(Key, first: true, most: 1, Cancellation);
        Assert.Null(await _line.TryWaitAsync(Key, first: true, most: 1, Cancellation));

        present.Dispose();
        (await ahead)!.Dispose();
        var turn = await second;
        var again = _line.TryWaitAsync(Key, first: false, most: 2, Cancellation);
        Assert.False(again.IsCompleted);
        turn!.Dispose();
        (await third)!.Dispose();
        (await again)!.Dispose();
    }

    [Fact]
    public async Task Other_keys_do_not_wait()
    {
        using var one = await _line.WaitAsync(Key, first: false, Cancellation);
        using var other = await _line
            .WaitAsync("another", first: false, Cancellation)
            .WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
    }

    [Fact]
    public async Task Who_gives_up_is_passed_over()
    {
        using var impatient = new CancellationTokenSource();
        var present = await _line.WaitAsync(Key, first: false, Cancellation);
        var gone = _line.WaitAsync(Key, first: true, impatient.Token);
        var next = _line.WaitAsync(Key, first: false, Cancellation);
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gone);

        present.Dispose();
        present.Dispose(); // A turn is over once.

        (await next).Dispose();
        (
            await _line.WaitAsync(Key, first: false, Cancellation).WaitAsync(TimeSpan.FromSeconds(30), Cancellation)
        ).Dispose();
    }

    [Fact]
    public async Task Never_two_at_once_whatever_is_given_up()
    {
        var inside = 0;
        await Parallel.ForAsync(
            0,
            2000,
            new ParallelOptions { MaxDegreeOfParallelism = 32, CancellationToken = Cancellation },
            async (i, _) =>
            {
                using var patience = new CancellationTokenSource();
                if (i % 3 == 0)
                    patience.CancelAfter(TimeSpan.FromMilliseconds(i % 5));
                try
                {
                    using var turn = await _line.WaitAsync(Key, first: i % 7 == 0, patience.Token);
                    Assert.Equal(1, Interlocked.Increment(ref inside));
                    await Task.Yield();
                    Interlocked.Decrement(ref inside);
                }
                catch (OperationCanceledException)
                {
                    // It was given up while it waited.
                }
            }
        );
        Assert.Equal(0, inside);
        (
            await _line.WaitAsync(Key, first: false, Cancellation).WaitAsync(TimeSpan.FromSeconds(30), Cancellation)
        ).Dispose();
    }
}
