using JitFunctions.Domain.Policies;
using JitFunctions.Domain.Requests;
using JitFunctions.Domain.Scopes;
using JitFunctions.Domain.Tests.Samples;

namespace JitFunctions.Domain.Tests.Requests;

public sealed class GoneRequesterTests
{
    private static readonly PolicySet Policies = new(
        "sha256:1",
        [],
        [],
        LinkedAccounts.None,
        [],
        [
            new(
                "payments",
                new([], [Scenario.Alice.Principal.Username], [], []),
                new(
                    [new("demo")],
                    [new("payments")],
                    new Dictionary<string, string>(),
                    ClusterWide: false,
                    [new(RoleKind.ClusterRole, "edit")],
                    []
                ),
                new(TimeSpan.FromMinutes(30), TimeSpan.FromHours(1), TimeSpan.FromHours(4), TimeSpan.Zero, null),
                new([new(["payments-leads"], 1)], null)
            ),
        ]
    );

    [Fact]
    public void Who_is_named_by_user_name_needs_no_group() => Assert.IsType<Eligibility.Go>(Check(gone: null));

    // No group is not enough to keep them out: this policy names them by their user name.
    [Fact]
    public void Who_is_gone_gets_nothing_even_where_a_policy_names_them()
    {
        var refuse = Assert.IsType<Eligibility.Refuse>(
            Check(gone: "The account of alice@example.com is disabled in the directory.")
        );
        Assert.Contains("disabled", refuse.Detail, StringComparison.Ordinal);
    }

    private static Eligibility Check(string? gone)
    {
        var request = Scenario.In(RequestStatus.Approved).State;
        var reviewers = new Dictionary<string, IReadOnlyList<string>?>
        {
            [Scenario.Bob.Principal.Subject] = Scenario.Bob.Groups,
        };
        var facts = new EligibilityFacts(
            Policies,
            [],
            reviewers,
            new ClusterFacts(null, Scenario.RoleRights, null),
            null
        )
        {
            RequesterGone = gone,
        };
        return EligibilityCheck.Decide(request, facts, Scenario.Noon);
    }
}
