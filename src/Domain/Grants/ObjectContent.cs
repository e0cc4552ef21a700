using JitFunctions.Domain.Rights;
using JitFunctions.Domain.Text;

namespace JitFunctions.Domain.Grants;

/// <summary>A subject of a binding (<c>rbac.authorization.k8s.io/v1 Subject</c>).</summary>
/// <param name="Namespace">The namespace of a service account; null for other subjects.</param>
public sealed record RbacSubject(string ApiGroup, string Kind, string? Namespace, string Name)
{
    public const string RbacGroup = "rbac.authorization.k8s.io";

    public static RbacSubject User(string name) => new(RbacGroup, "User", null, name);

    public static RbacSubject Of(ServiceAccountRef account) =>
        new(string.Empty, nameof(GrantObjectKind.ServiceAccount), account.Namespace, account.Name);

    public override string ToString() => $"{Kind}/{(Namespace is { Length: > 0 } ns ? $"{ns}/" : "")}{Name}";
}

/// <summary>The content of a grant object: everything except its metadata.</summary>
public abstract record ObjectContent
{
    private ObjectContent() { }

    /// <summary>A description for people. Text from others is shortened.</summary>
    public abstract string Describe();

    /// <returns>The difference from the desired content, as a clause; null if there is none.</returns>
    public abstract string? DifferenceFrom(ObjectContent desired);

    /// <param name="RoleKind">As in the API: <c>Role</c> or <c>ClusterRole</c>.</param>
    public sealed record Binding(string RoleKind, string RoleName, IReadOnlyList<RbacSubject> Subjects) : ObjectContent
    {
        public override string Describe() =>
            $"{RoleKind}/{ShortText.Name(RoleName)} for "
            + ShortText.List([.. Subjects.Select(subject => subject.ToString())]);

        /// <summary>True if both refer to the same role. The role of a binding is immutable.</summary>
        public bool HasRoleOf(Binding other) => (RoleKind, RoleName) == (other.RoleKind, other.RoleName);

        public override string? DifferenceFrom(ObjectContent desired) =>
            desired is Binding binding && HasRoleOf(binding) && Subjects.SequenceEqual(binding.Subjects)
                ? null
                : $"it gives {Describe()}";
    }

    /// <summary>The Role that is created for an ad-hoc request.</summary>
    public sealed record Role(IReadOnlyList<RbacRule> Rules) : ObjectContent
    {
        public override string Describe() => ShortText.List([.. Rules.Select(RuleText.Describe)], "; ");

        public override string? DifferenceFrom(ObjectContent desired) =>
            desired is Role role && RuleKey.Of(Rules) == RuleKey.Of(role.Rules) ? null : $"it allows {Describe()}";
    }

    /// <summary>A service account, or the Secret to which its tokens are bound.</summary>
    /// <param name="Flaw">The difference from what was applied; null if there is none.</param>
    public sealed record Credential(GrantObjectKind Kind, string? Flaw = null) : ObjectContent
    {
        public override string Describe() => $"the {Kind}";

        public override string? DifferenceFrom(ObjectContent desired) => Flaw;
    }
}
