using JitFunctions.Domain.Rights;
using JitFunctions.Domain.Scopes;

namespace JitFunctions.Domain.Tests.Scopes;

public sealed class ScopeTests
{
    private static readonly Scope Edit = new("demo", ["orders", "payments"], false, new(RoleKind.ClusterRole, "edit"));

    [Fact]
    public void A_scope_is_described_by_its_role_or_its_rules_and_its_places()
    {
        RbacRule[] rules = [new([""], ["pods"], ["get"]), new([""], ["services"], ["list"])];
        Assert.Equal("ClusterRole/edit in orders, payments of demo", $"{Edit}");
        Assert.Equal(
            "ClusterRole/edit in all namespaces of demo",
            $"{Edit with { Namespaces = [], ClusterWide = true }}"
        );
        Assert.Equal(
            "get pods; list services in orders, payments of demo",
            $"{Edit with { Role = null, Rules = rules }}"
        );
    }
}
