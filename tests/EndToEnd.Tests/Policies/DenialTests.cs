using System.Text.Json.Nodes;
using JitFunctions.LocalStack;

namespace JitFunctions.EndToEnd.Tests.Policies;

/// <summary>What is refused whatever any policy allows.</summary>
public sealed class DenialTests(PlatformFixture fixture)
{
    [Fact]
    public async Task A_denial_wins_over_a_policy_that_approves_by_itself_and_says_why_and_where()
    {
        var team = Team.WithoutNamespace(fixture.Platform);
        var closed = team.NamespaceOf("closed");

        foreach (
            var terms in new[]
            {
                Admin(team, closed),
                Admin(team, team.NamespaceOf("team"), closed),
                Admin(team, closed).With("namespaces", null).With("clusterWide", true),
            }
        )
        {
            var refused = (await team.As(team.Alice).PostAsync("/api/requests", terms)).ExpectProblem(
                403,
                "denied-by-policy"
            );
            Assert.Contains(
                "Nobody changes this before the migration is over.",
                refused.Json.At("detail"),
                StringComparison.Ordinal
            );
            Assert.Matches(@"\(closed-for-the-migration \[places\.yaml:\d+\]\)", refused.Json.At("detail"));
        }

        await team.NothingIsWrittenAsync();
    }

    [Fact]
    public async Task What_the_denial_does_not_name_goes_on()
    {
        var team = await Team.SetAsync(fixture.Platform, "closed");
        var id = await team.AskAsync(team.Terms(role: "ClusterRole/view", namespaces: team.NamespaceOf("closed")));
        await team.As(team.Alice).WaitForAsync(id, "active");
    }

    [Fact]
    public async Task A_kind_of_rights_is_denied_by_what_the_role_allows_and_not_by_its_name()
    {
        var team = await Team.SetAsync(fixture.Platform, "sealed");
        var ns = team.NamespaceOf("sealed");

        var refused = (await team.As(team.Alice).PostAsync("/api/requests", team.Terms(namespaces: ns))).ExpectProblem(
            403,
            "denied-by-policy"
        );
        Assert.Contains("Secrets are read by machines only.", refused.Json.At("detail"), StringComparison.Ordinal);
        await team.NothingIsWrittenAsync();
        await team.As(team.Alice)
            .WaitForAsync(await team.AskAsync(team.Terms(role: "ClusterRole/view", namespaces: ns)), "active");
    }

    [Fact]
    public async Task Who_is_excepted_stays_so_however_many_groups_say_otherwise()
    {
        var team = Team.WithoutNamespace(fixture.Platform);
        var terms = team.Terms(role: "ClusterRole/view", namespaces: team.NamespaceOf("grown"));
        foreach (
            var person in new[]
            {
                team.New("intern", "payments-devs", "interns"),
                new Person("rita.ops", "Rita.Ops@example.com", "payments-devs"),
            }
        )
            (await team.As(person).PostAsync("/api/requests", terms)).ExpectProblem(403, "not-covered");
    }

    private static JsonObject Admin(Team team, params string[] namespaces) =>
        team.Terms(role: "ClusterRole/admin", namespaces: namespaces);
}
