using JitFunctions.Domain.Audit;
using JitFunctions.Domain.Rights;
using JitFunctions.Domain.Scopes;
using JitFunctions.Domain.Tests.Rights;
using static JitFunctions.Domain.Tests.Audit.Actions;

namespace JitFunctions.Domain.Tests.Audit;

public sealed class ActionAttributionTests
{
    private static readonly SubjectGrant A = Grant(GrantA);
    private static readonly SubjectGrant B = Grant(GrantB);
    private static readonly SubjectGrant Ended = A with { Until = Noon.AddMinutes(-1) };
    private static readonly SubjectGrant Ephemeral = Grant(GrantA, subject: Account);
    private static readonly AuditEvent ByStanding = Deleted with { Reason = ByRoleBinding("team") };
    private static readonly AuditEvent ByAccount = Deleted with
    {
        User = User(Account),
        Reason =
            $"RBAC: allowed by RoleBinding \"jit-{GrantA}/payments\" of ClusterRole \"edit\" to ServiceAccount "
            + $"\"jit-{GrantA}/jit-access\"",
    };

    public static TheoryData<string, AuditEvent, SubjectGrant[], Attribution> Table =>
        new()
        {
            // Ephemeral: the subject is the grant, whatever allowed or refused it.
            { "its account acts", ByAccount, [Ephemeral], Exact(GrantA) },
            { "beside a grant of the person", ByAccount, [Ephemeral, B], Exact(GrantA) },
            {
                "by a binding of another",
                ByAccount with
                {
                    Reason = ByClusterRoleBinding("team"),
                },
                [Ephemeral],
                Exact(GrantA)
            },
            { "as somebody else", ByAccount with { ImpersonatedUser = User("root") }, [Ephemeral], Exact(GrantA) },
            {
                "after its end",
                ByAccount,
                [Ephemeral with { Until = Noon.AddMinutes(-1) }],
                Exact(GrantA) with
                {
                    IsAfterEnd = true,
                }
            },
            { "is refused", Refused(ByAccount), [Ephemeral], new Attribution.Attempt([GrantA], IsByTime: false) },
            { "of an unknown grant", ByAccount, [A], Otherwise(OtherwiseCause.GrantOfAnother, [], GrantA) },
            // Identity: the binding's name is the grant.
            { "one grant", Deleted, [A], Exact(GrantA) },
            { "two that allow it", Deleted, [A, B], Exact(GrantA, GrantB) },
            {
                "two, the other was named",
                Deleted with
                {
                    Reason = ByRoleBinding($"jit-{GrantB}"),
                },
                [A, B],
                Exact(GrantB, GrantA)
            },
            {
                "the other has other rights",
                Deleted,
                [A, Grant(GrantB, rules: [Rules.Rule("get", "pods")])],
                Exact(GrantA)
            },
            { "the other is elsewhere", Deleted, [A, Grant(GrantB, "orders")], Exact(GrantA) },
            { "the other is everywhere", Deleted, [A, Grant(GrantB, ns: null)], Exact(GrantA, GrantB) },
            { "the other has ended", Deleted, [A, B with { Until = Noon.AddMinutes(-1) }], Exact(GrantA) },
            { "the other comes later", Deleted, [A, B with { From = Noon.AddMinutes(1) }], Exact(GrantA) },
            { "the other is another's", Deleted, [A, Grant(GrantB, subject: "bob@example.com")], Exact(GrantA) },
            {
                "the whole cluster",
                Deleted with
                {
                    Reason = ByClusterRoleBinding($"jit-{GrantA}"),
                },
                [Grant(GrantA, ns: null), B],
                Exact(GrantA, GrantB)
            },
            { "used after its end", Deleted, [Ended], Exact(GrantA) with { IsAfterEnd = true } },
            { "before its begin", Deleted, [A with { From = Noon.AddMinutes(5) }], Exact(GrantA) },
            { "failed in admission", Deleted with { Code = 403 }, [A], Exact(GrantA) },
            { "another binding of its own Role", Deleted with { Reason = OfOwnRole }, [AdHoc], Exact(GrantA) },
            // A standing binding.
            { "standing", ByStanding, [A], NotNeeded([GrantA], GrantA) },
            {
                "standing, of the cluster",
                Deleted with
                {
                    Reason = ByClusterRoleBinding("team"),
                },
                [A],
                NotNeeded([GrantA], GrantA)
            },
            {
                "standing, by a group",
                Deleted with
                {
                    Reason =
                        "RBAC: allowed by ClusterRoleBinding \"system:discovery\" of ClusterRole "
                        + "\"system:discovery\" to Group \"system:authenticated\"",
                },
                [A],
                NotNeeded([GrantA], GrantA)
            },
            { "standing, beyond the grant", ByStanding, [Grant(GrantA, "orders")], NotNeeded([GrantA]) },
            { "standing, two grants", ByStanding, [B, A], NotNeeded([GrantA, GrantB], GrantA, GrantB) },
            { "standing, no live grant", ByStanding, [Ended], new Attribution.Unrelated() },
            { "standing, no grant", ByStanding, [], new Attribution.Unrelated() },
            // A similar name, the same name in another namespace, and the same name for the whole cluster are no
            // grant's.
            {
                "a similar name",
                Deleted with
                {
                    Reason = ByRoleBinding($"jit-{GrantA}-x"),
                },
                [A],
                NotNeeded([GrantA], GrantA)
            },
            {
                "in another namespace",
                Deleted with
                {
                    Reason = ByRoleBinding($"jit-{GrantA}", "orders"),
                },
                [A],
                Otherwise(OtherwiseCause.GrantOfAnother, [GrantA], GrantA)
            },
            {
                "of the whole cluster",
                Deleted with
                {
                    Reason = ByClusterRoleBinding($"jit-{GrantA}"),
                },
                [A],
                Otherwise(OtherwiseCause.GrantOfAnother, [GrantA], GrantA)
            },
            {
                "in no place of its own",
                Deleted with
                {
                    Reason = ByRoleBinding("x/jit-aaaaaaaaaaaa"),
                },
                [A],
                NotNeeded([GrantA], GrantA)
            },
            // Refused.
            { "refused", Refused(Deleted), [A], new Attribution.Attempt([GrantA], IsByTime: true) },
            {
                "refused, two grants",
                Refused(Deleted),
                [B, A],
                new Attribution.Attempt([GrantA, GrantB], IsByTime: true)
            },
            {
                "refused, reason lies",
                Refused(Deleted) with
                {
                    Reason = Deleted.Reason,
                },
                [B],
                new Attribution.Attempt([GrantB], IsByTime: true)
            },
            { "refused, no live grant", Refused(Deleted), [Ended], new Attribution.Unrelated() },
            {
                "may not impersonate",
                Refused(Deleted) with
                {
                    Decision = null,
                    Reason = null,
                    ImpersonatedUser = User("root"),
                },
                [A],
                new Attribution.Attempt([GrantA], IsByTime: true)
            },
            // Allowed by something else.
            { "system:masters", Deleted with { Reason = "" }, [A], Otherwise(OtherwiseCause.NoReason, [GrantA]) },
            { "no reason", Deleted with { Reason = null }, [A], Otherwise(OtherwiseCause.NoReason, [GrantA]) },
            {
                "no annotations",
                Deleted with
                {
                    Reason = null,
                    Decision = null,
                },
                [A],
                Otherwise(OtherwiseCause.NoReason, [GrantA])
            },
            {
                "Azure",
                Deleted with
                {
                    Reason = "Access allowed by Azure RBAC Role Assignment 1 of Role 2 to user 3",
                },
                [A],
                Otherwise(OtherwiseCause.OtherAuthorizer, [GrantA])
            },
            {
                "Google",
                Deleted with
                {
                    Reason = "access granted by IAM permissions.",
                },
                [A],
                Otherwise(OtherwiseCause.OtherAuthorizer, [GrantA])
            },
            {
                "with more text",
                Deleted with
                {
                    Reason = $"{Deleted.Reason} x",
                },
                [A],
                Otherwise(OtherwiseCause.OtherAuthorizer, [GrantA])
            },
            { "no reason, no live grant", Deleted with { Reason = "" }, [Ended], new Attribution.Unrelated() },
            {
                "as somebody",
                Deleted with
                {
                    ImpersonatedUser = User("root"),
                    Reason = "",
                },
                [A],
                Otherwise(OtherwiseCause.Impersonation, [GrantA])
            },
            {
                "as oneself",
                Deleted with
                {
                    ImpersonatedUser = User(Alice),
                },
                [A],
                Otherwise(OtherwiseCause.Impersonation, [GrantA], GrantA)
            },
            // An administrator acts as alice: the reason names alice's binding, but alice did nothing.
            {
                "another acts as the holder",
                Deleted with
                {
                    User = User("admin"),
                    ImpersonatedUser = User(Alice),
                },
                [A],
                Otherwise(OtherwiseCause.Impersonation, [], GrantA)
            },
            {
                "both hold grants",
                Deleted with
                {
                    User = User("bob"),
                    ImpersonatedUser = User(Alice),
                },
                [A, Grant(GrantB, subject: "bob")],
                Otherwise(OtherwiseCause.Impersonation, [GrantB], GrantA)
            },
            {
                "not told that it is as another",
                Deleted with
                {
                    User = User("bob"),
                },
                [A, Grant(GrantB, subject: "bob")],
                Otherwise(OtherwiseCause.OtherSubject, [GrantB], GrantA)
            },
            {
                "not told that it is as a standing user",
                ByStanding with
                {
                    Reason = ByRoleBinding("team", user: "bob"),
                },
                [A],
                Otherwise(OtherwiseCause.OtherSubject, [GrantA])
            },
            {
                "not told that it is as an account",
                ByAccount with
                {
                    User = User(Alice),
                },
                [A],
                Otherwise(OtherwiseCause.OtherSubject, [GrantA], GrantA)
            },
            {
                "as a standing user",
                ByStanding with
                {
                    User = User("admin"),
                    ImpersonatedUser = User(Alice),
                },
                [A],
                new Attribution.Unrelated()
            },
            // Nobody's, and nothing yet.
            {
                "without credential",
                Refused(Deleted) with
                {
                    User = User(""),
                    Decision = null,
                    Code = 401,
                },
                [A],
                new Attribution.Unrelated()
            },
            {
                "not authorized yet",
                Deleted with
                {
                    Stage = AuditStage.RequestReceived,
                    Decision = null,
                    Reason = null,
                    Code = null,
                },
                [A],
                new Attribution.Unrelated()
            },
            {
                "failed before",
                Deleted with
                {
                    Decision = null,
                    Reason = null,
                    Code = 429,
                },
                [A],
                new Attribution.Unrelated()
            },
            {
                "another person",
                Deleted with
                {
                    User = User("Alice@example.com"),
                    Reason = ByRoleBinding("team"),
                },
                [A],
                new Attribution.Unrelated()
            },
        };

