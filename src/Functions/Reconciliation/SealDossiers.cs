using JitFunctions.Domain.Audit;
using JitFunctions.Domain.Dossiers;
using JitFunctions.Domain.Requests;
using JitFunctions.Functions.Notices;
using JitFunctions.Projections;
using Marten;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace JitFunctions.Functions.Reconciliation;

/// <summary>Seals the dossiers of ended grants when the audit log has passed their end, or does not come.</summary>
public sealed class SealDossiers(
    IDocumentStore store,
    NpgsqlDataSource database,
    SystemCommands commands,
    RemainingAccess remaining,
    TimeProvider clock,
    ILogger<SealDossiers> log
)
{
    /// <summary>How long after the end of a grant its seal waits for the audit log.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(15);

    private const int MostInOneRun = 500;

    [Function(nameof(SealDossiers))]
    public async Task Run([TimerTrigger("%ReconcilerSchedule%")] TimerInfo timer, CancellationToken cancellation)
    {
        await ActionTables.EnsureAsync(store, cancellation);
        await using var session = store.QuerySession();
        var dossiers = new DossierReader(store, database);
        foreach (var owed in await session.FindOwedSealsAsync(MostInOneRun, cancellation))
        {
            try
            {
                await TrySealAsync(dossiers, owed, cancellation);
            }
            catch (Exception e) when (!cancellation.IsCancellationRequested)
            {
                log.LogError(e, "The dossier of {Request} was not sealed; the run continues with the others", owed.Id);
            }
        }

        await remaining.TellAllAsync(cancellation);
    }

    private async Task TrySealAsync(DossierReader dossiers, OwedSeal owed, CancellationToken cancellation)
    {
        var request = await commands.ReadAsync(owed.Id, cancellation);
        var cluster = request.Terms.Scope.Cluster;
        var now = clock.GetUtcNow();
        var step = SealRule.Decide(
            request.ActivationStartedAt,
            owed.ProvenAt,
            await dossiers.FeedAsync(cluster, cancellation),
            now,
            LongestWait
        );
        if (step is not SealStep.Seal { Gap: var gap })
            return;

        var until = now - SealRule.InFlight;
        var (tally, _, root) = await dossiers.TallyAsync(owed.Id, until, cancellation);
        var unreadable = request.ActivationStartedAt is { } from
            ? await dossiers.UnreadableAsync(
                cluster,
                request.ServiceAccount?.UserName() ?? request.Requester.Username,
                from,
                until,
                cancellation
            )
            : [];
        var position = await dossiers.LogAsync(cancellation);
        var remains = tally.Remains(owed.ProvenAt);
        List<SealGap> gaps = [.. unreadable, .. tally.Gaps()];
        if (gap is not null)
            gaps.Insert(0, gap);
        if (position is null)
            gaps.Add(new(SealGapKind.LogNotSigned, "The transparency log was not signed."));
        await commands.HandleAsync(
            owed.Id,
            new AccessRequestCommand.SealDossier(
                new(
                    string.Empty,
                    tally.Totals,
                    tally.First,
                    tally.Last,
                    root,
                    until,
                    tally.FirstUseAt,
                    gaps,
                    remains,
                    remains.Count,
                    position
                ),
                now
            ),
            Channel.Reconciler,
            cancellation
        );
        foreach (var left in remains)
            log.LogWarning("{Request} ended and left: {Remains}", owed.Id, left.Describe());
    }
}
