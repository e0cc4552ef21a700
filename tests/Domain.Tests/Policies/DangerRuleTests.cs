using JitFunctions.Domain.Policies;
using JitFunctions.Domain.Rights;
using JitFunctions.Domain.Scopes;
using static JitFunctions.Domain.Tests.Rights.Rules;
using static JitFunctions.Domain.Tests.Samples.PolicySamples;
using static JitFunctions.Domain.Tests.Samples.Scenario;

namespace JitFunctions.Domain.Tests.Policies;

public sealed class DangerRuleTests
{
    private static readonly ClusterFacts ReadsSecrets = Allowing(Rule("get", "secrets"));
    private static readonly ClusterFacts ReadsAllSecrets = new(null, [Everywhere(Rule("get", "secrets"))], null);
    private static readonly RequestDraft Wide = Draft with
    {
        Scope = Draft.Scope with { Namespaces = [], ClusterWide = true },
    };
    private static readonly AccessPolicy AnyPlace = Payments with { Limits = Limits with { ClusterWide = true } };

    [Fact]
    public void Where_a_policy_says_nothing_what_stays_in_the_namespace_is_left_to_the_approvers()
    {
        Assert.Null(Refusal(Payments, Draft, ReadsSecrets));
        Assert.Contains("not read-secrets", Refusal(AnyPlace, Wide, ReadsAllSecrets), StringComparison.Ordinal);
        Assert.Null(Refusal(AnyPlace, Wide, new(null, [Everywhere(Rule("get", "configmaps"))], null)));
    }

    [Fact]
    public void A_dangerous_right_that_is_not_allowed_is_refused_unless_somebody_approves_it()
    {
        DangerousRight danger = new("read-secrets", DangerReach.Namespace, "can read secrets");
        Assert.Single(DangerRule.Refuse.Mismatches([danger]));
        Assert.Empty(new DangerRule(["read-secrets"], []).Mismatches([danger]));
        Assert.Empty(new DangerRule([], [OneOfSecurity]).Mismatches([danger]));
    }

    [Fact]
    public void The_namespaces_of_kubernetes_itself_count_as_the_cluster() =>
        Assert.NotNull(
            Refusal(
                Payments with
                {
                    Limits = Limits with { Namespaces = [new("kube-system")] },
                },
                Draft with
                {
                    Scope = Draft.Scope with { Namespaces = ["kube-system"] },
                },
                new(null, [In("kube-system", Rule("get", "secrets"))], null)
            )
        );

    [Fact]
    public void A_policy_may_refuse_every_danger()
    {
        var strict = Payments with { Dangers = DangerRule.Refuse };
        Assert.Contains(
            "not read-secrets: can read secrets in payments",
            Refusal(strict, Draft, ReadsSecrets),
            StringComparison.Ordinal
        );
        Assert.Contains("[payments.yaml:13]", Refusal(strict, Draft, ReadsSecrets), StringComparison.Ordinal);
        Assert.Null(Refusal(strict, Draft, Harmless));
    }

    [Fact]
    public void What_is_allowed_by_its_kind_needs_no_more_and_nothing_else_is()
    {
        var secrets = AnyPlace with { Dangers = new(["read-secrets"], []) };
        Assert.Null(Refusal(secrets, Wide, ReadsAllSecrets));
        Assert.NotNull(
            Refusal(secrets, Wide, new(null, [Everywhere(Rule("get", "secrets"), Rule("create", "pods"))], null))
        );
    }

    [Fact]
    public void What_needs_more_approvals_gets_them_on_top()
    {
        var guarded = Payments with { Dangers = new(["run-workloads"], [OneOfSecurity]) };
        Assert.Equal(["1 of payments-leads", "1 of security"], Asked(guarded, ReadsSecrets));
        Assert.Equal(["1 of payments-leads"], Asked(guarded, Harmless));
        Assert.Equal(["1 of payments-leads"], Asked(guarded, Allowing(Rule("create", "pods"))));
    }

    [Fact]
    public void What_needs_more_approvals_is_not_automatic()
    {
        var automatic = Payments with
        {
            Approval = new([], AutomaticCondition.Always),
            Dangers = new([], [OneOfSecurity]),
        };
        Assert.True(Snapshot(automatic, Harmless).Automatic);
        Assert.False(Snapshot(automatic, ReadsSecrets).Automatic);
        Assert.Equal(["1 of security"], Asked(automatic, ReadsSecrets));
    }

    [Fact]
    public void What_a_role_allows_that_nobody_can_tell_is_not_taken_for_harmless()
    {
        var excess = Assert.Single(Payments.RightsMismatches(Draft.Scope, new(null, null, "no answer")));
        Assert.True(excess.IsUnresolved);
        Assert.Contains("no answer", excess.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void All_rights_by_wildcard_are_never_covered_whatever_the_policy_says()
    {
        var all = Rule("*", "*", "*");
        var everything = Payments with
        {
            Limits = Limits with { Rules = [all] },
            Dangers = new(DangerousRights.Kinds, []),
        };
        var draft = Draft with { Scope = Draft.Scope with { Role = null, Rules = [all] } };
        Assert.Contains(
            "never all rights by wildcard [payments.yaml:16]",
            Refusal(everything, draft, Allowing(all)),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "never all rights",
            Refusal(everything with { Dangers = new([], [OneOfSecurity]) }, draft, Allowing(all)),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Cluster_admin_is_refused_unless_a_policy_names_it_and_allows_what_it_is()
    {
        var admin = new RoleRef(RoleKind.ClusterRole, "cluster-admin");
        var named = AnyPlace with { Limits = AnyPlace.Limits with { Roles = [admin] } };
        var draft = Wide with { Scope = Wide.Scope with { Role = admin } };
        Assert.Contains(
            "not full-control",
            Refusal(named, draft, new(null, [Everywhere(Rule("*", "*", "*"))], null)),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "not ClusterRole/cluster-admin",
            Refusal(AnyPlace with { Dangers = new(DangerousRights.Kinds, []) }, draft, Harmless),
            StringComparison.Ordinal
        );
    }

    private static string? Refusal(AccessPolicy policy, RequestDraft draft, ClusterFacts facts) =>
        Set(policy).Evaluate(Alice, draft, facts, Noon).Refusal?.Detail;

    private static PolicySnapshot Snapshot(AccessPolicy policy, ClusterFacts facts) =>
        policy.Snapshot("sha256:1", policy.Complete(Draft), DangerousRights.In(facts.Rights!, "edit"), Noon);

    private static IEnumerable<string> Asked(AccessPolicy policy, ClusterFacts facts) =>
        Snapshot(policy, facts).ApprovalRequirements().Select(x => x.ToString());
}