    private static string OfOwnRole =>
        $"RBAC: allowed by RoleBinding \"other/payments\" of Role \"jit-{GrantA}\" to User \"{Alice}\"";

    private static SubjectGrant AdHoc =>
        A with
        {
            Scope = new Scope("demo", ["payments"], ClusterWide: false, Role: null, Edit),
        };

    [Theory]
    [MemberData(nameof(Table))]
    public void Each_case_belongs_where_the_rule_says(
        string name,
        AuditEvent action,
        SubjectGrant[] grants,
        Attribution expected
    )
    {
        Assert.NotEmpty(name);
        Assert.Equivalent(expected, ActionAttribution.Of(action, grants), strict: true);
        Assert.IsType(expected.GetType(), ActionAttribution.Of(action, grants));
        // The order of the grants decides nothing.
        Assert.Equivalent(expected, ActionAttribution.Of(action, [.. grants.Reverse()]), strict: true);
    }

    // The end of a stream comes long after the call was authorized.
    [Fact]
    public void The_time_that_counts_is_that_of_the_call()
    {
        var ended = Deleted with { StageAt = Noon.AddHours(5) };
        var other = B with { Until = Noon.AddHours(1) };
        Assert.Equivalent(Exact(GrantA, GrantB), ActionAttribution.Of(ended, [A, other]), strict: true);
    }

