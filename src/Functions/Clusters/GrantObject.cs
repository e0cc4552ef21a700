using JitFunctions.Domain.Grants;
using JitFunctions.Domain.Requests;
using k8s.Models;

namespace JitFunctions.Functions.Clusters;

/// <summary>An object of a grant as it was found in a cluster, whatever its kind.</summary>
public interface IGrantObject
{
    GrantObjectKind ObjectKind { get; }

    V1ObjectMeta Metadata { get; }

    /// <summary>What it gives, for people.</summary>
    string Describe();

    /// <summary>As the removal of an object is recorded that belongs to no request.</summary>
    RemovedObject AsRemoved();
}

/// <summary>The objects of grants in a cluster, whatever their kind. Every call may be repeated.</summary>
internal static class ClusterObjects
{
    /// <summary>The most objects of a kind that are looked at in one go; the rest is left for the next.</summary>
    public const int MostListed = 5000;

    public static readonly IReadOnlyList<GrantObjectKind> Kinds = Enum.GetValues<GrantObjectKind>();

    /// <summary>
    /// The metadata of those that the selector meets, a page at a time, until <see cref="MostListed"/> of them.
    /// </summary>
    /// <param name="found">Takes them; what it has is good, also when the rest cannot be read.</param>
    public static async Task ListAsync(
        this Cluster cluster,
        GrantObjectKind kind,
        string selector,
        ICollection<ListedObject> found,
        CancellationToken cancellation
    )
    {
        var most = found.Count + MostListed;
        await foreach (
            var page in cluster.Client.ReadPagesAsync(kind, cluster.CredentialNamespace, selector, cancellation)
        )
        {
            foreach (var one in page)
                found.Add(one);
            if (found.Count >= most)
                return;
        }
    }

    public static async Task<IGrantObject?> FindAsync(
        this Cluster cluster,
        GrantObjectRef wanted,
        CancellationToken cancellation
    ) =>
        wanted.Kind switch
        {
            GrantObjectKind.RoleBinding or GrantObjectKind.ClusterRoleBinding => await cluster.FindByNameAsync(
                wanted.Name,
                wanted.Namespace,
                cancellation
            ),
            GrantObjectKind.Role => await cluster.FindRoleAsync(wanted.Name, wanted.Namespace!, cancellation),
            GrantObjectKind.Secret or GrantObjectKind.ServiceAccount => await cluster.FindCredentialAsync(
                wanted.Kind,
                new(wanted.Namespace!, wanted.Name),
                cancellation
            ),
            _ => throw new ArgumentOutOfRangeException(nameof(wanted)),
        };

    /// <summary>Deletes this very object, not one that took its name since.</summary>
    /// <returns>False when it was gone already.</returns>
    /// <exception cref="ObjectPersistsException" />
    public static Task<bool> DeleteAsync(this Cluster cluster, IGrantObject found, CancellationToken cancellation) =>
        found switch
        {
            BindingObject binding => cluster.DeleteAsync(binding, cancellation),
            RoleObject role => cluster.DeleteAsync(role, cancellation),
            CredentialObject credential => cluster.DeleteAsync(credential, cancellation),
            _ => throw new ArgumentOutOfRangeException(nameof(found)),
        };

    /// <summary>
    /// Makes this very object what was approved: when it is gone by now, the API server answers 409 and makes none.
    /// </summary>
    public static Task RestoreAsync(
        this Cluster cluster,
        IGrantObject found,
        AccessRequest request,
        DateTimeOffset expiresAt,
        CancellationToken cancellation
    )
    {
        return found switch
        {
            BindingObject binding => cluster.ApplyAsync(
                request,
                binding.Namespace,
                expiresAt,
                cancellation,
                only: binding
            ),
            RoleObject role => cluster.ApplyRoleAsync(request, role.Namespace, expiresAt, cancellation, only: role),
            CredentialObject credential => cluster.ApplyCredentialAsync(
                credential.ObjectKind,
                request,
                expiresAt,
                only: credential,
                cancellation
            ),
            _ => throw new ArgumentOutOfRangeException(nameof(found)),
        };
    }
}
