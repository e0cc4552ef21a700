using System.Reflection;
using JitFunctions.Domain.Grants;
using JitFunctions.Domain.Identity;
using JitFunctions.Domain.Policies;
using JitFunctions.Domain.Requests;
using JitFunctions.Domain.Scopes;
using static JitFunctions.Domain.Requests.AccessRequestCommand;
using static JitFunctions.Domain.Requests.AccessRequestEvent;
using static JitFunctions.Domain.Tests.Rights.Rules;
using static JitFunctions.Domain.Tests.Samples.ExpectedEvents;
using static JitFunctions.Domain.Tests.Samples.PolicySamples;
using static JitFunctions.Domain.Tests.Samples.Scenario;

namespace JitFunctions.Domain.Tests.Requests;

/// <summary>
/// Mistakes that were found in other products for the same purpose, as far as they can be made before a cluster is
/// involved.
/// </summary>
public sealed class PeerMistakesTests
{
    /// <summary>There, the time of a grant starts anew whenever somebody opens a session within it.</summary>
    [Fact]
    public void Mistake_1_a_late_opening_never_outlives_the_grant()
    {
        var scenario = In(RequestStatus.Activating)
            .Do(new ConfirmActivation(Noon.AddMinutes(30), [Binding], Noon.AddMinutes(5)));
        Assert.Equal(Noon.AddMinutes(30), scenario.State.ExpiresAt);

        scenario.ThenNothing(new ConfirmActivation(Noon.AddMinutes(59), [Binding], Noon.AddMinutes(29)));
        scenario.ThenNothing(new DecideActivation(new Eligibility.Go(Seen), Noon.AddMinutes(29)));
        scenario.Then(new Expire(Noon.AddMinutes(30)), EndingBySystem(EndingCause.Expired, null, Noon.AddMinutes(30)));
    }

    /// <summary>
    /// There, a click counts for every group of whoever clicks, and the numbers have to be equal, not enough.
    /// </summary>
    [Fact]
    public void Mistake_2_one_person_never_counts_for_two_groups()
    {
        var everywhere = Beth with { Groups = ["payments-leads", "security", "ops"] };
        var both = Opened(Asking(OneLead, OneOfSecurity)).Approve(everywhere);
        Assert.Equal(RequestStatus.Pending, both.State.Status);
        both.ThenNothing(both.Approval(everywhere));

        var three = Opened(Asking(new ApprovalRequirement(["payments-leads", "security", "ops"], 2)))
            .Approve(everywhere);
        Assert.Equal(RequestStatus.Pending, three.State.Status);
        Assert.Equal(RequestStatus.Approved, three.Approve(Bob).State.Status);
    }

    /// <summary>
    /// There, the cluster knows one identity for all. That the API server's audit names the human is shown end to end.
    /// </summary>
    [Fact]
    public void Mistake_3_the_cluster_is_told_the_human()
    {
        Assert.Equal(Enforcement.Identity, Payments.Enforcement);
        Assert.NotEqual(Seen, ScopeHash.Of(Bob.Principal, Terms, RoleRights, Policy));
        Assert.NotEqual(
            Seen,
            ScopeHash.Of(Alice.Principal with { Username = "shared@example.com" }, Terms, RoleRights, Policy)
        );
    }

    /// <summary>There, who approves, and what is granted, comes with the approval.</summary>
    [Fact]
    public void Mistake_4_an_approval_says_neither_who_approves_nor_what()
    {
        var scenario = Pending();
        scenario.ThenRefused(scenario.Approval(Alice with { Groups = ["payments-leads"] }), "self-review");
        foreach (
            var more in new ScopeNarrowing[]
            {
                new(TimeSpan.FromDays(1), null, null),
                new(null, ["payments", "billing"], null),
                new(null, [], null),
                new(null, null, [Rule("*", "*")]),
            }
        )
        {
            scenario.ThenRefused(scenario.Approval(Bob, more), "widens");
        }

        scenario.Approve(Bob);
        Assert.Equal(
            (Terms, Seen, Alice.Principal),
            (scenario.State.Terms, scenario.State.ScopeHash, scenario.State.Requester)
        );
        Assert.Equal(Bob.Principal, Assert.Single(scenario.State.Reviews).By);
    }

