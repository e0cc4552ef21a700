using CsCheck;
using JitFunctions.Domain.Policies;
using JitFunctions.Domain.Requests;
using JitFunctions.Domain.Rights;
using JitFunctions.Domain.Scopes;
using JitFunctions.Domain.Tests.Rights;
using JitFunctions.Domain.Tests.Samples;
using static JitFunctions.Domain.Requests.AccessRequestCommand;
using static JitFunctions.Domain.Tests.Rights.Rules;
using static JitFunctions.Domain.Tests.Samples.ExpectedEvents;
using static JitFunctions.Domain.Tests.Samples.Scenario;

namespace JitFunctions.Domain.Tests.Scopes;

public sealed class ScopeNarrowingTests
{
    private static readonly RequestTerms TwoPlaces = Terms with
    {
        Scope = Terms.Scope with { Namespaces = ["orders", "payments"] },
    };
    private static readonly RequestTerms Wide = Terms with
    {
        Scope = Terms.Scope with { Namespaces = [], ClusterWide = true },
    };
    private static readonly RequestTerms AdHoc = Terms with
    {
        Scope = Terms.Scope with
        {
            Role = null,
            Rules = [Rule("get delete", "pods", "core", "a", "b"), Rule("get", "services")],
        },
    };

    private static readonly ScopeNarrowing Shorter = new(TimeSpan.FromMinutes(10), null, null);
    private static readonly ScopeNarrowing OnlyPayments = new(null, ["payments"], null);

    /// <summary>Of <c>get pods</c> in the namespace payments, for Alice under the usual policy.</summary>
    private const string OnlyPaymentsHash = "sha256:9f1627cec2a8214c500c569e68e09c2b2bcc48ed7fd2523e67c82f55fbc68810";

    [Fact]
    public void Members_that_a_narrowing_omits_stay_unchanged() =>
        Assert.Equal(TwoPlaces, new ScopeNarrowing(null, null, null).Apply(TwoPlaces).Narrower);

    [Fact]
    public void A_narrowing_shortens_the_duration_and_removes_namespaces()
    {
        Assert.Equal(TimeSpan.FromMinutes(10), Shorter.Apply(TwoPlaces).Narrower!.Duration);
        Assert.Equal(["payments"], OnlyPayments.Apply(TwoPlaces).Narrower!.Scope.Namespaces);
    }

    [Fact]
    public void A_shorter_duration_leaves_the_rules_of_a_request_unchanged() =>
        Assert.Equal(AdHoc.Scope.Rules, Shorter.Apply(AdHoc).Narrower!.Scope.Rules);

    [Fact]
    public void A_narrowed_duration_may_be_the_shortest_allowed() =>
        Assert.Equal(
            TimeSpan.FromSeconds(5),
            (Shorter with { Duration = TimeSpan.FromSeconds(5) }).Apply(Terms).Narrower!.Duration
        );

    [Fact]
    public void A_narrowed_duration_is_neither_longer_nor_below_the_shortest_allowed()
    {
        Widens(Shorter with { Duration = Terms.Duration + TimeSpan.FromTicks(1) }, Terms);
        Widens(Shorter with { Duration = RequestForm.ShortestDuration - TimeSpan.FromTicks(1) }, Terms);
        Widens(Shorter with { Duration = TimeSpan.Zero }, Terms);
        Widens(Shorter with { Duration = -Terms.Duration }, Terms);
    }

    [Fact]
    public void Narrowed_namespaces_are_some_of_the_requested_ones()
    {
        Widens(OnlyPayments with { Namespaces = ["payments", "billing"] }, TwoPlaces);
        Widens(OnlyPayments with { Namespaces = ["payments", "payments"] }, TwoPlaces);
        Widens(OnlyPayments with { Namespaces = ["Payments"] }, TwoPlaces);
    }

    [Fact]
    public void An_empty_list_of_narrowed_namespaces_never_means_all_of_them() =>
        Widens(OnlyPayments with { Namespaces = [] }, TwoPlaces);

    [Fact]
    public void A_cluster_wide_request_is_not_narrowed_to_namespaces()
    {
        Widens(OnlyPayments, Wide);
        Widens(OnlyPayments with { Namespaces = [] }, Wide);
        Assert.True(Shorter.Apply(Wide).Narrower!.Scope.ClusterWide);
    }

    [Fact]
    public void Rules_become_less()
    {
        RbacRule[] less = [Rule("delete", "pods", "core", "a")];
        Assert.Equal(less, new ScopeNarrowing(null, null, less).Apply(AdHoc).Narrower!.Scope.Rules);
    }

