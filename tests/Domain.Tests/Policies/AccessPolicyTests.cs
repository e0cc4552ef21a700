using JitFunctions.Domain.Policies;
using JitFunctions.Domain.Rights;
using JitFunctions.Domain.Scopes;
using static JitFunctions.Domain.Tests.Rights.Rules;
using static JitFunctions.Domain.Tests.Samples.PolicySamples;
using static JitFunctions.Domain.Tests.Samples.Scenario;

namespace JitFunctions.Domain.Tests.Policies;

public sealed class AccessPolicyTests
{
    private static readonly AccessHours Mornings = new("UTC", [new([Noon.DayOfWeek], new(8, 0), new(12, 0))]);
    private static readonly AccessHours Today = new("UTC", [new([Noon.DayOfWeek], new(8, 0), new(18, 0))]);
    private static readonly AccessPolicy Scheduling = Payments with
    {
        Times = Times with { ScheduleAhead = TimeSpan.FromDays(1) },
    };
    private static readonly AccessPolicy BreakingGlass = Payments with
    {
        BreakGlass = new(TimeSpan.FromMinutes(20), TimeSpan.FromDays(1)),
    };

    [Fact]
    public void A_duration_is_at_most_what_the_policy_says_and_its_default_where_none_is_given()
    {
        Assert.Empty(Excess(Payments, Draft with { Duration = TimeSpan.FromHours(1) }));
        Assert.Equal(
            ["maxDuration"],
            Excess(Payments, Draft with { Duration = TimeSpan.FromHours(1) + TimeSpan.FromTicks(1) })
        );
        Assert.Empty(Excess(Payments, Draft with { Duration = null }));
        Assert.Equal(TimeSpan.FromMinutes(30), Payments.Complete(Draft with { Duration = null }).Duration);
    }

    [Fact]
    public void What_is_certainly_not_covered_hides_what_cannot_be_determined() =>
        Assert.Equal(
            ["clusters"],
            Payments
                .Mismatches(Draft with { Scope = Draft.Scope with { Cluster = "prod" } }, ClusterFacts.None, Noon)
                .Select(mismatch => mismatch.Field)
        );

    [Fact]
    public void Those_who_approve_dangerous_rights_are_among_the_reviewers_of_a_policy()
    {
        Assert.Equal([OneLead], Payments.AllRequirements);
        Assert.Equal([OneLead, OneOfSecurity], (Payments with { Dangers = new([], [OneOfSecurity]) }).AllRequirements);
    }

    [Fact]
    public void A_start_is_at_most_so_far_ahead()
    {
        Assert.Equal(["scheduledStart"], Excess(Payments, Draft with { Start = Noon.AddHours(1) }));
        Assert.Empty(Excess(Scheduling, Draft with { Start = Noon.AddDays(1) }));
        Assert.Equal(["scheduledStart"], Excess(Scheduling, Draft with { Start = Noon.AddDays(1).AddTicks(1) }));
        Assert.Empty(Excess(Scheduling, Draft with { Start = Noon.AddHours(-1) }));
        Assert.Empty(Excess(Scheduling, Draft with { Start = DateTimeOffset.MinValue }));
    }

    [Fact]
    public void A_start_in_the_last_year_there_is_breaks_nothing()
    {
        var scheduling = Scheduling with { Times = Scheduling.Times with { Hours = Today } };
        Assert.Equal(["scheduledStart"], Excess(scheduling, Draft with { Start = DateTimeOffset.MaxValue }));
    }

    [Fact]
    public void Hours_are_those_of_the_start()
    {
        var mornings = Scheduling with { Times = Scheduling.Times with { Hours = Mornings } };
        Assert.Equal(["hours"], Excess(mornings, Draft));
        Assert.Empty(mornings.Mismatches(Draft, Harmless, Noon.AddHours(-1)));
        Assert.Equal(
            ["hours"],
            mornings
                .Mismatches(Draft with { Start = Noon.AddHours(2) }, Harmless, Noon.AddHours(-1))
                .Select(excess => excess.Field)
        );
        Assert.Empty(mornings.Mismatches(Draft with { Start = Noon.AddHours(-2) }, Harmless, Noon.AddHours(-5)));
    }