    /// <summary>
    /// There, a policy about some names covers a request without names, which is about all; and what has expired is
    /// deleted.
    /// </summary>
    [Fact]
    public void Mistake_5_no_names_mean_all_and_everything_is_kept()
    {
        var named = Payments with { Limits = Limits with { Rules = [Rule("delete", "pods", "core", "consumer-1")] } };
        foreach (var names in new string[]?[] { null, [], ["consumer-1", "producer"] })
        {
            var draft = Draft with
            {
                Scope = Draft.Scope with
                {
                    Role = null,
                    Rules = [Rule("delete", "pods") with { ResourceNames = names }],
                },
            };
            Assert.Equal(
                "not-covered",
                Set(named).Evaluate(Alice, draft, Allowing([.. draft.Scope.Rules!]), Noon).Refusal!.Code
            );
        }

        var ended = In(RequestStatus.Ended).State;
        Assert.Equal(
            (Alice.Principal, Terms, Seen, Noon.AddMinutes(30)),
            (ended.Requester, ended.Terms, ended.ScopeHash, ended.ExpiresAt)
        );
        Assert.Equal(Bob.Principal, Assert.Single(ended.Reviews).By);
    }

    /// <summary>
    /// There, self-approval is a switch that is on unless turned off, and nobody is sure what a policy without
    /// approvers means.
    /// </summary>
    [Fact]
    public void Mistake_6_there_is_no_switch_for_self_approval_and_without_approvers_nobody_approves()
    {
        var members = typeof(AccessPolicy)
            .Assembly.GetTypes()
            .Where(type => type.Namespace == typeof(AccessPolicy).Namespace)
            .SelectMany(type => type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
            .Select(property => property.Name);
        Assert.DoesNotContain(
            members,
            name =>
                name.Contains("Self", StringComparison.OrdinalIgnoreCase)
                || name.Contains("Own", StringComparison.Ordinal)
        );

        var scenario = Opened(Asking());
        Assert.Equal(RequestStatus.Pending, scenario.State.Status);
        foreach (var anybody in new Caller[] { Alice, Bob, Beth, Sam, Mallory })
            Assert.IsType<Decision.Rejected>(scenario.When(scenario.Approval(anybody)));
        scenario.ThenNothing(new DecideActivation(new Eligibility.Go(scenario.State.ScopeHash), Noon));
        scenario.Then(new Lapse(Noon.AddHours(4)), new Lapsed(Noon.AddHours(4)));
    }

    /// <summary>
    /// There, a webhook has to answer, and without it all is refused, or allowed. That bindings need none is shown end
    /// to end.
    /// </summary>
    [Fact]
    public void Mistake_7_what_does_not_answer_lets_nothing_through()
    {
        var scenario = In(RequestStatus.Ending);
        for (var i = 0; i < 100; i++)
            scenario.Do(new DelayRevocation("no route to the cluster", Noon.AddHours(i)));
        Assert.Equal(RequestStatus.Ending, scenario.State.Status);

        var refusal = Set(Payments).Evaluate(Alice, Draft, new(null, null, "no route to the cluster"), Noon).Refusal!;
        Assert.Equal("indeterminate", refusal.Code);
    }

    /// <summary>There, a start that has passed when the request is approved at last is an error.</summary>
    [Fact]
    public void Mistake_8_a_start_that_has_passed_activates_at_once()
    {
        var scenario = Opened(Policy, Terms with { Start = Noon.AddMinutes(10) });
        scenario
            .Do(scenario.Approval(Bob) with { Now = Noon.AddHours(3) })
            .Begin(Noon.AddHours(3))
            .Confirm(Noon.AddHours(3));
        Assert.Equal(
            (RequestStatus.Active, Noon.AddHours(3).AddMinutes(30)),
            (scenario.State.Status, scenario.State.ExpiresAt)
        );
    }
}
