using JitFunctions.Domain.Grants;
using JitFunctions.Domain.Rights;
using static JitFunctions.Domain.Tests.Samples.Scenario;

namespace JitFunctions.Domain.Tests.Grants;

public sealed class RbacReasonTests
{
    private const string Own = $"jit-{Id}";

    public static TheoryData<string, RbacReason> Reasons =>
        new()
        {
            {
                """RBAC: allowed by RoleBinding "standing/payments" of ClusterRole "edit" to User "alice@example.com" """.TrimEnd(),
                new("payments", "standing", "ClusterRole", "edit", "User", "alice@example.com")
            },
            {
                """RBAC: allowed by ClusterRoleBinding "standing" of ClusterRole "edit" to Group "devs/all" """.TrimEnd(),
                new(null, "standing", "ClusterRole", "edit", "Group", "devs/all")
            },
            {
                """RBAC: allowed by RoleBinding "a/b" of Role "r" to ServiceAccount "account/home" """.TrimEnd(),
                new("b", "a", "Role", "r", "ServiceAccount", "home/account")
            },
            {
                """RBAC: allowed by RoleBinding "a \"b\" of Role\\ \té\u200b\U0001f6a8\x7f/ns" of Role "r" to User "u" """.TrimEnd(),
                new("ns", "a \"b\" of Role\\ \té\u200b\U0001F6A8\u007f", "Role", "r", "User", "u")
            },
            {
                // Escaped characters at the end of a name.
                """RBAC: allowed by RoleBinding "a/n\x73" of Role "\u0072" to User "\U00000075" """.TrimEnd(),
                new("ns", "a", "Role", "r", "User", "u")
            },
            {
                // A name that imitates the rest of the sentence stays a name.
                $$"""RBAC: allowed by RoleBinding "x\" of Role \"{{Own}}\" to User \"alice/payments" of ClusterRole "edit" to User "u" """.TrimEnd(),
                new("payments", $"x\" of Role \"{Own}\" to User \"alice", "ClusterRole", "edit", "User", "u")
            },
        };

    [Theory]
    [MemberData(nameof(Reasons))]
    public void The_binding_the_role_and_the_subject_are_read_as_they_were_named(string reason, RbacReason expected) =>
        Assert.Equal(expected, RbacReason.Parse(reason));