    [Fact]
    public void Hours_that_are_over_are_not_those_of_a_start_that_has_passed()
    {
        var mornings = Scheduling with { Times = Scheduling.Times with { Hours = Mornings } };
        Assert.Equal(["hours"], Excess(mornings, Draft with { Start = Noon.AddHours(-2) }));
    }

    [Fact]
    public void A_reason_and_a_ticket_have_to_look_as_the_policy_says()
    {
        var strict = Payments with { Reason = new(".{10,}"), Ticket = new("INC-[0-9]+") };
        Assert.Equal(["reason", "ticket"], Excess(strict, Draft));
        Assert.Equal(["ticket"], Excess(strict, Draft with { Reason = "the consumer is stuck", Ticket = "see INC-1" }));
        Assert.Empty(Excess(strict, Draft with { Reason = "the consumer is stuck", Ticket = "INC-1" }));
    }

    [Fact]
    public void Break_glass_is_only_where_the_policy_has_it_and_short_and_narrow_and_now()
    {
        var glass = Draft with { BreakGlass = true, Duration = TimeSpan.FromMinutes(20) };
        Assert.Equal(["breakGlass"], Excess(Payments, glass));
        Assert.Empty(Excess(BreakingGlass, glass));
        Assert.Equal(["breakGlass"], Excess(BreakingGlass, glass with { Duration = TimeSpan.FromMinutes(21) }));

        var wide = BreakingGlass with { Limits = Limits with { ClusterWide = true }, Times = Scheduling.Times };
        Assert.Equal(
            ["breakGlass"],
            Excess(wide, glass with { Scope = glass.Scope with { Namespaces = [], ClusterWide = true } })
        );
        Assert.Equal(["breakGlass"], Excess(wide, glass with { Start = Noon.AddMinutes(1) }));
        Assert.Equal(["breakGlass"], Excess(wide, glass with { Start = Noon.AddMinutes(-1) }));
    }

    [Fact]
    public void Break_glass_without_a_duration_is_short()
    {
        Assert.Equal(
            TimeSpan.FromMinutes(20),
            BreakingGlass.Complete(Draft with { BreakGlass = true, Duration = null }).Duration
        );
        Assert.Equal(TimeSpan.FromMinutes(30), BreakingGlass.Complete(Draft with { Duration = null }).Duration);
    }

    [Fact]
    public void Break_glass_that_nobody_would_have_to_review_is_none()
    {
        var nobody = BreakingGlass with { Approval = new([], AutomaticCondition.Always) };
        Assert.Equal(
            ["breakGlass"],
            Excess(nobody, Draft with { BreakGlass = true, Duration = TimeSpan.FromMinutes(5) })
        );
    }

    [Fact]
    public void Break_glass_is_never_automatic_and_owes_its_review_by_a_deadline()
    {
        var either = BreakingGlass with { Approval = new([OneLead], AutomaticCondition.Always) };
        var glass = Snapshot(either, Draft with { BreakGlass = true });
        Assert.False(glass.Automatic);
        Assert.Equal(TimeSpan.FromDays(1), glass.ReviewWithin);
        Assert.Null(Snapshot(either, Draft).ReviewWithin);
    }

    [Fact]
    public void Break_glass_is_limited_by_dangerous_rights_too()
    {
        var strict = BreakingGlass with { Dangers = DangerRule.Refuse };
        Assert.Contains(
            "dangerousRights",
            strict
                .Mismatches(
                    Draft with
                    {
                        BreakGlass = true,
                        Duration = TimeSpan.FromMinutes(5),
                    },
                    Allowing(Rule("get", "secrets")),
                    Noon
                )
                .Select(excess => excess.Field)
        );
    }

    [Fact]
    public void An_automatic_approval_needs_every_one_of_its_conditions()
    {
        var ticket = Draft with { Ticket = "INC-1", Duration = TimeSpan.FromMinutes(10) };
        var condition = new AutomaticCondition(TimeSpan.FromMinutes(10), new("INC-[0-9]+"), Today, HarmlessOnly: true);
        Assert.True(IsAutomatic(condition, ticket, Noon));
        Assert.False(IsAutomatic(condition, ticket with { Duration = TimeSpan.FromMinutes(11) }, Noon));
        Assert.False(IsAutomatic(condition, ticket with { Duration = null }, Noon));
        Assert.False(IsAutomatic(condition, ticket with { Ticket = null }, Noon));
        Assert.False(IsAutomatic(condition, ticket with { Ticket = "INC-1 too" }, Noon));
        Assert.False(IsAutomatic(condition, ticket, Noon.AddHours(6)));
        Assert.False(IsAutomatic(condition, ticket, Noon, Rule("get", "secrets")));
    }