    [Theory]
    [InlineData("delete", "pods", "c")]
    [InlineData("patch", "pods", "a")]
    [InlineData("delete", "services", "a")]
    [InlineData("get delete", "pods", "")]
    [InlineData("*", "pods", "a")]
    [InlineData("delete", "*", "a")]
    public void Rules_are_part_of_what_was_asked_for(string verbs, string resources, string names) =>
        Widens(new(null, null, [Rule(verbs, resources, "core", Words(names))]), AdHoc);

    [Fact]
    public void Names_that_are_left_out_mean_all_and_are_more()
    {
        Widens(new(null, null, [Rule("delete", "pods") with { ResourceNames = null }]), AdHoc);
        Widens(new(null, null, [Rule("delete", "pods") with { ResourceNames = [] }]), AdHoc);
    }

    [Fact]
    public void No_rules_at_all_are_not_less() => Widens(new(null, null, []), AdHoc);

    [Fact]
    public void A_role_has_no_rules_to_take_away() => Widens(new(null, null, [Rule("get", "pods")]), Terms);

    [Fact]
    public void The_same_rights_in_other_words_are_not_less_and_change_nothing()
    {
        RbacRule[] same =
        [
            Rule("delete", "pods", "core", "b"),
            Rule("get delete", "pods", "core", "a"),
            Rule("get", "pods", "core", "b"),
            Rule("get", "services"),
        ];
        Assert.Equal(AdHoc, new ScopeNarrowing(null, null, same).Apply(AdHoc).Narrower);
    }

    [Fact]
    public void What_is_narrower_allows_nothing_that_was_not_asked_for() =>
        Gen.Select(Gens.Rule.Array[1, 3], Gens.Rule.Array[1, 3])
            .Sample(
                (asked, less) =>
                {
                    if (
                        new ScopeNarrowing(null, null, less)
                            .Apply(Terms with { Scope = Terms.Scope with { Role = null, Rules = asked } })
                            .Narrower is
                        { } narrower
                    )
                        // The rules may allow none of these accesses.
                        Assert.All(
                            Gens.Accesses.Where(access => RuleCoverage.Allows(narrower.Scope.Rules!, access)),
                            access => Assert.True(RuleCoverage.Allows(asked, access), $"{access}"),
                            throwIfEmpty: false
                        );
                },
                iter: 2_000
            );

    [Fact]
    public void After_a_narrowing_the_rights_of_a_role_are_those_in_the_remaining_namespaces()
    {
        NamespacedRules[] rights = [In("orders payments", Rule("get", "pods")), In("billing", Rule("list", "pods"))];
        var left = Assert.Single(ScopeNarrowing.Left(rights, Terms.Scope));
        Assert.Equal(["payments"], left.Namespaces);
        Assert.Equal("get", Assert.Single(Assert.Single(left.Rules).Verbs));
        Assert.Equal(
            2,
            ScopeNarrowing.Left([Everywhere(Rule("get", "pods")), Everywhere(Rule("list", "pods"))], Wide.Scope).Count
        );
    }

    [Fact]
    public void After_a_narrowing_the_rights_of_an_ad_hoc_request_are_its_narrower_rules()
    {
        RbacRule[] less = [Rule("delete", "pods", "core", "a")];
        var narrower = AdHoc.Scope with { Rules = less };
        var left = Assert.Single(ScopeNarrowing.Left([In("payments", [.. AdHoc.Scope.Rules!])], narrower));
        Assert.Equal(["payments"], left.Namespaces);
        Assert.Equal(less, left.Rules);
    }

    [Fact]
    public void Who_narrows_approves_what_is_left_and_earlier_approvers_have_to_confirm()
    {
        var scenario = Opened(
                Asking(new ApprovalRequirement(["payments-leads"], 2)),
                TwoPlaces,
                [In("orders payments", Rule("get", "pods"))]
            )
            .Approve(Bob);
        var seen = scenario.State.ScopeHash;
        scenario.Then(
            scenario.Approval(Beth, OnlyPayments),
            new AccessRequestEvent.Narrowed(
                Beth.Principal,
                Terms with
                {
                    Scope = Terms.Scope with { Namespaces = ["payments"] },
                },
                [In("payments", Rule("get", "pods"))],
                [],
                OnlyPaymentsHash,
                Noon
            ),
            ReviewedBy(Beth, hash: OnlyPaymentsHash)
        );

        scenario.Approve(Beth, OnlyPayments);
        Assert.Equal(["payments"], scenario.State.Terms.Scope.Namespaces);
        Assert.NotEqual(seen, scenario.State.ScopeHash);
        Assert.Equal([Beth.Principal], scenario.State.CountingApprovals().Select(review => review.By));
        Assert.Equal(RequestStatus.Pending, scenario.State.Status);

        scenario.ThenRefused(scenario.Approval(Bob) with { ScopeHash = seen }, "scope-changed");
        scenario.Then(scenario.Approval(Bob), ReviewedBy(Bob, hash: OnlyPaymentsHash), ApprovedAt(Noon));
    }