    // The space at the end, without which a raw string could not end in a quote, is cut off.
    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("Access allowed by Azure RBAC Role Assignment 1234 of Role Reader to user alice")]
    [InlineData("""RBAC: allowed by RoleBinding "a/b" of Role "r" to User "u" and more""")]
    [InlineData("""xRBAC: allowed by RoleBinding "a/b" of Role "r" to User "u" """)]
    [InlineData("""RBAC: allowed by RoleBinding "a/b" of Role "r" to User "u""")]
    [InlineData("""RBAC: allowed by RoleBinding "no-namespace" of Role "r" to User "u" """)]
    [InlineData("""RBAC: allowed by RoleBinding "a\q/b" of Role "r" to User "u" """)]
    [InlineData("""RBAC: allowed by RoleBinding "a\xzz/b" of Role "r" to User "u" """)]
    [InlineData("""RBAC: allowed by RoleBinding "a\x80/b" of Role "r" to User "u" """)]
    [InlineData("""RBAC: allowed by RoleBinding "a\xff/b" of Role "r" to User "u" """)]
    [InlineData("""RBAC: allowed by RoleBinding "a\ud800/b" of Role "r" to User "u" """)]
    [InlineData("""RBAC: allowed by RoleBinding "a/b" of Role "r" to User "u\x1" """)]
    [InlineData("""RBAC: allowed by RoleBinding "a/b" of Role "r" to User "u\u12" """)]
    [InlineData("""RBAC: allowed by RoleBinding "a/b" of Role "r" to User "u\U0001f6a" """)]
    public void What_is_not_in_this_format_names_no_binding(string? reason) =>
        Assert.Null(RbacReason.Parse(reason?.TrimEnd()));

    [Theory]
    [InlineData("payments", Own, true)]
    [InlineData("payments", $"{Own}-x", false)]
    [InlineData("payments", $"{Own}x", false)]
    [InlineData("payments", "jit", false)]
    [InlineData("payments", "JIT-3F9K2M7XQ0AB", false)]
    [InlineData("orders", Own, false)]
    [InlineData(null, Own, false)]
    public void Only_the_very_binding_of_a_grant_is_its_own(string? ns, string binding, bool isOwn) =>
        Assert.Equal(isOwn, new RbacReason(ns, binding, "ClusterRole", "edit", "User", "u").IsOf(Id, Terms.Scope));

    [Fact]
    public void Of_a_cluster_wide_grant_it_is_the_cluster_role_binding()
    {
        var wide = Terms.Scope with { Namespaces = [], ClusterWide = true };
        Assert.True(new RbacReason(null, Own, "ClusterRole", "edit", "User", "u").IsOf(Id, wide));
        Assert.False(new RbacReason("payments", Own, "ClusterRole", "edit", "User", "u").IsOf(Id, wide));
    }

    [Theory]
    [InlineData("Role", Own, true)]
    [InlineData("Role", $"{Own}-x", false)]
    [InlineData("ClusterRole", Own, false)]
    public void Another_binding_of_the_role_that_was_made_for_the_grant_counts_as_its_own(
        string kind,
        string role,
        bool isOwn
    )
    {
        var adHoc = Terms.Scope with { Role = null, Rules = [new RbacRule([""], ["pods"], ["get"])] };
        Assert.Equal(isOwn, new RbacReason("payments", "other", kind, role, "User", "u").IsOf(Id, adHoc));
        Assert.False(new RbacReason("payments", "other", kind, role, "User", "u").IsOf(Id, Terms.Scope));
    }

    public static TheoryData<int?, int?, int?, bool?> Times =>
        new()
        {
            // Seconds after the activation began: made, changed, then whether it counts as made or changed during the
            // grant.
            { -1, null, 0, false },
            { 0, null, 0, true },
            { 5, 5, 0, true },
            { -60, -60, 0, false },
            { -60, 5, 0, true },
            { null, null, 0, null },
            { 5, null, null, null },
        };

    [Theory]
    [MemberData(nameof(Times))]
    public void What_was_made_or_changed_after_the_activation_began_is_known_as_such(
        int? made,
        int? changed,
        int? activated,
        bool? during
    )
    {
        var reason = new RbacReason("payments", "other", "ClusterRole", "edit", "User", "alice");
        // The API server's times have whole seconds, the app's have not.
        var binding = AllowingBinding.Of(
            reason,
            Noon.AddSeconds(0) + Seconds(made),
            Noon + Seconds(changed),
            activated is null ? null : Noon.AddMilliseconds(400) + Seconds(activated)
        );

        Assert.Equal(during, binding.DuringGrant);
        Assert.Equal(
            ("payments", "other", "ClusterRole/edit", "User/alice"),
            (binding.Namespace, binding.Name, binding.Role, binding.Subject)
        );
    }

    [Fact]
    public void In_words_it_says_when_it_was_made()
    {
        var reason = new RbacReason("payments", $"{Own}-x", "ClusterRole", "admin", "User", "alice");
        Assert.Equal(
            $"RoleBinding {Own}-x in payments (ClusterRole/admin for User/alice), made at 2026-03-02T12:00:05Z, "
                + "after the activation of this grant",
            AllowingBinding.Of(reason, Noon.AddSeconds(5), Noon.AddSeconds(5), Noon).Describe()
        );
        Assert.Equal(
            $"ClusterRoleBinding {Own}-x (ClusterRole/admin for User/alice), made at 2026-03-02T11:00:00Z and "
                + "changed at 2026-03-02T12:01:00Z, "
                + "after the activation of this grant",
            AllowingBinding.Of(reason with { Namespace = null }, Noon.AddHours(-1), Noon.AddMinutes(1), Noon).Describe()
        );
        Assert.Equal(
            $"RoleBinding {Own}-x in payments (ClusterRole/admin for User/alice), which cannot be read now",
            AllowingBinding.Of(reason, null, null, Noon).Describe()
        );
        Assert.Equal(
            $"RoleBinding {Own}-x in payments (ClusterRole/admin for User/alice), made at 2026-03-02T11:00:00Z, "
                + "before this grant",
            AllowingBinding.Of(reason, Noon.AddHours(-1), null, Noon).Describe()
        );
        Assert.Equal(
            $"RoleBinding {Own}-x in payments (ClusterRole/admin for User/alice), made at 2026-03-02T11:00:00Z",
            AllowingBinding.Of(reason, Noon.AddHours(-1), null, activationStartedAt: null).Describe()
        );
    }

    private static TimeSpan? Seconds(int? seconds) => seconds is { } count ? TimeSpan.FromSeconds(count) : null;
}
