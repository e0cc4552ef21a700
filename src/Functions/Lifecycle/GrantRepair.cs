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
/// Restores the objects of a live grant to their approved form, and records the result. If the cluster does not keep an
/// object in that form, for example because admission changes or refuses it, the object gives rights that nobody
/// approved, and is removed.
/// </summary>
public sealed class GrantRepair(SystemCommands commands, TimeProvider clock, ILogger<GrantRepair> log)
{
    /// <param name="edited">The drift to record if the object is restored.</param>
    /// <param name="apply">Applies the object as it was approved.</param>
    /// <param name="remove">Removes the object with its name.</param>
    /// <exception cref="HttpOperationException">
    /// It cannot be determined whether the object was restored; nothing is recorded.
    /// </exception>
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
            if (!await RemoveIfEndedAsync(id, edited, remove, provenance, cancellation))
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

    /// <summary>
    /// Applies an object of a live grant again. If the object is then in its approved form, no event is recorded.
    /// </summary>
    /// <param name="detail">
    /// The text to record, with the reason, when the object has to be removed: <c>not renewed</c>.
    /// </param>
    /// <exception cref="HttpOperationException">It cannot be determined whether the object was applied.</exception>
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
            await RemoveIfEndedAsync(id, Removed(detail), remove, provenance, cancellation);
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

    // To apply another role, the binding is created again. If the grant ended meanwhile, its removal may have found no
    // binding, so nothing else would remove the new one.
    private async Task<bool> RemoveIfEndedAsync(
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

    // A permanent refusal. With 409, the object is gone or somebody else is changing it.
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
