using System.Net;
using System.Runtime.CompilerServices;
using JitFunctions.Domain.Grants;
using JitFunctions.Functions.Clusters;
using k8s;
using k8s.Autorest;
using k8s.Models;

namespace JitFunctions.Functions.Reconciliation;

/// <summary>
/// Deletes grant objects that are past their end from a cluster, by the label and annotation on each object alone: it
/// needs neither the event store nor a running app (docs/adr/0013-reaper.md). It reads no Secret; tokens end with the
/// service account.
/// </summary>
internal sealed class Reaper(
    IKubernetes cluster,
    string credentialNamespace,
    TimeSpan grace,
    TimeProvider clock,
    TextWriter report
)
{
    // The service accounts first: their tokens end with them.
    private static readonly IReadOnlyList<GrantObjectKind> Kinds =
    [
        GrantObjectKind.ServiceAccount,
        GrantObjectKind.ClusterRoleBinding,
        GrantObjectKind.RoleBinding,
        GrantObjectKind.Role,
    ];

    /// <returns>False when an expired object is still there.</returns>
    /// <exception cref="HttpOperationException">When the cluster cannot be listed at all.</exception>
    public async Task<bool> RunAsync(CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        await foreach (var (found, why) in FindOverAsync(now, cancellation))
            await TryDeleteAsync(found, why, cancellation);

        // An object that a finalizer keeps still gives its rights; one that was renewed meanwhile is not expired any
        // more.
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
        // Not a later object with the same name, nor one that was renewed meanwhile.
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

    // Page by page: there may be any number of objects.
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
