using System.Globalization;
using JitFunctions.Domain.Grants;
using JitFunctions.Domain.Requests;
using JitFunctions.Domain.Scopes;
using k8s.Models;

namespace JitFunctions.Functions.Clusters;

/// <summary>The binding objects of grants: how they look, and what they say when read back.</summary>
internal static class GrantBinding
{
    public const string FieldManager = "jit-access";
    public const string ManagedByLabel = "app.kubernetes.io/managed-by";
    public const string ManagedBy = "jit-access";
    public const string RequestLabel = "jit-access/request";
    public const string InstallationLabel = "jit-access/installation";
    public const string ExpiresAnnotation = "jit-access/expires-at";

    public static readonly IReadOnlyList<string> OwnLabels = [ManagedByLabel, RequestLabel, InstallationLabel];

    /// <summary>For the objects of all installations.</summary>
    public const string Selector = $"{ManagedByLabel}={ManagedBy}";

    /// <summary>For the objects of one installation.</summary>
    public static string SelectorOf(Installation installation) => $"{Selector},{InstallationLabel}={installation.Id}";

    /// <summary>For all others, and those without this label.</summary>
    public static string SelectorOfOthers(Installation installation) =>
        $"{Selector},{InstallationLabel}!={installation.Id}";

    public static string? InstallationOf(V1ObjectMeta metadata) =>
        metadata.Labels?.TryGetValue(InstallationLabel, out var id) is true ? id : null;

    public static V1RoleBinding Namespaced(
        AccessRequest request,
        Rbacv1Subject subject,
        string ns,
        DateTimeOffset expiresAt
    ) =>
        new()
        {
            ApiVersion = $"{V1RoleBinding.KubeGroup}/{V1RoleBinding.KubeApiVersion}",
            Kind = V1RoleBinding.KubeKind,
            Metadata = Metadata(request, ns, expiresAt),
            RoleRef = Role(request),
            Subjects = [subject],
        };

    public static V1ClusterRoleBinding ClusterWide(
        AccessRequest request,
        Rbacv1Subject subject,
        DateTimeOffset expiresAt
    ) =>
        new()
        {
            ApiVersion = $"{V1ClusterRoleBinding.KubeGroup}/{V1ClusterRoleBinding.KubeApiVersion}",
            Kind = V1ClusterRoleBinding.KubeKind,
            Metadata = Metadata(request, null, expiresAt),
            RoleRef = Role(request),
            Subjects = [subject],
        };

    public static DateTimeOffset? ExpiresAt(V1ObjectMeta metadata) =>
        metadata.Annotations is { } annotations
        && annotations.TryGetValue(ExpiresAnnotation, out var text)
        && DateTimeOffset.TryParse(
            text,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out var at
        )
            ? at
            : null;

    /// <remarks>
    /// Of a grant that a version without the label of the installation made, that label does not matter.
    /// </remarks>
    public static bool IsLabelledFor(V1ObjectMeta metadata, AccessRequest request) =>
        metadata.Labels is { } labels
        && labels.TryGetValue(ManagedByLabel, out var by)
        && by == ManagedBy
        && labels.TryGetValue(RequestLabel, out var id)
        && id == request.Id
        && (request.Installation is null || InstallationOf(metadata) == request.Installation);

    /// <summary>The expiry that an object carries has whole seconds.</summary>
    public static bool Expires(V1ObjectMeta metadata, DateTimeOffset at) =>
        ExpiresAt(metadata) is { } written && Math.Abs((written - at).TotalSeconds) < 1;

    /// <summary>
    /// True when somebody wrote an expiry that this grant never had; the one before an extension is only late.
    /// </summary>
    public static bool IsExpiryForeign(V1ObjectMeta metadata, AccessRequest request) =>
        !request.EarlierExpiries.Append(request.ExpiresAt!.Value).Any(expiry => Expires(metadata, expiry));

    /// <summary>The role that was asked for, or the one that is made for a request with rules of its own.</summary>
    public static V1RoleRef Role(AccessRequest request)
    {
        var role = request.Terms.Scope.Role ?? new RoleRef(RoleKind.Role, BindingRef.NameFor(request.Id));
        return new()
        {
            ApiGroup = V1RoleBinding.KubeGroup,
            Kind = role.Kind.ToString(),
            Name = role.Name,
        };
    }

    /// <summary>Who holds the rights.</summary>
    public static Rbacv1Subject SubjectOf(this Cluster cluster, AccessRequest request)
    {
        if (!request.IsEphemeral)
            return new()
            {
                ApiGroup = V1RoleBinding.KubeGroup,
                Kind = "User",
                Name = cluster.UserName(request.Requester.Username),
            };
        var account = cluster.ServiceAccountOf(request);
        return new()
        {
            Kind = V1ServiceAccount.KubeKind,
            Name = account.Name,
            NamespaceProperty = account.Namespace,
        };
    }

    internal static V1ObjectMeta Metadata(AccessRequest request, string? ns, DateTimeOffset expiresAt) =>
        new()
        {
            Name = BindingRef.NameFor(request.Id),
            NamespaceProperty = ns,
            Labels = request.Installation is { } installation
                ? new Dictionary<string, string>
                {
                    [ManagedByLabel] = ManagedBy,
                    [RequestLabel] = request.Id,
                    [InstallationLabel] = installation,
                }
                : new Dictionary<string, string> { [ManagedByLabel] = ManagedBy, [RequestLabel] = request.Id },
            Annotations = new Dictionary<string, string>
            {
                [ExpiresAnnotation] = expiresAt.UtcDateTime.ToString(
                    "yyyy-MM-ddTHH:mm:ssZ",
                    CultureInfo.InvariantCulture
                ),
            },
        };
}
