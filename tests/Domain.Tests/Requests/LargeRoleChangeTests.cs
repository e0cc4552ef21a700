using JitFunctions.Domain.Policies;
using JitFunctions.Domain.Requests;
using JitFunctions.Domain.Rights;
using JitFunctions.Domain.Scopes;
using JitFunctions.Domain.Tests.Samples;
using static JitFunctions.Domain.Requests.AccessRequestCommand;
using static JitFunctions.Domain.Requests.AccessRequestEvent;
using static JitFunctions.Domain.Tests.Samples.Scenario;

namespace JitFunctions.Domain.Tests.Requests;

/// <summary>A role that gets thousands of words. <c>./dev mutate</c> leaves this test out: it takes seconds.</summary>
public sealed class LargeRoleChangeTests
{
    private static readonly NamespacedRules Dangerous = new(["payments"], [new RbacRule([""], ["secrets"], ["get"])]);

    [Fact]
    public void A_role_of_which_nobody_can_tell_what_it_came_to_allow_ends_the_grant_and_the_events_are_short()
    {
        var padded = new NamespacedRules(
            ["payments"],
            [
                new RbacRule(
                    [""],
                    ["configmaps"],
                    ["list"],
                    [.. Enumerable.Range(0, 140_000).Select(i => $"{i:0000000000}")]
                ),
            ]
        );
        var events = Assert.IsType<Decision.Accepted>(In(RequestStatus.Active).When(Compare(padded))).Events;

        Assert.Equal("what was added is 1400014 characters long", Assert.IsType<RoleGrown>(events[0]).Untold);
        Assert.Equal(
            "ClusterRole/edit was changed, and what it came to allow cannot be told: what was added is 1400014 "
                + "characters long.",
            Assert.IsType<EndingStarted>(events[1]).Comment
        );
        Assert.Each(
            events,
            e => Assert.InRange(System.Text.Json.JsonSerializer.Serialize(e, e.GetType()).Length, 1, 10_000)
        );
        Active(Policy with { RoleGrowth = RoleGrowthResponse.Report })
            .Do(Compare(padded))
            .ThenNothing(Compare(padded, Dangerous));
    }

    private static CompareRights Compare(params NamespacedRules[] more) => new([.. RoleRights, .. more], Noon);

    private static Scenario Active(PolicySnapshot policy) => Opened(policy).Approve(Bob).Begin().Confirm();
}
