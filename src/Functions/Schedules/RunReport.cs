using JitFunctions.Projections;
using Marten;

namespace JitFunctions.Functions.Schedules;

/// <summary>Collects what one run of a schedule finds, and remembers since when.</summary>
internal sealed class RunReport
{
    private readonly string _schedule;
    private readonly TimeProvider _clock;
    private readonly DateTimeOffset _startedAt;
    private readonly Dictionary<(string Kind, string Subject), Finding> _before;
    private readonly List<Finding> _found = [];

    private RunReport(string schedule, ReconcilerReport? before, TimeProvider clock)
    {
        _schedule = schedule;
        _clock = clock;
        _startedAt = clock.GetUtcNow();
        _before = (before?.Findings ?? []).ToDictionary(found => (found.Kind, found.Subject));
    }

    /// <summary>Of each finding.</summary>
    public IEnumerable<string> Kinds => _found.Select(found => found.Kind);

    public static async Task<RunReport> StartAsync(IDocumentStore store, string schedule, TimeProvider clock, CancellationToken cancellation)
    {
        await using var session = store.QuerySession();
        return new RunReport(schedule, await session.LoadAsync<ReconcilerReport>(schedule, cancellation), clock);
    }

    /// <returns>How long the same has been found in every run.</returns>
    public TimeSpan Add(string kind, string subject, string detail)
    {
        var since = _before.TryGetValue((kind, subject), out var before) ? before.Since : _startedAt;
        if (!_found.Any(found => (found.Kind, found.Subject) == (kind, subject)))
            _found.Add(new Finding(kind, subject, detail, since));
        return _startedAt - since;
    }

    public async Task StoreAsync(IDocumentStore store, CancellationToken cancellation)
    {
        await using var session = store.LightweightSession();
        session.Store(new ReconcilerReport(_schedule, _startedAt, _clock.GetUtcNow(), _found.Count, [.. _found.Take(ReconcilerReport.MostFindings)]));
        await session.SaveChangesAsync(cancellation);
    }
}