    [Theory]
    [InlineData(-2, true)]
    [InlineData(-3, false)]
    public void Clocks_may_differ_by_two_seconds(int seconds, bool isLive)
    {
        var begins = A with { From = Noon };
        Assert.Equal(isLive, begins.IsLiveAt(Noon.AddSeconds(seconds)));
        Assert.Equal(isLive, (A with { Until = Noon }).IsLiveAt(Noon.AddSeconds(-seconds)));
        Assert.Equal(!isLive, (A with { Until = Noon }).IsOverAt(Noon.AddSeconds(-seconds)));
    }

    [Fact]
    public void A_grant_allows_what_the_authorizer_would_allow_by_it()
    {
        var named = Grant(GrantA, rules: [Rules.Rule("get create delete", "pods", "core", "web-1")]);
        Assert.True(named.Allows(Deleted));
        Assert.False(named.Allows(Deleted with { Target = Deleted.Target! with { Name = "web-2" } }));
        // A create has no name in its path; the event has that of the body.
        Assert.False(named.Allows(Deleted with { Verb = "create" }));
        Assert.True(A.Allows(Deleted with { Verb = "create", Target = Deleted.Target! with { Subresource = "exec" } }));
        Assert.False(A.Allows(Deleted with { Target = Deleted.Target! with { ApiGroup = "metrics.k8s.io" } }));
        Assert.False(A.Allows(Deleted with { Target = Deleted.Target! with { Namespace = null } }));
        Assert.True(
            Grant(GrantA, ns: null).Allows(Deleted with { Target = Deleted.Target! with { Namespace = null } })
        );
    }

    [Fact]
    public void Paths_are_allowed_in_the_whole_cluster_only()
    {
        var path = Deleted with { Verb = "get", Target = null, RequestUri = "/metrics?x=1" };
        RbacRule[] rules = [Rules.Urls("get", "/metrics /healthz/*")];
        Assert.True(Grant(GrantA, ns: null, rules: rules).Allows(path));
        Assert.True(Grant(GrantA, ns: null, rules: rules).Allows(path with { RequestUri = "/healthz/etcd" }));
        Assert.False(Grant(GrantA, ns: null, rules: rules).Allows(path with { RequestUri = "/metrics/x" }));
        Assert.False(Grant(GrantA, rules: rules).Allows(path));
        Assert.False(Grant(GrantA, ns: null, rules: Edit).Allows(path));
    }

    private static Attribution.Exact Exact(string grant, params string[] also) => new(grant, also, IsAfterEnd: false);

    private static Attribution.NotNeeded NotNeeded(string[] grants, params string[] also) => new(grants, also);

    private static Attribution.AllowedOtherwise Otherwise(
        OtherwiseCause cause,
        string[] grants,
        string? named = null
    ) => new(cause, grants, named);
}
