using System.Collections.Concurrent;

namespace JitFunctions.Functions.Clusters;

/// <summary>
/// The cluster does not answer, and other calls are waiting for it already; the caller should retry later.
/// </summary>
public sealed class ClusterBusyException(string cluster)
    : Exception($"{cluster} did not answer the last time, and other removals are already waiting for it.");

/// <summary>
/// Keeps a cluster that does not answer from using all the capacity of this node. While the cluster answers, the number
/// of concurrent tries is not limited; after a timeout only a few are allowed, until it answers again.
/// </summary>
public sealed class ClusterTries
{
    /// <summary>The limit for a cluster that does not answer, on one node.</summary>
    public const int MostInSilence = 4;

    private readonly ConcurrentDictionary<string, State> _clusters = [];

    /// <exception cref="ClusterBusyException">Nothing was tried.</exception>
    public async Task<T> RunAsync<T>(string cluster, Func<Task<T>> attempt)
    {
        var state = _clusters.GetOrAdd(cluster, _ => new());
        lock (state)
        {
            if (state.IsSilent && state.UnderWay >= MostInSilence)
                throw new ClusterBusyException(cluster);
            state.UnderWay++;
        }

        var isSilent = false;
        try
        {
            return await attempt();
        }
        catch (Exception e)
        {
            isSilent = ClusterFailure.IsTimeout(e);
            throw;
        }
        finally
        {
            lock (state)
            {
                state.IsSilent = isSilent;
                state.UnderWay--;
            }
        }
    }

    private sealed class State
    {
        public int UnderWay { get; set; }

        public bool IsSilent { get; set; }
    }
}
