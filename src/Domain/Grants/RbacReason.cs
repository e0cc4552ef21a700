using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using JitFunctions.Domain.Scopes;

namespace JitFunctions.Domain.Grants;

/// <summary>
/// The binding that allowed an access, parsed from the reason of the Kubernetes RBAC authorizer: <c>RBAC: allowed by
/// RoleBinding "name/namespace" of ClusterRole "edit" to User "alice"</c>. The format is defined by
/// <c>roleBindingDescriber</c> and <c>clusterRoleBindingDescriber</c> in pkg/registry/rbac/validation/rule.go of
/// kubernetes/kubernetes. Names are quoted like Go strings (<c>%q</c>).
/// </summary>
/// <param name="Namespace">Null for a ClusterRoleBinding.</param>
/// <param name="Subject">For a service account <c>namespace/name</c>.</param>
public sealed partial record RbacReason(
    string? Namespace,
    string Binding,
    string RoleKind,
    string Role,
    string SubjectKind,
    string Subject
)
{
    /// <summary>
    /// True for the binding of this request's grant, and for any other binding of the Role that was created for it. An
    /// object with a similar name, or with the same name in another namespace, does not belong to the grant.
    /// </summary>
    public bool IsOf(string request, Scope granted)
    {
        var name = BindingRef.NameFor(request);
        return (granted.ClusterWide ? Namespace is null : Namespace is { } ns && granted.Namespaces.Contains(ns))
            && (
                Binding == name
                || (granted.Rules is not null && RoleKind == nameof(GrantObjectKind.Role) && Role == name)
            );
    }

    /// <returns>Null if the reason comes from another authorizer or has another format.</returns>
    public static RbacReason? Parse(string? reason)
    {
        if (
            reason is null
            || Form().Match(reason) is not { Success: true, Groups: var parts }
            || Unquote(parts["binding"].Value) is not { } binding
            || Unquote(parts["role"].Value) is not { } role
            || Unquote(parts["subject"].Value) is not { } subject
        )
        {
            return null;
        }

        var (roleKind, subjectKind) = (parts["roleKind"].Value, parts["subjectKind"].Value);
        var holder =
            subjectKind == "ServiceAccount" && SplitLast(subject) is var (account, home)
                ? $"{home}/{account}"
                : subject;
        if (parts["kind"].Value == "ClusterRoleBinding")
            return new(null, binding, roleKind, role, subjectKind, holder);
        // Names of RBAC objects cannot contain a slash: path.ValidatePathSegmentName.
        return SplitLast(binding) is var (name, ns) ? new(ns, name, roleKind, role, subjectKind, holder) : null;
    }

    private const string Escaped = "abfnrtv\\\"";
    private const string Meant = "\a\b\f\n\r\t\v\\\"";

    private static (string Before, string After)? SplitLast(string text) =>
        text.LastIndexOf('/') is >= 0 and var at ? (text[..at], text[(at + 1)..]) : null;

    /// <summary>
    /// Unquotes a string in double quotes like Go's strconv.Unquote; null if it is not a valid string, or contains
    /// bytes that are not UTF-8.
    /// </summary>
    private static string? Unquote(string quoted)
    {
        var text = new StringBuilder();
        for (var i = 1; i < quoted.Length - 1; i++)
        {
            if (quoted[i] != '\\')
            {
                text.Append(quoted[i]);
                continue;
            }

            if (Escaped.IndexOf(quoted[++i], StringComparison.Ordinal) is >= 0 and var simple)
            {
                text.Append(Meant[simple]);
                continue;
            }

            var length = quoted[i] switch
            {
                'x' => 2,
                'u' => 4,
                'U' => 8,
                _ => quoted.Length,
            };
            if (i + length > quoted.Length - 2)
                return null;
            if (
                !uint.TryParse(
                    quoted.AsSpan(i + 1, length),
                    NumberStyles.AllowHexSpecifier,
                    CultureInfo.InvariantCulture,
                    out var value
                )
                || !Rune.IsValid(value)
                || (length == 2 && value >= 0x80)
            )
            {
                return null;
            }

            text.Append(new Rune(value).ToString());
            i += length;
        }

        return text.ToString();
    }

    [GeneratedRegex(
        """\ARBAC: allowed by (?<kind>RoleBinding|ClusterRoleBinding) (?<binding>"(?:[^"\\]|\\.)*") """
            + """of (?<roleKind>Role|ClusterRole) (?<role>"(?:[^"\\]|\\.)*") """
            + """to (?<subjectKind>User|Group|ServiceAccount) (?<subject>"(?:[^"\\]|\\.)*")\z""",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex Form();
}
