using JitFunctions.Projections;
using Marten;
using Microsoft.Extensions.Logging;

namespace JitFunctions.Functions.Reconciliation;

/// <summary>
/// Collects the findings of one run of a schedule, and since when each has been found. It never fails: the work of the
/// schedule comes first, also with tables that another version created. Findings may be added from several threads.
/// </summary>
internal sealed class RunReport
{
    private readonly IDocumentStore _store;
    private readonly string _schedule;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private readonly DateTimeOffset _startedAt;
    private readonly Dictionary<(string Kind, string Subject), Finding> _before;
    private readonly OrderedDictionary<(string Kind, string Subject), Finding> _found = [];

    private RunReport(IDocumentStore store, string schedule, ReconcilerReport? before, TimeProvider clock, ILogger log)
    {
        (_store, _schedule, _clock, _log) = (store, schedule, clock, log);
        _startedAt = clock.GetUtcNow();
        _before = (before?.Findings ?? []).ToDictionary(found => (found.Kind, found.Subject));
        ContinueAfter = before?.ContinueAfter;
    }

    /// <summary>The kind of each finding.</summary>
    public IEnumerable<string> Kinds => _found.Values.Select(found => found.Kind);

    /// <summary>
    /// Where the previous run stopped for lack of time, or null; to be set to the place where this run stopped.
    /// </summary>
    public string? ContinueAfter { get; set; }

    public static async Task<RunReport> StartAsync(
        IDocumentStore store,
        string schedule,
        TimeProvider clock,
        ILogger log,
        CancellationToken cancellation
    )
    {
        ReconcilerReport? before = null;
        try
        {
            await using var session = store.QuerySession();
            before = await session.LoadAsync<ReconcilerReport>(schedule, cancellation);
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            log.LogError(
                e,
                "The previous findings of {Schedule} cannot be read; the run continues without them",
                schedule
            );
        }

        return new RunReport(store, schedule, before, clock, log);
    }

    /// <returns>How long every run has reported the same finding.</returns>
    public TimeSpan Add(string kind, string subject, string detail)
    {
        var since = _before.TryGetValue((kind, subject), out var before) ? before.Since : _startedAt;
        lock (_found)
            _found.TryAdd((kind, subject), new Finding(kind, subject, detail, since));
        return _startedAt - since;
    }

    /// <summary>Keeps a finding of the previous run that this run does not check.</summary>
    public void CarryOver(string kind, string subject)
    {
        if (_before.TryGetValue((kind, subject), out var before))
            Add(kind, subject, before.Detail);
    }

    public async Task StoreAsync(CancellationToken cancellation)
    {
        try
        {
            await using var session = _store.LightweightSession();
            session.Store(
                new ReconcilerReport(_schedule, _startedAt, _clock.GetUtcNow(), [.. _found.Values], ContinueAfter)
            );
            await session.SaveChangesAsync(cancellation);
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            _log.LogError(e, "The findings of {Schedule} cannot be stored", _schedule);
        }
    }
}
