using JitFunctions.Domain.Rights;
using JitFunctions.Domain.Text;

namespace JitFunctions.Domain.Grants;

/// <summary>A subject of a binding (<c>rbac.authorization.k8s.io/v1 Subject</c>).</summary>
/// <param name="Namespace">Of a service account; else null.</param>
public sealed record RbacSubject(string ApiGroup, string Kind, string? Namespace, string Name)
{
    public const string RbacGroup = "rbac.authorization.k8s.io";

    public static RbacSubject User(string name) => new(RbacGroup, "User", null, name);

    public static RbacSubject Of(ServiceAccountRef account) =>
        new(string.Empty, nameof(GrantObjectKind.ServiceAccount), account.Namespace, account.Name);

    public override string ToString() => $"{Kind}/{(Namespace is { Length: > 0 } ns ? $"{ns}/" : "")}{Name}";
}

/// <summary>What an object of a grant gives: all of it but its metadata.</summary>
public abstract record ObjectContent
{
    private ObjectContent() { }

    /// <summary>What it gives, for people. What others wrote is shortened.</summary>
    public abstract string Describe();

    /// <returns>What differs from what was applied, as a clause; null when nothing does.</returns>
    public abstract string? DifferenceFrom(ObjectContent desired);

    /// <param name="RoleKind">As the API server has it: <c>Role</c> or <c>ClusterRole</c>.</param>
    public sealed record Binding(string RoleKind, string RoleName, IReadOnlyList<RbacSubject> Subjects) : ObjectContent
    {
        public override string Describe() =>
            $"{RoleKind}/{ShortText.Name(RoleName)} for "
            + ShortText.List([.. Subjects.Select(subject => subject.ToString())]);

        /// <summary>Whether it is to the same role, which no change of a binding can alter.</summary>
        public bool HasRoleOf(Binding other) => (RoleKind, RoleName) == (other.RoleKind, other.RoleName);

        public override string? DifferenceFrom(ObjectContent desired) =>
            desired is Binding binding && HasRoleOf(binding) && Subjects.SequenceEqual(binding.Subjects)
                ? null
                : $"it gives {Describe()}";
    }

    /// <summary>The Role of a request with rules of its own.</summary>
    public sealed record Role(IReadOnlyList<RbacRule> Rules) : ObjectContent
    {
        public override string Describe() => ShortText.List([.. Rules.Select(RuleText.Describe)], "; ");

        public override string? DifferenceFrom(ObjectContent desired) =>
            desired is Role role && RuleKey.Of(Rules) == RuleKey.Of(role.Rules) ? null : $"it allows {Describe()}";
    }

    /// <summary>A service account, or the Secret that its tokens are bound to.</summary>
    /// <param name="Flaw">What is not as it was applied; null when nothing is.</param>
    public sealed record Credential(GrantObjectKind Kind, string? Flaw = null) : ObjectContent
    {
        public override string Describe() => $"the {Kind}";

        public override string? DifferenceFrom(ObjectContent desired) => Flaw;
    }
}
