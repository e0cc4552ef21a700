using JitFunctions.Domain.Policies;
using static JitFunctions.Domain.Tests.Samples.Scenario;

namespace JitFunctions.Domain.Tests.Policies;

public sealed class PolicyHistoryTests
{
    private static readonly PolicyEvent.Published First = Published("sha256:1");
    private static readonly PolicyEvent.Published Second = Published("sha256:2");
    private static readonly PolicyEvent.Rejected Broken = new("sha256:3", "git", "main", ["p.yaml:1:1: no"], Noon);

    [Fact]
    public void The_last_version_that_was_published_is_in_force() => Assert.Same(Second, After(First, Second).InForce);

    [Fact]
    public void A_version_that_is_not_valid_changes_nothing_of_what_is_in_force() =>
        Assert.Same(First, After(First, Broken).InForce);

    [Fact]
    public void Before_the_first_valid_version_nothing_is_in_force()
    {
        Assert.Null(After().InForce);
        Assert.Null(After(Broken).InForce);
    }

    [Fact]
    public void What_is_new_is_recorded()
    {
        Assert.Same(First, After().Decide(First));
        Assert.Same(Second, After(First).Decide(Second));
        Assert.Same(Broken, After(First).Decide(Broken));
        Assert.Same(First, After(First, Second).Decide(First));
    }

    [Fact]
    public void What_is_known_already_is_not_recorded_again()
    {
        Assert.Null(After(First).Decide(First));
        Assert.Null(After(First, Broken).Decide(Broken));
    }

    [Fact]
    public void That_a_broken_version_was_taken_back_is_recorded_and_so_is_its_return()
    {
        Assert.Same(First, After(First, Broken).Decide(First));
        Assert.Same(Broken, After(First, Broken, First).Decide(Broken));
        Assert.Same(Broken, After(First, Broken, Second).Decide(Broken));
    }

    private static PolicyHistory After(params PolicyEvent[] events) =>
        events.Aggregate(PolicyHistory.Empty, PolicyHistory.Evolve);

    private static PolicyEvent.Published Published(string version) => new(version, [], "git", "main", [], Noon);
}
