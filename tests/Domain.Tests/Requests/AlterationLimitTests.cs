using JitFunctions.Domain.Grants;
using JitFunctions.Domain.Requests;
using JitFunctions.Domain.Rights;
using JitFunctions.Domain.Scopes;
using JitFunctions.Domain.Tests.Samples;
using static JitFunctions.Domain.Requests.AccessRequestCommand;
using static JitFunctions.Domain.Requests.AccessRequestEvent;
using static JitFunctions.Domain.Tests.Samples.Scenario;

namespace JitFunctions.Domain.Tests.Requests;

/// <summary>A grant whose objects or role somebody changes without end.</summary>
public sealed class AlterationLimitTests
{
    private static readonly NamespacedRules Harmless = new(
        ["payments"],
        [new RbacRule([""], ["configmaps"], ["list"])]
    );

    [Fact]
    public void Changes_of_grant_objects_are_recorded_up_to_a_limit_and_the_next_one_ends_the_grant()
    {
        var scenario = In(RequestStatus.Active);
        for (var i = 0; i < AlterationLimit.Most; i++)
            scenario = Once(scenario, Edited($"edit {i}"));

        var (last, ending) = Both(scenario.When(Edited("one more")));
        Assert.Equal("one more", Assert.IsType<DriftFound>(last).Drift.Detail);
        Assert.Equal(EndingCause.Tampered, ending.Cause);
        Assert.Contains("300 times", ending.Comment, StringComparison.Ordinal);
        Assert.Equal(RequestStatus.Ending, scenario.Do(Edited("one more")).State.Status);
        // What is found on the way to the end is recorded, and begins no second end.
        scenario.Then(Edited("while it ends"), typeof(DriftFound));
    }

    [Fact]
    public void Changes_of_the_role_count_as_those_of_objects_do()
    {
        var scenario = In(RequestStatus.Active);
        for (var i = 0; i < AlterationLimit.Most / 2; i++)
        {
            scenario = Once(scenario, new CompareRights([.. RoleRights, Harmless], Noon));
            scenario = Once(scenario, new CompareRights(RoleRights, Noon));
        }

        var (last, ending) = Both(scenario.When(new CompareRights([.. RoleRights, Harmless], Noon)));
        Assert.IsType<RoleGrown>(last);
        Assert.Equal(EndingCause.Tampered, ending.Cause);
    }

    private static ReportDrift Edited(string detail) =>
        new(
            new(
                DriftKind.Edited,
                "payments",
                "jit-3f9k2m7xq0ab",
                detail,
                DriftRemedy.Restored,
                GrantObjectKind.RoleBinding
            ),
            Noon
        );

    private static Scenario Once(Scenario scenario, AccessRequestCommand command)
    {
        Assert.Single(Assert.IsType<Decision.Accepted>(scenario.When(command)).Events);
        return scenario.Do(command);
    }

    private static (AccessRequestEvent Last, EndingStarted Ending) Both(Decision decision)
    {
        var events = Assert.IsType<Decision.Accepted>(decision).Events;
        Assert.Equal(2, events.Count);
        return (events[0], Assert.IsType<EndingStarted>(events[1]));
    }
}
