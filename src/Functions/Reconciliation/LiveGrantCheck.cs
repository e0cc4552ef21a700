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
/// Keeps the objects of active grants as they were approved: changed objects are restored, missing ones reported.
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
    // A grant that was activated more recently than this may have been applied after the cluster was listed.
    private static readonly TimeSpan SettlingTime = TimeSpan.FromSeconds(5);

    // A grant for which the cluster answers slowly, or refuses, must not delay the others.
    private const int AtOnce = 4;

    // By cluster, the versions of the objects that were checked and correct: only objects with another version are read
    // again.
    private readonly ConcurrentDictionary<string, ConcurrentDictionary<GrantObjectRef, ObjectVersion>> _verified =
        new();

    // By cluster, the last grant whose check was started: the next run begins after it, so that each grant gets its
    // turn.
    private readonly ConcurrentDictionary<string, string> _last = new();

    /// <param name="found">
    /// The listed objects of this installation in the cluster. Objects of a grant that are not listed are read by their
    /// names.
    /// </param>
    /// <param name="listedAt">A time before the cluster was listed.</param>
    /// <param name="expected">Receives the objects of active grants, as far as the time allows.</param>
    /// <param name="finish">
    /// Is cancelled when the app stops. A restoration that has begun is completed and recorded even after the time
    /// limit.
    /// </param>
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
        var verified = _verified.GetOrAdd(cluster.Name, _ => new());
        foreach (var gone in verified.Keys.Where(one => !byRef.ContainsKey(one)))
            verified.TryRemove(gone, out _);
        await using var session = store.QuerySession();
        var active = await session.ReadActiveAsync(cluster.Name, cancellation);
        var first = _last.GetValueOrDefault(cluster.Name, string.Empty);
        var settled = active
            .Where(grant => grant.ActivatedAt + SettlingTime < listedAt)
            .OrderBy(grant => string.CompareOrdinal(grant.RequestId, first) <= 0); // keeps the order of the ids
        var limits = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation };
        await Parallel.ForEachAsync(
            settled,
            limits,
            async (grant, stop) =>
            {
                _last[cluster.Name] = grant.RequestId; // set first: a grant that uses up the time has had its turn
                try
                {
                    await CheckAsync(cluster, grant.RequestId, byRef, expected, finish, stop);
                }
                catch (Exception e) when (!stop.IsCancellationRequested)
                {
                    log.LogError(
                        e,
                        "The grant of {Request} was not compared with {Cluster}; the run continues with the others",
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
                    "{Object} {Name} of {Request} was not compared with {Cluster}; the run continues with the others",
                    wanted.Kind,
                    wanted.Name,
                    id,
                    cluster.Name
                );
            }
        }

        // The reconciler ended this grant because its objects were changed too often; the orchestration has not been
        // nudged.
        if (
            await commands.ReadAsync(id, finish) is
            { Status: RequestStatus.Ending, Ending: { Cause: EndingCause.Tampered } ending }
        )
        {
            log.LogError("Ending {Request}: {Detail}", id, ending.Comment);
            await revocation.TryAsync(id, Channel.Reconciler, finish);
        }
        else if (!isRenewed)
            // the nudge that should have renewed it after the extension was lost
            await renewal.TryAsync(id, cancellation);
    }

    /// <returns>False when the object is correct except for its expiry, which is the one before an extension.</returns>
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
        var (wanted, verified) = (desired.Ref, _verified[cluster.Name]);
        var isLost = request.Lacks(wanted.Kind, wanted.Namespace);
        if (
            listed is not null
            && verified.GetValueOrDefault(wanted) == ObjectVersion.Of(listed.Metadata)
            && grant.EndsAt(GrantMetadata.ExpiresAt(listed.Metadata))
            && !isLost
        )
        {
            return true;
        }

        // The object may exist and not be listed: it is younger than the list, or somebody changed the label that
        // selects it.
        var found = await cluster.FindAsync(wanted, cancellation);
        switch (GrantPlan.For(grant, desired, found, isLost, clock.GetUtcNow()))
        {
            case GrantStep.Report step:
                // If the grant ended meanwhile, the object is rightly gone.
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
                verified[wanted] = new(found.Uid, found.ResourceVersion);
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
            // By name: to apply another role, the binding is deleted and created again.
            remove: () => cluster.DeleteAsync(about, cancellation),
            Channel.Reconciler,
            cancellation
        );
    }

    /// <returns>The request, if its grant has neither ended nor expired meanwhile.</returns>
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
