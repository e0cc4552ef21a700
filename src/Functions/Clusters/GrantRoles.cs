using System.Net;
using System.Text.Json;
using JitFunctions.Domain.Grants;
using JitFunctions.Domain.Requests;
using JitFunctions.Domain.Rights;
using JitFunctions.Domain.Scopes;
using JitFunctions.Domain.Text;
using k8s;
using k8s.Autorest;
using k8s.Models;

namespace JitFunctions.Functions.Clusters;

/// <summary>A Role that was made for one request, as it was found.</summary>
public sealed record RoleObject(
    string Namespace,
    string Name,
    string Uid,
    V1ObjectMeta Metadata,
    IReadOnlyList<V1PolicyRule> Rules
) : IGrantObject
{
    public GrantObjectKind ObjectKind => GrantObjectKind.Role;

    public static RoleObject From(V1Role x) =>
        new(x.Metadata.NamespaceProperty, x.Metadata.Name, x.Metadata.Uid, x.Metadata, [.. x.Rules ?? []]);

    public bool Has(IReadOnlyList<V1PolicyRule> rules) =>
        JsonSerializer.Serialize(Rules) == JsonSerializer.Serialize(rules);

    public RemovedObject AsRemoved() => new(Name, $"{RoleKind.Role}/{Name}", []);

    public string Describe() =>
        ShortText.List([.. Rules.Select(rule => RuleText.Describe(RoleRules.ToRule(rule)))], "; ");
}

/// <summary>
/// Roles for requests with rules of their own. The API server lets us make only those whose rights we hold ourselves
/// (infra/kubernetes/components/ad-hoc): that, and not this code, is the most that such a request can give.
/// </summary>
internal static class GrantRoles
{
    public static IReadOnlyList<V1PolicyRule> Rules(AccessRequest request) =>
        [.. (request.Terms.Scope.Rules ?? []).Select(ToPolicyRule)];

    /// <param name="only">Given, only this very object is changed: when it is gone by now, the API server answers 409
    /// and makes none.</param>
    /// <exception cref="AlteredObjectException">Another role than this one is there now.</exception>
    public static async Task ApplyRoleAsync(
        this Cluster cluster,
        AccessRequest request,
        string ns,
        DateTimeOffset expiresAt,
        CancellationToken cancellation,
        RoleObject? only = null
    )
    {
        var role = new V1Role
        {
            ApiVersion = $"{V1Role.KubeGroup}/{V1Role.KubeApiVersion}",
            Kind = V1Role.KubeKind,
            Metadata = GrantBinding.Metadata(request, ns, expiresAt),
            Rules = [.. Rules(request)],
        };
        role.Metadata.Uid = only?.Uid;
        var applied = await cluster.Client.RbacAuthorizationV1.PatchNamespacedRoleAsync(
            new V1Patch(role, V1Patch.PatchType.ApplyPatch),
            BindingRef.NameFor(request.Id),
            ns,
            fieldManager: GrantBinding.FieldManager,
            force: true,
            cancellationToken: cancellation
        );
        cluster.Check(RoleObject.From(applied), request, expiresAt);
    }

    public static async Task DeleteRoleAsync(
        this Cluster cluster,
        string requestId,
        string ns,
        CancellationToken cancellation
    )
    {
        if (await cluster.FindRoleAsync(BindingRef.NameFor(requestId), ns, cancellation) is { } role)
            await cluster.DeleteAsync(role, cancellation);
    }

    /// <summary>Deletes this very object, not one that took its name since.</summary>
    /// <returns>False when it was gone already.</returns>
    /// <exception cref="ObjectPersistsException" />
    public static Task<bool> DeleteAsync(this Cluster cluster, RoleObject role, CancellationToken cancellation)
    {
        var rbac = cluster.Client.RbacAuthorizationV1;
        var only = new V1DeleteOptions { Preconditions = new V1Preconditions { Uid = role.Uid } };
        return BindingRemoval.DeleteForGoodAsync(
            role.Name,
            delete: () =>
                rbac.DeleteNamespacedRoleAsync(
                    ObjectName.InAddress(role.Name),
                    role.Namespace,
                    only,
                    cancellationToken: cancellation
                ),
            dropFinalizers: () =>
                rbac.PatchNamespacedRoleAsync(
                    BindingRemoval.NoFinalizers(role.Uid),
                    ObjectName.InAddress(role.Name),
                    role.Namespace,
                    cancellationToken: cancellation
                ),
            isThere: async () => (await cluster.FindRoleAsync(role.Name, role.Namespace, cancellation))?.Uid == role.Uid
        );
    }

    public static async Task<RoleObject?> FindRoleAsync(
        this Cluster cluster,
        string name,
        string ns,
        CancellationToken cancellation
    )
    {
        try
        {
            return RoleObject.From(
                await cluster.Client.RbacAuthorizationV1.ReadNamespacedRoleAsync(
                    ObjectName.InAddress(name),
                    ns,
                    cancellationToken: cancellation
                )
            );
        }
        catch (HttpOperationException e) when (e.Response.StatusCode is HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    private static V1PolicyRule ToPolicyRule(RbacRule rule) =>
        new()
        {
            ApiGroups = [.. rule.ApiGroups],
            Resources = [.. rule.Resources],
            Verbs = [.. rule.Verbs],
            ResourceNames = rule.ResourceNames is [_, ..] names ? [.. names] : null,
        };
}
