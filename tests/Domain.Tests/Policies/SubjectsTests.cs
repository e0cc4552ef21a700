using JitFunctions.Domain.Identity;
using JitFunctions.Domain.Policies;
using static JitFunctions.Domain.Tests.Samples.PolicySamples;
using static JitFunctions.Domain.Tests.Samples.Scenario;

namespace JitFunctions.Domain.Tests.Policies;

public sealed class SubjectsTests
{
    private static readonly Caller Second = new(new("issuer#alice-2", "alice-adm@example.com"), ["payments-devs"])
    {
        OtherAccounts = ["alice@example.com"],
    };

    [Fact]
    public void Groups_and_users_include()
    {
        Assert.True(For("payments-devs").Include(Alice));
        Assert.True(User("alice@example.com").Include(Alice));
        Assert.False(For("payments-devs").Include(Bob));
        Assert.False(User("bob@example.com").Include(Alice));
        Assert.False(new Subjects([], [], [], []).Include(Alice));
        Assert.True(Subjects.Everyone.Include(Mallory));
    }

    [Fact]
    public void An_exception_wins_over_whatever_includes()
    {
        var subjects = new Subjects(["payments-devs", "contractors"], ["alice@example.com"], [], []);
        Assert.True(subjects.Include(Alice));
        Assert.False((subjects with { ExceptGroups = ["payments-devs"] }).Include(Alice));
        Assert.False((subjects with { ExceptUsers = ["alice@example.com"] }).Include(Alice));
        Assert.False((Subjects.Everyone with { ExceptUsers = ["alice@example.com"] }).Include(Alice));
    }

    [Theory]
    [InlineData("alice@example.com")]
    [InlineData("ALICE@example.com")]
    [InlineData("Alice-Adm@example.com")]
    public void An_exception_from_what_allows_meets_every_account_of_a_human(string excepted) =>
        Assert.False((For("payments-devs") with { ExceptUsers = [excepted] }).Include(Second));

    [Fact]
    public void What_allows_one_account_does_not_allow_another_of_the_same_human()
    {
        Assert.False(User("alice@example.com").Include(Second));
        Assert.False(User("ALICE-ADM@example.com").Include(Second));
    }

    [Theory]
    [InlineData("alice@example.com")]
    [InlineData("ALICE@example.com")]
    [InlineData("alice-adm@example.com")]
    public void What_denies_a_user_denies_every_account_of_that_human(string denied) =>
        Assert.True(User(denied).IncludeAnyAccountOf(Second));

    [Fact]
    public void Who_is_excepted_from_what_denies_is_so_with_that_account_only()
    {
        var everyone = Subjects.Everyone with { ExceptUsers = ["alice@example.com"] };
        Assert.False(everyone.IncludeAnyAccountOf(Alice));
        Assert.True(everyone.IncludeAnyAccountOf(Second));
        Assert.False((Subjects.Everyone with { ExceptGroups = ["payments-devs"] }).IncludeAnyAccountOf(Second));
        Assert.False(For("payments-leads").IncludeAnyAccountOf(Second));
    }

    private static Subjects User(string name) => new([], [name], [], []);
}