    [Fact]
    public void Who_approved_before_may_narrow_afterwards_and_the_other_has_to_confirm()
    {
        var scenario = Pending(approvals: 2).Approve(Bob).Approve(Bob, Shorter);
        Assert.Equal(RequestStatus.Pending, scenario.State.Status);
        scenario.Then(scenario.Approval(Beth), ReviewedBy(Beth, hash: scenario.State.ScopeHash), ApprovedAt(Noon));
    }

    [Fact]
    public void What_is_activated_is_what_is_left()
    {
        var scenario = Pending().Approve(Bob, Shorter).Begin().Confirm();
        Assert.Equal(Noon.AddMinutes(10), scenario.State.ExpiresAt);
        Pending().Approve(Bob, Shorter).ThenNothing(new DecideActivation(new Eligibility.Go(Seen), Noon));
    }

    [Fact]
    public void A_narrowing_tells_the_dangers_of_what_is_left()
    {
        NamespacedRules[] rights = [In("payments", Rule("get", "secrets")), In("orders", Rule("get", "pods"))];
        var scenario = Opened(Policy, TwoPlaces, rights);
        Assert.Equal("read-secrets", Assert.Single(Narrowed(scenario, OnlyPayments).Dangers).Kind);
        Assert.Empty(Narrowed(scenario, new(null, ["orders"], null)).Dangers);
    }

    [Fact]
    public void Nobody_widens_and_what_widens_leaves_no_trace()
    {
        var scenario = Pending();
        scenario.ThenRefused(scenario.Approval(Bob, new(TimeSpan.FromDays(1), null, null)), "widens");
        scenario.ThenRefused(scenario.Approval(Alice with { Groups = ["payments-leads"] }, Shorter), "self-review");
        scenario.ThenRefused(scenario.Approval(Bob, Shorter) with { ScopeHash = "sha256:other" }, "scope-changed");
    }

    [Fact]
    public void A_narrowing_that_takes_nothing_away_is_an_approval() =>
        Pending()
            .Then(Pending().Approval(Bob, new(Terms.Duration, ["payments"], null)), ReviewedBy(Bob), ApprovedAt(Noon));

    [Fact]
    public void A_narrowed_scope_cannot_be_widened_to_an_earlier_approved_one()
    {
        RbacRule[] oneWay = [Rule("get", "pods services")];
        RbacRule[] other = [Rule("get", "pods"), Rule("get", "services")];
        var scenario = Opened(
            Asking(new ApprovalRequirement(["payments-leads"], 2)),
            Terms with
            {
                Scope = Terms.Scope with { Role = null, Rules = oneWay },
            },
            [In("payments", oneWay)]
        );
        scenario.Approve(Bob);
        var seen = scenario.State.ScopeHash;
        scenario.Then(scenario.Approval(Beth, new(null, null, other)), ReviewedBy(Beth, hash: seen), ApprovedAt(Noon));
        Assert.Equal(seen, scenario.Approve(Beth, new(null, null, other)).State.ScopeHash);
    }

    private static AccessRequestEvent.Narrowed Narrowed(Scenario scenario, ScopeNarrowing narrowing) =>
        Assert.IsType<AccessRequestEvent.Narrowed>(
            Assert.IsType<Decision.Accepted>(scenario.When(scenario.Approval(Bob, narrowing))).Events[0]
        );

    [Theory]
    [InlineData(false, "The namespaces may only be some of orders, payments.")]
    [InlineData(true, "The namespaces may only be some of none: the request is cluster-wide.")]
    public void A_refused_narrowing_names_the_namespaces_that_are_possible(bool clusterWide, string expected) =>
        Assert.Equal(
            expected,
            (OnlyPayments with { Namespaces = ["billing"] }).Apply(clusterWide ? Wide : TwoPlaces).Widens
        );

    private static void Widens(ScopeNarrowing narrowing, RequestTerms terms)
    {
        var (narrower, why) = narrowing.Apply(terms);
        Assert.Null(narrower);
        Assert.NotNull(why);
    }
}
