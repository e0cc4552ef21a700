using JitFunctions.Functions.Clusters;

namespace JitFunctions.Functions.Tests.Clusters;

/// <summary>How much of a node a cluster takes that does not answer.</summary>
public sealed class ClusterTriesTests
{
    private readonly ClusterTries _tries = new();

    [Fact]
    public async Task After_a_timeout_only_a_few_go_on_until_the_cluster_answers_again()
    {
        await Assert.ThrowsAsync<TaskCanceledException>(() =>
            RunAsync("away", Task.FromException<int>(new TaskCanceledException()))
        );
        var cluster = new TaskCompletionSource<int>();
        var waiting = Enumerable
            .Range(0, ClusterTries.MostInSilence)
            .Select(_ => RunAsync("away", cluster.Task))
            .ToList();

        var busy = await Assert.ThrowsAsync<ClusterBusyException>(() => RunAsync("away", cluster.Task));
        Assert.Equal(busy.Message, ClusterFailure.Describe(busy, "away"));
        Assert.Equal(1, await RunAsync("healthy", Task.FromResult(1)));

        cluster.SetResult(2);
        Assert.Each(await Task.WhenAll(waiting), answer => Assert.Equal(2, answer));
        Assert.Each(
            await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => RunAsync("away", Task.FromResult(3)))),
            answer => Assert.Equal(3, answer)
        );
    }

    [Fact]
    public async Task A_cluster_that_answers_has_no_limit_even_when_it_refuses()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() =>
            RunAsync("demo", Task.FromException<int>(new InvalidOperationException()))
        );
        var cluster = new TaskCompletionSource<int>();

        var all = Enumerable.Range(0, 100).Select(_ => RunAsync("demo", cluster.Task)).ToList();

        cluster.SetResult(1);
        Assert.Equal(100, (await Task.WhenAll(all)).Sum());
    }

    private Task<int> RunAsync(string cluster, Task<int> attempt) => _tries.RunAsync(cluster, () => attempt);
}
