using JitFunctions.Domain.Identity;
using JitFunctions.Domain.Policies;
using JitFunctions.Functions.Platform.Directory;
using JitFunctions.Functions.Policies;

namespace JitFunctions.Functions.Tests.Policies;

/// <summary>Whom the directory is asked about for a decision, and what becomes of what it cannot tell.</summary>
public sealed class ReviewerLookupTests
{
    private static readonly Principal Bob = new("issuer#bob", "bob@example.com");
    private static readonly PolicySet Policies = new(
        "sha256:1",
        ["admins"],
        [],
        new([
            ["Bob@example.com", "Bob.Adm@example.com"],
        ]),
        [],
        []
    );

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_reviewer_is_asked_about_once_and_their_linked_accounts_too()
    {
        var directory = new Table(
            ("bob@example.com", Membership.Of(["leads"])),
            ("Bob.Adm@example.com", Membership.Of(["admins"]))
        );
        var facts = await new ReviewerLookup(directory).FindAsync(Policies, [Bob, Bob], Cancellation);
        Assert.Equal(["bob@example.com", "Bob.Adm@example.com"], directory.Asked);
        Assert.Equal(["leads"], facts.Groups[Bob.Subject]!);
        Assert.Equal(["admins"], facts.LinkedGroups["bob.adm@example.com"]!);
        Assert.Null(facts.Failure);
        Assert.True(facts.IsAdministrator(Policies.WithRoles(new(Bob, ["leads"]))));
    }

    [Fact]
    public async Task What_it_cannot_tell_stays_unknown_and_says_why()
    {
        var directory = new Table(
            ("bob@example.com", Membership.Of(["leads"])),
            ("Bob.Adm@example.com", Membership.Unknown("Never seen."))
        );
        var facts = await new ReviewerLookup(directory).FindAsync(Policies, [Bob], Cancellation);
        Assert.Equal((null, "Never seen."), (facts.LinkedGroups["bob.adm@example.com"], facts.Failure));
        Assert.Null(facts.IsAdministrator(Policies.WithRoles(new(Bob, ["leads"]))));
    }

    [Fact]
    public async Task Where_nobody_administers_linked_accounts_do_not_matter()
    {
        var directory = new Table(("bob@example.com", Membership.Of(["leads"])));
        var facts = await new ReviewerLookup(directory).FindAsync(
            Policies with
            {
                Administrators = [],
            },
            [Bob],
            Cancellation
        );
        Assert.False(facts.IsAdministrator(Policies.WithRoles(new(Bob, ["leads"]))));
    }

    [Fact]
    public async Task Groups_for_a_revocation_come_from_the_directory_or_else_from_the_token()
    {
        var caller = new Caller(Bob, ["leads", "admins"], IsAdministrator: true);
        Assert.Equal(["leads"], (await NarrowAsync(Membership.Of(["leads", "others"]))).Groups);
        Assert.False((await NarrowAsync(Membership.Of(["leads", "others"]))).IsAdministrator);
        Assert.True((await NarrowAsync(Membership.Of(["admins"]))).IsAdministrator);
        Assert.Empty((await NarrowAsync(Membership.None("Disabled."))).Groups);
        Assert.Same(caller, await NarrowAsync(Membership.Unknown("Away.")));
        Assert.Same(caller, await NarrowAsync(null)); // it hangs

        Task<Caller> NarrowAsync(Membership? membership) =>
            new ReviewerLookup(new Table(("bob@example.com", membership))).NarrowAsync(caller, Policies, Cancellation);
    }

    private sealed class Table(params (string Username, Membership? Is)[] rows) : IDirectory
    {
        public List<string> Asked { get; } = [];

        public Task<Membership> MembershipOfAsync(Principal person, CancellationToken cancellation) =>
            MembershipOfAccountAsync(person.Username, cancellation);

        public async Task<Membership> MembershipOfAccountAsync(string username, CancellationToken cancellation)
        {
            Asked.Add(username);
            var found = rows.Single(row => row.Username == username).Is;
            if (found is null)
                await Task.Delay(Timeout.Infinite, cancellation);
            return found!;
        }
    }
}
