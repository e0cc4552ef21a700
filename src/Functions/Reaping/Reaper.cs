using System.Net;
using JitFunctions.Functions.Clusters;
using k8s;
using k8s.Autorest;
using k8s.Models;

namespace JitFunctions.Functions.Reaping;

/// <summary>
/// Deletes what grants left in a cluster past their end, by the label and annotation on each object alone: it needs neither the event
/// store nor a running app (docs/adr/0013-reaper.md). It reads no Secret; the service account takes its tokens with it.
/// </summary>
internal sealed class Reaper(IKubernetes cluster, string credentialNamespace, TimeSpan grace, TimeProvider clock, TextWriter report)
{
    /// <returns>False when something that is over is still there.</returns>
    /// <exception cref="HttpOperationException">When the cluster cannot be listed at all.</exception>
    public async Task<bool> RunAsync(CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        foreach (var found in await ListAsync(cancellation))
        {
            if (ReapRules.WhyOver(found.Metadata, now, grace) is { } why)
                await TryDeleteAsync(found, why, cancellation);
        }

        // What a finalizer holds back gives its rights as before, and what was renewed meanwhile is not over any more.
        var left = (await ListAsync(cancellation)).Where(found => ReapRules.WhyOver(found.Metadata, now, grace) is not null).ToList();
        foreach (var found in left)
            await report.WriteLineAsync($"still there: {found}");
        return left is [];
    }

    private async Task TryDeleteAsync(Found found, string why, CancellationToken cancellation)
    {
        // Not an object that took its name since, nor one that was renewed since.
        var only = new V1DeleteOptions { Preconditions = new() { Uid = found.Metadata.Uid, ResourceVersion = found.Metadata.ResourceVersion } };
        try
        {
            await found.Delete(only, cancellation);
            await report.WriteLineAsync($"deleted: {found}: {why}");
        }
        catch (HttpOperationException e) when (e.Response.StatusCode is HttpStatusCode.NotFound)
        {
            await report.WriteLineAsync($"gone already: {found}");
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            await report.WriteLineAsync($"not deleted: {found}: {ClusterFailure.Describe(e, "the cluster")}");
        }
    }

    private async Task<IReadOnlyList<Found>> ListAsync(CancellationToken cancellation)
    {
        var rbac = cluster.RbacAuthorizationV1;
        var (all, mine) = (await ListAccountsAsync(cancellation), GrantBinding.Selector);
        all.AddRange((await rbac.ListClusterRoleBindingAsync(labelSelector: mine, cancellationToken: cancellation)).Items.Select(x => new Found(
            "ClusterRoleBinding", x.Metadata, (only, stop) => rbac.DeleteClusterRoleBindingAsync(ObjectName.InAddress(x.Metadata.Name), only, cancellationToken: stop))));
        all.AddRange((await rbac.ListRoleBindingForAllNamespacesAsync(labelSelector: mine, cancellationToken: cancellation)).Items.Select(x => new Found(
            "RoleBinding", x.Metadata, (only, stop) => rbac.DeleteNamespacedRoleBindingAsync(ObjectName.InAddress(x.Metadata.Name), x.Metadata.NamespaceProperty, only, cancellationToken: stop))));
        all.AddRange((await rbac.ListRoleForAllNamespacesAsync(labelSelector: mine, cancellationToken: cancellation)).Items.Select(x => new Found(
            "Role", x.Metadata, (only, stop) => rbac.DeleteNamespacedRoleAsync(ObjectName.InAddress(x.Metadata.Name), x.Metadata.NamespaceProperty, only, cancellationToken: stop))));
        return all;
    }

    private async Task<List<Found>> ListAccountsAsync(CancellationToken cancellation)
    {
        var (core, ns) = (cluster.CoreV1, credentialNamespace);
        try
        {
            var accounts = await core.ListNamespacedServiceAccountAsync(ns, labelSelector: GrantBinding.Selector, cancellationToken: cancellation);
            return [.. accounts.Items.Select(x => new Found(
                "ServiceAccount", x.Metadata, (only, stop) => core.DeleteNamespacedServiceAccountAsync(x.Metadata.Name, ns, only, cancellationToken: stop)))];
        }
        catch (HttpOperationException e) when (ClusterFailure.IsForbidden(e))
        {
            return []; // a cluster without ephemeral grants
        }
    }

    private sealed record Found(string Kind, V1ObjectMeta Metadata, Func<V1DeleteOptions, CancellationToken, Task> Delete)
    {
        public override string ToString() => $"{Kind} {(Metadata.NamespaceProperty is { } ns ? $"{ns}/" : "")}{Metadata.Name} (uid {Metadata.Uid})";
    }
}
