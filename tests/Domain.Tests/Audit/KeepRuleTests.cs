using JitFunctions.Domain.Audit;
using static JitFunctions.Domain.Tests.Audit.Actions;

namespace JitFunctions.Domain.Tests.Audit;

public sealed class KeepRuleTests
{
    private static readonly TimeSpan Window = TimeSpan.FromHours(1);
    private static readonly AuditEvent ByStanding = Deleted with { Reason = ByRoleBinding("team") };

    [Theory]
    [InlineData("rbac.authorization.k8s.io", "rolebindings", null, "create", true)]
    [InlineData("rbac.authorization.k8s.io", "clusterroles", null, "deletecollection", true)]
    [InlineData("rbac.authorization.k8s.io", "roles", null, "list", false)]
    [InlineData("certificates.k8s.io", "certificatesigningrequests", null, "create", true)]
    [InlineData("certificates.k8s.io", "certificatesigningrequests", "approval", "update", true)]
    [InlineData("certificates.k8s.io", "certificatesigningrequests", "status", "update", false)]
    [InlineData("admissionregistration.k8s.io", "mutatingwebhookconfigurations", null, "patch", true)]
    [InlineData("admissionregistration.k8s.io", "validatingwebhookconfigurations", null, "delete", true)]
    [InlineData("", "serviceaccounts", "token", "create", true)]
    [InlineData("", "serviceaccounts", null, "create", false)]
    [InlineData("", "pods", null, "delete", false)]
    public void Changes_of_rights_are_kept_whoever_makes_them(
        string group,
        string resource,
        string? subresource,
        string verb,
        bool isKept
    )
    {
        var action = ByStanding with { Verb = verb, Target = new(group, resource, subresource, "payments", "one") };
        Assert.Equal(isKept, KeepRule.IsKept(action, [], Window));
        Assert.Equal(isKept, KeepRule.IsKept(Refused(action), [], Window));
        Assert.False(KeepRule.IsKept(action with { Stage = AuditStage.RequestReceived }, [], Window));
    }

    [Fact]
    public void Actions_of_those_who_hold_or_held_a_grant_are_kept()
    {
        var grant = Grant(GrantA);
        Assert.True(KeepRule.IsKept(ByStanding, [grant], Window));
        Assert.True(KeepRule.IsKept(Refused(ByStanding), [grant], Window));
        Assert.True(KeepRule.IsKept(ByStanding, [grant with { Until = Noon - Window }], Window));
        Assert.False(
            KeepRule.IsKept(ByStanding, [grant with { Until = Noon - Window.Add(TimeSpan.FromSeconds(1)) }], Window)
        );
        Assert.False(KeepRule.IsKept(ByStanding, [grant with { From = Noon.AddMinutes(1) }], Window));
        Assert.False(KeepRule.IsKept(ByStanding, [Grant(GrantA, subject: "bob")], Window));
        // A stream that began before the grant and ended within it is one of its subject's too.
        Assert.True(
            KeepRule.IsKept(
                ByStanding with
                {
                    StageAt = Noon.AddHours(2),
                },
                [grant with { From = Noon.AddHours(1) }],
                Window
            )
        );
    }

    [Fact]
    public void So_is_what_others_do_in_the_name_of_a_holder_or_by_a_grants_binding()
    {
        var asAlice = ByStanding with { User = User("admin"), ImpersonatedUser = User(Alice) };
        Assert.True(KeepRule.IsKept(asAlice, [Grant(GrantA)], Window));
        Assert.False(KeepRule.IsKept(asAlice, [], Window));
        Assert.True(KeepRule.IsKept(Deleted with { User = User("admin") }, [], Window));
    }

    [Fact]
    public void What_is_not_kept_is_counted_by_cluster_and_minute()
    {
        AuditEvent[] events =
        [
            ByStanding,
            ByStanding with
            {
                Verb = "watch",
            },
            ByStanding with
            {
                StageAt = Noon.AddSeconds(59.999),
            },
            ByStanding with
            {
                StageAt = Noon.AddSeconds(60),
            },
            Refused(ByStanding),
            ByStanding with
            {
                Decision = null,
                Code = 401,
            },
        ];
        var counts = ActionCounts.None.With("b", events[..2]).With("b", events[2..]).With("a", events[..1]);

        Assert.Equal(
            [
                new("a", Noon, CountedAs.Write, 1),
                new("b", Noon, CountedAs.Read, 1),
                new("b", Noon, CountedAs.Write, 2),
                new("b", Noon, CountedAs.Refused, 1),
                new("b", Noon, CountedAs.Undecided, 1),
                new("b", Noon.AddMinutes(1), CountedAs.Write, 1),
            ],
            counts.All()
        );
        Assert.Equal(events.Length + 1, counts.Total);
        Assert.Empty(ActionCounts.None.All());
    }
}
