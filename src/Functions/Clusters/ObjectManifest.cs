using JitFunctions.Domain.Grants;
using JitFunctions.Domain.Rights;
using JitFunctions.Domain.Text;
using k8s;
using k8s.Models;

namespace JitFunctions.Functions.Clusters;

/// <summary>Converts grant objects to Kubernetes manifests and back.</summary>
internal static class ObjectManifest
{
    private const string Opaque = "Opaque";

    /// <param name="uid">If given, only the object with this uid is changed.</param>
    public static IKubernetesObject<V1ObjectMeta> Write(Grant grant, DesiredObject desired, string? uid)
    {
        var metadata = GrantMetadata.Write(grant, desired.Ref, uid);
        return (desired.Ref.Kind, desired.Content) switch
        {
            (GrantObjectKind.RoleBinding, ObjectContent.Binding binding) => new V1RoleBinding
            {
                ApiVersion = $"{V1RoleBinding.KubeGroup}/{V1RoleBinding.KubeApiVersion}",
                Kind = V1RoleBinding.KubeKind,
                Metadata = metadata,
                RoleRef = RoleOf(binding),
                Subjects = SubjectsOf(binding),
            },
            (GrantObjectKind.ClusterRoleBinding, ObjectContent.Binding binding) => new V1ClusterRoleBinding
            {
                ApiVersion = $"{V1ClusterRoleBinding.KubeGroup}/{V1ClusterRoleBinding.KubeApiVersion}",
                Kind = V1ClusterRoleBinding.KubeKind,
                Metadata = metadata,
                RoleRef = RoleOf(binding),
                Subjects = SubjectsOf(binding),
            },
            (GrantObjectKind.Role, ObjectContent.Role role) => new V1Role
            {
                ApiVersion = $"{V1Role.KubeGroup}/{V1Role.KubeApiVersion}",
                Kind = V1Role.KubeKind,
                Metadata = metadata,
                Rules = [.. role.Rules.Select(ToPolicyRule)],
            },
            (GrantObjectKind.Secret, _) => new V1Secret
            {
                ApiVersion = V1Secret.KubeApiVersion,
                Kind = V1Secret.KubeKind,
                Metadata = metadata,
                Type = Opaque,
            },
            (GrantObjectKind.ServiceAccount, _) => new V1ServiceAccount
            {
                ApiVersion = V1ServiceAccount.KubeApiVersion,
                Kind = V1ServiceAccount.KubeKind,
                Metadata = metadata,
                AutomountServiceAccountToken = false,
            },
            _ => throw new ArgumentOutOfRangeException(nameof(desired)),
        };
    }

    public static ObservedObject Read(IKubernetesObject<V1ObjectMeta> found)
    {
        var (kind, content) = found switch
        {
            V1RoleBinding x => (GrantObjectKind.RoleBinding, Binding(x.RoleRef, x.Subjects)),
            V1ClusterRoleBinding x => (GrantObjectKind.ClusterRoleBinding, Binding(x.RoleRef, x.Subjects)),
            V1Role x => (GrantObjectKind.Role, new ObjectContent.Role([.. (x.Rules ?? []).Select(RoleRules.ToRule)])),
            V1Secret x => (GrantObjectKind.Secret, new ObjectContent.Credential(GrantObjectKind.Secret, FlawOf(x))),
            V1ServiceAccount x => (
                GrantObjectKind.ServiceAccount,
                new ObjectContent.Credential(GrantObjectKind.ServiceAccount, FlawOf(x))
            ),
            _ => throw new ArgumentOutOfRangeException(nameof(found)),
        };
        var metadata = found.Metadata;
        return new(
            new(kind, metadata.NamespaceProperty, metadata.Name),
            metadata.Uid,
            metadata.ResourceVersion,
            GrantMetadata.Labels(metadata),
            GrantMetadata.ExpiresAt(metadata),
            content,
            Time(metadata.CreationTimestamp),
            metadata.ManagedFields?.Select(field => Time(field.Time)).Max()
        );

        static ObjectContent Binding(V1RoleRef role, IList<Rbacv1Subject>? subjects) =>
            new ObjectContent.Binding(role.Kind, role.Name, [.. (subjects ?? []).Select(ToSubject)]);
    }

    private static DateTimeOffset? Time(DateTime? time) =>
        time is { } at ? new DateTimeOffset(at.ToUniversalTime()) : null;

    // The control plane may fill a Secret of another type, for example with a token that never expires.
    private static string? FlawOf(V1Secret secret) =>
        secret.Type != Opaque ? $"its type is {ShortText.Name(secret.Type)}"
        : secret.Data is { Count: > 0 } ? "it holds data"
        : null;

    private static string? FlawOf(V1ServiceAccount account) =>
        account.AutomountServiceAccountToken == false ? null : "automountServiceAccountToken is not false";

    private static V1RoleRef RoleOf(ObjectContent.Binding binding) =>
        new()
        {
            ApiGroup = RbacSubject.RbacGroup,
            Kind = binding.RoleKind,
            Name = binding.RoleName,
        };

    private static List<Rbacv1Subject> SubjectsOf(ObjectContent.Binding binding) =>
        [
            .. binding.Subjects.Select(subject => new Rbacv1Subject
            {
                ApiGroup = subject.ApiGroup is [] ? null : subject.ApiGroup,
                Kind = subject.Kind,
                Name = subject.Name,
                NamespaceProperty = subject.Namespace,
            }),
        ];

    private static RbacSubject ToSubject(Rbacv1Subject subject) =>
        new(
            subject.ApiGroup ?? string.Empty,
            subject.Kind,
            subject.NamespaceProperty is { Length: > 0 } ns ? ns : null,
            subject.Name
        );

    private static V1PolicyRule ToPolicyRule(RbacRule rule) =>
        new()
        {
            ApiGroups = [.. rule.ApiGroups],
            Resources = [.. rule.Resources],
            Verbs = [.. rule.Verbs],
            ResourceNames = rule.ResourceNames is [_, ..] names ? [.. names] : null,
        };
}
