using JitFunctions.Functions.Monitoring;
using JitFunctions.Functions.Platform;
using JitFunctions.Functions.Platform.SignIn;
using JitFunctions.Functions.Policies;
using Npgsql;

namespace JitFunctions.Functions.Http.Health;

/// <param name="Clusters">
/// Whether all clusters answered the reconciler when this node last ran it; null when it has not run lately.
/// </param>
/// <param name="Reconciler">
/// Whether no timer function failed when this node last ran it; null when this node has not run all of them lately.
/// </param>
/// <param name="Log">
/// Whether the transparency log could go on when this node last appended to it; null when it has not lately.
/// </param>
public sealed record ReadinessReport(
    bool Database,
    bool Policies,
    bool Issuer,
    bool? Clusters,
    bool? Reconciler,
    bool? Log
)
{
    /// <summary>
    /// True when everything works that every call needs. An unavailable cluster does not make a node unready: the other
    /// clusters still work. Nor does a failing reconciler: taking the node out of service would repair nothing, and
    /// people could no longer revoke. Nor does the log, on which no grant depends.
    /// </summary>
    public bool IsReady => Database && Policies && Issuer;

    public IReadOnlyDictionary<string, string> Components() =>
        new Dictionary<string, string>
        {
            ["database"] = Word(Database),
            ["policies"] = Word(Policies),
            ["issuer"] = Word(Issuer),
            ["clusters"] = Word(Clusters),
            ["reconciler"] = Word(Reconciler),
            ["log"] = Word(Log),
        };

    // A node cannot know which node runs the schedules. A node that runs none has no failures, and must not report that
    // all is well.
    private static string Word(bool? works) =>
        works switch
        {
            true => "ok",
            false => "failing",
            null => "unknown",
        };
}

/// <summary>
/// Whether this node can serve. Anybody may ask, so the checks run at most once a second, however many calls there are.
/// </summary>
public sealed class Readiness(
    NpgsqlDataSource database,
    PublishedPolicies policies,
    IssuerKeys issuer,
    NodeHealth seen,
    TimeProvider clock
)
{
    public static readonly TimeSpan GoodFor = TimeSpan.FromSeconds(1);

    /// <summary>A check that takes longer than this has failed.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    private readonly SharedResult<ReadinessReport> _last = new(GoodFor, clock);

    public Task<ReadinessReport> GetAsync(CancellationToken cancellation)
    {
        // The checks are independent of this call: other calls wait for them too, and they belong to no caller's trace.
        using (ExecutionContext.SuppressFlow())
            return _last.GetAsync(CheckAsync, cancellation);
    }

    private async Task<ReadinessReport> CheckAsync()
    {
        var works = await Task.WhenAll(
            WorksAsync(QueryDatabaseAsync),
            WorksAsync(cancellation => policies.GetAsync(cancellation)),
            WorksAsync(issuer.GetAsync)
        );
        return new(works[0], works[1], works[2], seen.AllClustersAnswer, seen.AllSchedulesWork, seen.LogWorks);
    }

    private async Task QueryDatabaseAsync(CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("select 1");
        await command.ExecuteScalarAsync(cancellation);
    }

    private async Task<bool> WorksAsync(Func<CancellationToken, Task> ask)
    {
        using var limit = new CancellationTokenSource(Limit, clock);
        try
        {
            await ask(limit.Token).WaitAsync(limit.Token);
            return true;
        }
        catch (Exception)
        {
            return false; // The failed components write the reason into their own logs.
        }
    }
}
