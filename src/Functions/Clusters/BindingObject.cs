using JitFunctions.Domain.Grants;
using JitFunctions.Domain.Text;
using k8s.Models;

namespace JitFunctions.Functions.Clusters;

/// <summary>
/// A RoleBinding or ClusterRoleBinding as it was found, without the difference between the two kinds.
/// </summary>
public sealed record BindingObject(
    string? Namespace,
    string Name,
    string Uid,
    V1ObjectMeta Metadata,
    V1RoleRef RoleRef,
    IReadOnlyList<Rbacv1Subject> Subjects
) : IGrantObject
{
    public GrantObjectKind ObjectKind =>
        Namespace is null ? GrantObjectKind.ClusterRoleBinding : GrantObjectKind.RoleBinding;

    public static BindingObject From(V1RoleBinding x) => From(x.Metadata, x.RoleRef, x.Subjects);

    public static BindingObject From(V1ClusterRoleBinding x) => From(x.Metadata, x.RoleRef, x.Subjects);

    public bool Gives(V1RoleRef role, Rbacv1Subject subject) =>
        HasRole(role)
        && Subjects is [var only]
        && (only.Kind, only.Name, only.ApiGroup ?? "", only.NamespaceProperty ?? "")
            == (subject.Kind, subject.Name, subject.ApiGroup ?? "", subject.NamespaceProperty ?? "");

    public bool HasRole(V1RoleRef role) => (RoleRef.Kind, RoleRef.Name) == (role.Kind, role.Name);

    public string Describe() =>
        $"{RoleRef.Kind}/{ShortText.Name(RoleRef.Name)} for {ShortText.List(DescribeSubjects())}";

    public RemovedObject AsRemoved() => new(Name, $"{RoleRef.Kind}/{RoleRef.Name}", DescribeSubjects());

    public IReadOnlyList<string> DescribeSubjects() =>
        [
            .. Subjects.Select(subject =>
                $"{subject.Kind}/{(subject.NamespaceProperty is { Length: > 0 } ns ? $"{ns}/" : "")}{subject.Name}"
            ),
        ];

    private static BindingObject From(V1ObjectMeta metadata, V1RoleRef role, IList<Rbacv1Subject>? subjects) =>
        new(metadata.NamespaceProperty, metadata.Name, metadata.Uid, metadata, role, [.. subjects ?? []]);
}
