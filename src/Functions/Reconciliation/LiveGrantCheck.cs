using System.Collections.Concurrent;
using JitFunctions.Domain.Grants;
using JitFunctions.Domain.Requests;
using JitFunctions.Domain.Scopes;
using JitFunctions.Functions.Clusters;
using JitFunctions.Functions.Lifecycle;
using JitFunctions.Projections;
using k8s.Models;
using Marten;
using Microsoft.Extensions.Logging;

namespace JitFunctions.Functions.Reconciliation;

/// <summary>
/// Keeps the objects of active grants as they were approved: edited ones are restored, missing ones reported.
/// </summary>
public sealed class LiveGrantCheck(
    IDocumentStore store,
    SystemCommands commands,
    GrantRenewal renewal,
    GrantRepair repair,
    GrantRevocation revocation,
    TimeProvider clock,
    ILogger<LiveGrantCheck> log
)
{
    // A grant this young may have been applied after the cluster was listed.
    private static readonly TimeSpan SettlingTime = TimeSpan.FromSeconds(5);

    // One that the cluster answers slowly, or refuses, must not keep the others waiting.
    private const int AtOnce = 4;

    // What was found to be right, and in which version: only what changed since has to be read again. By cluster.
    private readonly ConcurrentDictionary<string, ConcurrentDictionary<GrantObjectRef, ObjectVersion>> _right = new();

    // The grant that was last begun with, by cluster: the next run begins after it, so that all have their turn.
    private readonly ConcurrentDictionary<string, string> _last = new();

    /// <param name="found">What is known of what the cluster holds of this installation. What of a grant is not among
    /// it is looked for by its name.</param>
    /// <param name="listedAt">Before the cluster was asked for it.</param>
    /// <param name="expected">Takes what belongs to active grants, as far as there is time to look at them.</param>
    /// <param name="finish">Ends with the app. What is being restored is restored and recorded even when the time is
    /// over.</param>
    internal async Task CheckAsync(
        Cluster cluster,
        IEnumerable<ListedObject> found,
        DateTimeOffset listedAt,
        ConcurrentBag<GrantObjectRef> expected,
        CancellationToken finish,
        CancellationToken cancellation
    )
    {
        var byRef = found.ToDictionary(one => one.Ref);
        var right = _right.GetOrAdd(cluster.Name, _ => new());
        foreach (var gone in right.Keys.Where(one => !byRef.ContainsKey(one)))
            right.TryRemove(gone, out _);
        await using var session = store.QuerySession();
        var active = await session.ReadActiveAsync(cluster.Name, cancellation);
        var first = _last.GetValueOrDefault(cluster.Name, string.Empty);
        var settled = active
            .Where(grant => grant.ActivatedAt + SettlingTime < listedAt)
            .OrderBy(grant => string.CompareOrdinal(grant.RequestId, first) <= 0); // the order of their ids is kept
        var limits = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation };
        await Parallel.ForEachAsync(
            settled,
            limits,
            async (grant, stop) =>
            {
                _last[cluster.Name] = grant.RequestId; // before: one that takes all the time has had its turn
                try
                {
                    await CheckAsync(cluster, grant.RequestId, byRef, expected, finish, stop);
                }
                catch (Exception e) when (!stop.IsCancellationRequested)
                {
                    log.LogError(
                        e,
                        "The grant of {Request} was not compared with {Cluster}; the others are",
                        grant.RequestId,
                        cluster.Name
                    );
                }
            }
        );
    }

    private async Task CheckAsync(
        Cluster cluster,
        string id,
        Dictionary<GrantObjectRef, ListedObject> byRef,
        ConcurrentBag<GrantObjectRef> expected,
        CancellationToken finish,
        CancellationToken cancellation
    )
    {
        var request = await commands.ReadAsync(id, cancellation);
        if (request.Status is not RequestStatus.Active)
            return;
        var isRenewed = true;
        var grant = cluster.GrantOf(request, request.ExpiresAt!.Value);
        foreach (var desired in grant.Desired())
        {
            var wanted = desired.Ref;
            expected.Add(wanted);
            try
            {
                isRenewed &= await CheckAsync(
                    cluster,
                    request,
                    grant,
                    desired,
                    byRef.GetValueOrDefault(wanted),
                    finish,
                    cancellation
                );
            }
            catch (Exception e) when (!cancellation.IsCancellationRequested)
            {
                log.LogError(
                    e,
                    "{Object} {Name} of {Request} was not compared with {Cluster}; the others are",
                    wanted.Kind,
                    wanted.Name,
                    id,
                    cluster.Name
                );
            }
        }

        // Changed too often, and so to be ended: the reconciler did that, and the orchestration has not been nudged.
        if (
            await commands.ReadAsync(id, finish) is
            { Status: RequestStatus.Ending, Ending: { Cause: EndingCause.Tampered } ending }
        )
        {
            log.LogError("Ending {Request}: {Detail}", id, ending.Comment);
            await revocation.TryAsync(id, Channel.Reconciler, finish);
        }
        else if (!isRenewed)
            await renewal.TryAsync(id, cancellation); // the nudge that should have done it after the extension was lost
    }

    /// <returns>False when the object is as it should be, but for an expiry of before an extension.</returns>
    private async Task<bool> CheckAsync(
        Cluster cluster,
        AccessRequest request,
        Grant grant,
        DesiredObject desired,
        ListedObject? listed,
        CancellationToken finish,
        CancellationToken cancellation
    )
    {
        var (wanted, right) = (desired.Ref, _right[cluster.Name]);
        var isLost = request.Lacks(wanted.Kind, wanted.Namespace);
        if (
            listed is not null
            && right.GetValueOrDefault(wanted) == ObjectVersion.Of(listed.Metadata)
            && grant.EndsAt(GrantMetadata.ExpiresAt(listed.Metadata))
            && !isLost
        )
        {
            return true;
        }

        // It may be there and not be listed: it is younger than the list, or hidden from it by a label that somebody
        // changed.
        var found = await cluster.FindAsync(wanted, cancellation);
        switch (GrantPlan.For(grant, desired, found, isLost, clock.GetUtcNow()))
        {
            case GrantStep.Report step:
                // Of a grant that ended meanwhile it is right that an object is gone.
                if (await IsActiveAsync(request.Id, cancellation) is not null)
                    await ReportAsync(request.Id, wanted, step.Kind, step.Detail, cancellation);
                return true;
            case GrantStep.Restore step:
                if (await IsActiveAsync(request.Id, cancellation) is { } now)
                    await RestoreAsync(cluster, now, desired, found!, step.Difference, finish);
                return true;
            case GrantStep.Renew:
                return false;
            case GrantStep.Keep when found is not null:
                right[wanted] = new(found.Uid, found.ResourceVersion);
                return true;
            default:
                return true; // the grant is over, and its orchestration removes what is left
        }
    }

    private Task RestoreAsync(
        Cluster cluster,
        AccessRequest request,
        DesiredObject desired,
        ObservedObject found,
        string difference,
        CancellationToken cancellation
    )
    {
        var about = desired.Ref;
        return repair.RestoreAsync(
            request.Id,
            new(DriftKind.Edited, about.Namespace, about.Name, difference, DriftRemedy.Restored, about.Kind),
            apply: () =>
                cluster.ApplyAsync(
                    cluster.GrantOf(request, request.ExpiresAt!.Value),
                    desired,
                    cancellation,
                    only: found
                ),
            // By its name: to apply another role, the binding that was found is replaced.
            remove: () => cluster.DeleteAsync(about, cancellation),
            Channel.Reconciler,
            cancellation
        );
    }

    /// <returns>The request, if its grant has neither ended nor expired since.</returns>
    private async Task<AccessRequest?> IsActiveAsync(string id, CancellationToken cancellation) =>
        await commands.ReadAsync(id, cancellation) is { Status: RequestStatus.Active } request
        && clock.GetUtcNow() < request.ExpiresAt
            ? request
            : null;

    private Task ReportAsync(
        string id,
        GrantObjectRef about,
        DriftKind kind,
        string detail,
        CancellationToken cancellation
    ) =>
        repair.ReportAsync(
            id,
            new(kind, about.Namespace, about.Name, detail, DriftRemedy.Reported, about.Kind),
            Channel.Reconciler,
            cancellation
        );

    private sealed record ObjectVersion(string Uid, string ResourceVersion)
    {
        public static ObjectVersion Of(V1ObjectMeta metadata) => new(metadata.Uid, metadata.ResourceVersion);
    }
}
