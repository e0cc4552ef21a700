using System.Net;
using System.Runtime.CompilerServices;
using JitFunctions.Domain.Grants;
using JitFunctions.Functions.Clusters;
using k8s;
using k8s.Autorest;
using k8s.Models;

namespace JitFunctions.Functions.Reconciliation;

/// <summary>
/// Deletes what grants left in a cluster past their end, by the label and annotation on each object alone: it needs
/// neither the event store nor a running app (docs/adr/0013-reaper.md). It reads no Secret; the service account takes
/// its tokens with it.
/// </summary>
internal sealed class Reaper(
    IKubernetes cluster,
    string credentialNamespace,
    TimeSpan grace,
    TimeProvider clock,
    TextWriter report
)
{
    // The accounts first: their tokens end with them.
    private static readonly IReadOnlyList<GrantObjectKind> Kinds =
    [
        GrantObjectKind.ServiceAccount,
        GrantObjectKind.ClusterRoleBinding,
        GrantObjectKind.RoleBinding,
        GrantObjectKind.Role,
    ];

    /// <returns>False when something that is over is still there.</returns>
    /// <exception cref="HttpOperationException">When the cluster cannot be listed at all.</exception>
    public async Task<bool> RunAsync(CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        await foreach (var (found, why) in FindOverAsync(now, cancellation))
            await TryDeleteAsync(found, why, cancellation);

        // What a finalizer holds back gives its rights as before, and what was renewed meanwhile is not over any more.
        var isLeft = false;
        await foreach (var (found, _) in FindOverAsync(now, cancellation))
        {
            isLeft = true;
            await report.WriteLineAsync($"still there: {Describe(found)}");
        }

        return !isLeft;
    }

    private async Task TryDeleteAsync(ListedObject found, string why, CancellationToken cancellation)
    {
        // Not an object that took its name since, nor one that was renewed since.
        var only = new V1DeleteOptions
        {
            Preconditions = new() { Uid = found.Metadata.Uid, ResourceVersion = found.Metadata.ResourceVersion },
        };
        try
        {
            await DeleteAsync(found, only, cancellation);
            await report.WriteLineAsync($"deleted: {Describe(found)}: {why}");
        }
        catch (HttpOperationException e) when (e.Response.StatusCode is HttpStatusCode.NotFound)
        {
            await report.WriteLineAsync($"gone already: {Describe(found)}");
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            await report.WriteLineAsync($"not deleted: {Describe(found)}: {ClusterFailure.Describe(e, "the cluster")}");
        }
    }

    // A page at a time: there may be any number of them.
    private async IAsyncEnumerable<(ListedObject Found, string Why)> FindOverAsync(
        DateTimeOffset now,
        [EnumeratorCancellation] CancellationToken cancellation
    )
    {
        foreach (var kind in Kinds)
        {
            await foreach (
                var page in cluster.ReadPagesAsync(kind, credentialNamespace, GrantMetadata.Selector, cancellation)
            )
            {
                foreach (var found in page)
                {
                    if (ReapRules.WhyOver(found.Metadata, now, grace) is { } why)
                        yield return (found, why);
                }
            }
        }
    }

    private Task DeleteAsync(ListedObject found, V1DeleteOptions only, CancellationToken cancellation) =>
        ObjectCalls
            .For(found.Kind)
            .Delete(cluster, only, ObjectName.InAddress(found.Ref.Name), found.Ref.Namespace, cancellation);

    private static string Describe(ListedObject found) =>
        $"{found.Kind} {(found.Ref.Namespace is { } ns ? $"{ns}/" : "")}{found.Ref.Name} (uid {found.Metadata.Uid})";
}
