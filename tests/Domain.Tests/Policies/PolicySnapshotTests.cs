using JitFunctions.Domain.Policies;
using static JitFunctions.Domain.Tests.Samples.Scenario;

namespace JitFunctions.Domain.Tests.Policies;

public sealed class PolicySnapshotTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly PolicySnapshot Until1230 = Policy with
    {
        Hours = new("UTC", [new([Noon.DayOfWeek], new(8, 0), new(12, 30))]),
    };

    [Fact]
    public void A_grant_ends_after_its_duration() => Assert.Equal(Noon + Hour, Policy.ExpiryOf(Hour, Noon));

    [Fact]
    public void A_grant_ends_with_the_hours_in_which_it_may_exist()
    {
        Assert.Equal(Noon.AddMinutes(30), Until1230.ExpiryOf(Hour, Noon));
        Assert.Equal(Noon.AddMinutes(20), Until1230.ExpiryOf(TimeSpan.FromMinutes(20), Noon));
    }

    [Fact]
    public void Outside_its_hours_a_grant_ends_at_once()
    {
        Assert.Equal(Noon.AddMinutes(30), Until1230.ExpiryOf(Hour, Noon.AddMinutes(30)));
        Assert.Equal(
            Noon,
            (Policy with { Hours = new("Europe/Atlantis", Until1230.Hours!.Windows) }).ExpiryOf(Hour, Noon)
        );
    }

    [Fact]
    public void An_old_snapshot_with_only_a_number_of_approvals_has_one_requirement()
    {
        var old = Policy with { Requirements = null, RequiredApprovals = 2 };
        var requirement = Assert.Single(old.ApprovalRequirements());
        Assert.Equal("2 of payments-leads", requirement.ToString());
        Assert.Empty((old with { Automatic = true }).ApprovalRequirements());
    }
}
