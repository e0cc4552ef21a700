using JitFunctions.Domain.Grants;
using JitFunctions.Domain.Policies;
using JitFunctions.Domain.Requests;
using JitFunctions.Domain.Rights;
using JitFunctions.Domain.Scopes;
using JitFunctions.Domain.Tests.Samples;
using static JitFunctions.Domain.Requests.AccessRequestCommand;
using static JitFunctions.Domain.Requests.AccessRequestEvent;
using static JitFunctions.Domain.Tests.Samples.ExpectedEvents;
using static JitFunctions.Domain.Tests.Samples.Scenario;

namespace JitFunctions.Domain.Tests.Requests;

/// <summary>
/// What it leads to when the role of an active grant comes to allow something else than was approved.
/// </summary>
public sealed class RoleChangeTests
{
    private static readonly NamespacedRules Harmless = new(
        ["payments"],
        [new RbacRule([""], ["configmaps"], ["list"])]
    );
    private static readonly NamespacedRules Dangerous = new(["payments"], [new RbacRule([""], ["secrets"], ["get"])]);
    private static readonly NamespacedRules Both = new(["payments"], [Harmless.Rules[0], Dangerous.Rules[0]]);

    private static readonly RoleGrown HarmlessGrowth = new([Harmless], [], [Harmless], Noon);
    private static readonly RoleGrown DangerousGrowth = new(
        [Dangerous],
        [
            new(
                "read-secrets",
                DangerReach.Namespace,
                "can read secrets in payments, tokens of service accounts among them: it may get secrets"
            ),
        ],
        [Dangerous],
        Noon
    );
    private static readonly EndingStarted Ending = EndingBySystem(
        EndingCause.RoleGrown,
        "ClusterRole/edit came to allow what nobody approved: can read secrets in payments, tokens of service accounts "
            + "among them: it may get secrets.",
        Noon
    );

    [Fact]
    public void A_dangerous_right_that_nobody_approved_ends_the_grant()
    {
        var scenario = In(RequestStatus.Active);
        scenario.Then(Compare(Dangerous), DangerousGrowth, Ending);
        Assert.Equal(RequestStatus.Ending, scenario.Do(Compare(Dangerous)).State.Status);
        scenario.Then(new ConfirmRevocation(DeniedProof, Noon), new Ended(EndingCause.RoleGrown, DeniedProof, Noon));
    }

    [Fact]
    public void A_role_of_which_nobody_can_tell_what_it_came_to_allow_ends_the_grant()
    {
        var unseen = new NamespacedRules(["payments"], [new RbacRule([""], ["secrets"], ["get"], ["a\u202Eb"])]);
        NamespacedRules all = new(["payments"], [new RbacRule(["*"], ["*"], ["*"])]);
        var events = Assert.IsType<Decision.Accepted>(In(RequestStatus.Active).When(Compare(unseen))).Events;

        var grown = Assert.IsType<RoleGrown>(events[0]);
        EventAssert.Equal(
            [
                new RoleGrown([all], grown.Dangers, [all], Noon, "it holds characters that cannot be seen"),
                EndingBySystem(
                    EndingCause.RoleGrown,
                    "ClusterRole/edit was changed, and what it came to allow cannot be told: it holds characters that "
                        + "cannot be seen.",
                    Noon
                ),
            ],
            events
        );
        Assert.Contains("full-control", grown.Dangers.Select(danger => danger.Kind));
    }

    [Fact]
    public void A_comparison_that_was_made_before_is_used_only_for_the_same_rights()
    {
        var scenario = In(RequestStatus.Active);
        var foreseen = CompareRights.Foreseen(scenario.State, [.. RoleRights, Harmless], Noon);
        scenario.Then(foreseen, HarmlessGrowth);
        scenario.Do(foreseen).ThenNothing(foreseen);
    }

    [Fact]
    public void Where_the_policy_says_report_it_is_recorded_and_goes_on() =>
        Active(Policy with { RoleGrowth = RoleGrowthResponse.Report }).Then(Compare(Dangerous), DangerousGrowth);

    [Fact]
    public void What_is_harmless_is_recorded_and_ends_nothing() =>
        In(RequestStatus.Active).Then(Compare(Harmless), HarmlessGrowth);

    [Fact]
    public void The_same_growth_is_recorded_once()
    {
        var scenario = In(RequestStatus.Active).Do(Compare(Harmless));
        scenario.ThenNothing(Compare(Harmless));
        scenario.Then(Compare(Harmless, Dangerous), DangerousGrowth with { Unapproved = [Both] }, Ending);
    }

    [Fact]
    public void A_role_that_shrinks_again_is_recorded_and_later_growth_is_new()
    {
        var scenario = In(RequestStatus.Active).Do(Compare(Harmless));
        scenario.Then(Compare(), new RoleShrunk([Harmless], [], Noon));
        Assert.Empty(scenario.Do(Compare()).State.Unapproved);
        scenario.ThenNothing(Compare());
        scenario.Then(Compare(Harmless), HarmlessGrowth);
    }

    [Fact]
    public void Less_than_was_approved_is_nothing() =>
        In(RequestStatus.Active).ThenNothing(new CompareRights([new(["payments"], [])], Noon));

    [Fact]
    public void What_an_approver_took_away_was_not_approved()
    {
        var rights = new NamespacedRules[] { new(["payments", "orders"], RoleRights[0].Rules) };
        var both = Terms with { Scope = Terms.Scope with { Namespaces = ["payments", "orders"] } };
        var scenario = Opened(Policy, both, rights);
        scenario.Approve(Bob, new ScopeNarrowing(null, ["payments"], null)).Begin().Confirm();

        scenario.ThenNothing(new CompareRights([new(["payments"], RoleRights[0].Rules)], Noon));
        var orders = new NamespacedRules(["orders"], RoleRights[0].Rules);
        scenario.Then(new CompareRights(rights, Noon), new RoleGrown([orders], [], [orders], Noon));
    }

    [Fact]
    public void Of_a_request_from_before_rights_were_recorded_nothing_can_be_told() =>
        Opened(Policy with { Automatic = true, ApproverGroups = [], Requirements = [] }, rights: [])
            .Begin()
            .Confirm()
            .ThenNothing(Compare(Dangerous));

    [Fact]
    public void Rules_of_a_requests_own_grow_with_no_role()
    {
        var own = Terms with { Scope = Terms.Scope with { Role = null, Rules = RoleRights[0].Rules } };
        Opened(Policy, own).Approve(Bob).Begin().Confirm().ThenNothing(Compare(Dangerous));
    }

    [Theory]
    [InlineData(RequestStatus.Approved)]
    [InlineData(RequestStatus.Activating)]
    [InlineData(RequestStatus.Ending)]
    [InlineData(RequestStatus.Ended)]
    public void Only_active_grants_are_compared(RequestStatus status) => In(status).ThenNothing(Compare(Dangerous));

    private static CompareRights Compare(params NamespacedRules[] more) => new([.. RoleRights, .. more], Noon);

    private static Scenario Active(PolicySnapshot policy) => Opened(policy).Approve(Bob).Begin().Confirm();
}
