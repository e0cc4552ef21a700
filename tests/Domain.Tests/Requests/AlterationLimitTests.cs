using JitFunctions.Domain.Grants;
using JitFunctions.Domain.Requests;
using JitFunctions.Domain.Rights;
using JitFunctions.Domain.Scopes;
using JitFunctions.Domain.Tests.Samples;
using static JitFunctions.Domain.Requests.AccessRequestCommand;
using static JitFunctions.Domain.Requests.AccessRequestEvent;
using static JitFunctions.Domain.Tests.Samples.ExpectedEvents;
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

        scenario.Then(Edited("one more"), Found("one more"), Tampered);
        Assert.Equal(RequestStatus.Ending, scenario.Do(Edited("one more")).State.Status);
        // What is found on the way to the end is recorded, and begins no second end.
        scenario.Then(Edited("while it ends"), Found("while it ends"));
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

        scenario.Then(
            new CompareRights([.. RoleRights, Harmless], Noon),
            new RoleGrown([Harmless], [], [Harmless], Noon),
            Tampered
        );
    }

    [Fact]
    public void A_change_that_ends_the_grant_for_another_reason_ends_it_once()
    {
        NamespacedRules dangerous = new(["payments"], [new RbacRule([""], ["secrets"], ["get"])]);
        var scenario = In(RequestStatus.Active);
        for (var i = 0; i < AlterationLimit.Most; i++)
            scenario = Once(scenario, Edited($"edit {i}"));

        var last = new CompareRights([.. RoleRights, dangerous], Noon);
        var events = Assert.IsType<Decision.Accepted>(scenario.When(last)).Events;
        Assert.IsType<RoleGrown>(events[0]);
        Assert.Equal(EndingCause.RoleGrown, Assert.Single(events.OfType<EndingStarted>()).Cause);
    }

    private static readonly EndingStarted Tampered = EndingBySystem(
        EndingCause.Tampered,
        "Its objects in the cluster, or its role, were changed more than 300 times.",
        Noon
    );

    private static ReportDrift Edited(string detail) => new(Edit(detail), Noon);

    private static DriftFound Found(string detail) => new(Edit(detail), Noon);

    private static Drift Edit(string detail) =>
        new(
            DriftKind.Edited,
            "payments",
            "jit-3f9k2m7xq0ab",
            detail,
            DriftRemedy.Restored,
            GrantObjectKind.RoleBinding
        );

    private static Scenario Once(Scenario scenario, AccessRequestCommand command)
    {
        Assert.Single(Assert.IsType<Decision.Accepted>(scenario.When(command)).Events);
        return scenario.Do(command);
    }
}