    [Fact]
    public void Dangerous_rights_that_the_policy_does_not_speak_of_are_never_approved_with_nobody_to_see_them()
    {
        var secrets = Rule("get", "secrets");
        Assert.False(IsAutomatic(AutomaticCondition.Always, Draft, Noon, secrets));

        var unseen = Payments with { Approval = new([], AutomaticCondition.Always) };
        Assert.Empty(unseen.Mismatches(Draft, Harmless, Noon));
        Assert.Equal("dangerousRights", Assert.Single(unseen.Mismatches(Draft, Allowing(secrets), Noon)).Field);
        Assert.Empty((Payments with { Dangers = null }).Mismatches(Draft, Allowing(secrets), Noon));

        var spoken = unseen with { Dangers = new(["read-secrets"], []) };
        Assert.Empty(spoken.Mismatches(Draft, Allowing(secrets), Noon));
        Assert.True(
            spoken
                .Snapshot("sha256:1", spoken.Complete(Draft), DangerousRights.In(Allowing(secrets).Rights!), Noon)
                .Automatic
        );
    }

    [Fact]
    public void An_automatic_approval_whose_hours_nobody_can_tell_is_none() =>
        Assert.False(
            IsAutomatic(
                AutomaticCondition.Always with
                {
                    Hours = Today with { TimeZone = "Europe/Atlantis" },
                },
                Draft,
                Noon
            )
        );

    [Fact]
    public void What_is_not_automatic_asks_the_people_of_the_policy()
    {
        var policy = Payments with
        {
            Approval = new([OneLead, OneOfSecurity], new(TimeSpan.FromMinutes(10), null, null, HarmlessOnly: false)),
        };
        var snapshot = Snapshot(policy, Draft);
        Assert.False(snapshot.Automatic);
        Assert.Equal(["payments-leads", "security"], snapshot.ApproverGroups);
        Assert.Equal(2, snapshot.RequiredApprovals);
    }

    [Fact]
    public void How_the_rights_are_given_goes_with_the_request_where_it_is_not_the_usual_way()
    {
        Assert.Equal(
            Enforcement.Ephemeral,
            Snapshot(Payments with { Enforcement = Enforcement.Ephemeral }, Draft).Enforcement
        );
        Assert.Null(Snapshot(Payments, Draft).Enforcement);
        Assert.Equal(
            RoleGrowthResponse.Report,
            Snapshot(Payments with { RoleGrowth = RoleGrowthResponse.Report }, Draft).RoleGrowth
        );
        Assert.Null(Snapshot(Payments, Draft).RoleGrowth);
    }

    [Fact]
    public void A_policy_under_which_nobody_approves_approves_nothing()
    {
        var nobody = Snapshot(Payments with { Approval = new([], null) }, Draft);
        var scenario = Opened(nobody);
        Assert.Equal(RequestStatus.Pending, scenario.State.Status);
        scenario.ThenRefused(scenario.Approval(Bob), "not-an-approver");
    }

    private static IEnumerable<string> Excess(AccessPolicy policy, RequestDraft draft) =>
        policy.Mismatches(draft, Harmless, Noon).Select(excess => excess.Field);

    private static PolicySnapshot Snapshot(AccessPolicy policy, RequestDraft draft) =>
        policy.Snapshot("sha256:1", policy.Complete(draft), [], Noon);

    private static bool IsAutomatic(
        AutomaticCondition condition,
        RequestDraft draft,
        DateTimeOffset now,
        params RbacRule[] rules
    )
    {
        var policy = Payments with { Approval = new([OneLead], condition) };
        return policy
            .Snapshot("sha256:1", policy.Complete(draft), DangerousRights.In([In("payments", rules)]), now)
            .Automatic;
    }
}
