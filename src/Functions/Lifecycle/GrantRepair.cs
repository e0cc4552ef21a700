using System.Net;
using JitFunctions.Domain.Grants;
using JitFunctions.Domain.Requests;
using JitFunctions.Domain.Scopes;
using JitFunctions.Functions.Clusters;
using JitFunctions.Projections;
using k8s.Autorest;
using Microsoft.Extensions.Logging;

namespace JitFunctions.Functions.Lifecycle;

/// <summary>
/// Puts the objects of a live grant back as they were approved, and records what became of it. An object that the
/// cluster does not keep so, as where admission changes it or refuses it, gives rights that nobody approved: it is
/// removed.
/// </summary>
public sealed class GrantRepair(SystemCommands commands, TimeProvider clock, ILogger<GrantRepair> log)
{
    /// <param name="edited">What was found, for the case that it is restored.</param>
    /// <param name="apply">Applies the object as it was approved.</param>
    /// <param name="remove">Removes what is there under its name.</param>
    /// <exception cref="HttpOperationException">The cluster does not tell whether it was restored; nothing is
    /// recorded.</exception>
    public async Task RestoreAsync(
        string id,
        Drift edited,
        Func<Task> apply,
        Func<Task> remove,
        Provenance provenance,
        CancellationToken cancellation
    )
    {
        try
        {
            await apply();
            if (!await TakeBackIfOverAsync(id, edited, remove, provenance, cancellation))
                await ReportAsync(id, edited with { Remedy = DriftRemedy.Restored }, provenance, cancellation);
        }
        catch (Exception e) when (IsRefused(e))
        {
            await RemoveAsync(
                id,
                edited with
                {
                    Detail = $"{edited.Detail}; not restored: {Describe(e)}",
                },
                remove,
                provenance,
                cancellation
            );
        }
    }

    /// <summary>Applies an object of a live grant anew; that it is there and as it was approved is no event.</summary>
    /// <param name="detail">What to record, with the reason, when it has to be removed: <c>not renewed</c>.</param>
    /// <exception cref="HttpOperationException">The cluster does not tell whether it was applied.</exception>
    public async Task ReapplyAsync(
        string id,
        GrantObjectRef about,
        string detail,
        Func<Task> apply,
        Func<Task> remove,
        Provenance provenance,
        CancellationToken cancellation
    )
    {
        try
        {
            await apply();
            await TakeBackIfOverAsync(id, Removed(detail), remove, provenance, cancellation);
        }
        catch (AlteredObjectException e)
        {
            await RemoveAsync(id, Removed($"{detail}: {e.Message}"), remove, provenance, cancellation);
        }

        Drift Removed(string what) =>
            new(DriftKind.Edited, about.Namespace, about.Name, what, DriftRemedy.Removed, about.Kind);
    }

    public async Task ReportAsync(string id, Drift drift, Provenance provenance, CancellationToken cancellation)
    {
        log.LogWarning(
            "{Kind} {Object} {Name} of {Request} in {Namespace}, {Remedy}: {Detail}",
            drift.Kind,
            drift.ObjectKind,
            drift.Name,
            id,
            drift.Namespace,
            drift.Remedy,
            drift.Detail
        );
        await commands.HandleAsync(
            id,
            new AccessRequestCommand.ReportDrift(drift, clock.GetUtcNow()),
            provenance,
            cancellation
        );
    }

    // To apply another role a binding is made anew, which nothing keeps from outliving a grant that ended meanwhile:
    // its removal may have found none.
    private async Task<bool> TakeBackIfOverAsync(
        string id,
        Drift drift,
        Func<Task> remove,
        Provenance provenance,
        CancellationToken cancellation
    )
    {
        if (await commands.ReadAsync(id, cancellation) is { Status: RequestStatus.Active })
            return false;
        await RemoveAsync(
            id,
            drift with
            {
                Kind = DriftKind.Stray,
                Detail = $"{drift.Detail}; the grant ended meanwhile",
            },
            remove,
            provenance,
            cancellation
        );
        return true;
    }

    private async Task RemoveAsync(
        string id,
        Drift drift,
        Func<Task> remove,
        Provenance provenance,
        CancellationToken cancellation
    )
    {
        try
        {
            await remove();
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            log.LogError(
                e,
                "{Object} {Name} in {Namespace} is not what was approved, and was not removed",
                drift.ObjectKind,
                drift.Name,
                drift.Namespace
            );
            drift = drift with
            {
                Detail = $"{drift.Detail} It could not be removed either: {Describe(e)}",
                Remedy = DriftRemedy.Reported,
            };
            await ReportAsync(id, drift, provenance, cancellation);
            return;
        }

        await ReportAsync(id, drift with { Remedy = DriftRemedy.Removed }, provenance, cancellation);
    }

    // For good, and not for a moment only: with 409 the object is gone, or somebody else is at it.
    private static bool IsRefused(Exception e) =>
        e
            is AlteredObjectException
                or HttpOperationException
                {
                    Response.StatusCode: HttpStatusCode.BadRequest
                        or HttpStatusCode.Forbidden
                        or HttpStatusCode.UnprocessableEntity,
                };

    private static string Describe(Exception e) => ClusterFailure.Describe(e, "the cluster");
}
