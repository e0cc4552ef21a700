using JitFunctions.LocalStack;

namespace JitFunctions.EndToEnd.Tests.Access;

/// <summary>
/// Who has already what they ask for is told so, and so is who decides about it; nothing is refused for it.
/// </summary>
public sealed class AlreadyHeldTests(PlatformFixture fixture)
{
    [Fact]
    public async Task A_grant_that_gives_it_is_named_to_requester_and_approver()
    {
        var team = await Team.SetAsync(fixture.Platform, "beside");
        var terms = team.Terms("20m", "ClusterRole/edit", team.NamespaceOf("beside"));
        var grant = await team.GrantAsync(terms);

        var again = await team.As(team.Alice).AskAsync(terms);

        Assert.Equal(
            (grant.Id(), grant.At("expiresAt"), null),
            (again.At("alreadyHeld.grant"), again.At("alreadyHeld.grantExpiresAt"), again.At("alreadyHeld.standing"))
        );
        Assert.Equal(grant.Id(), (await team.As(team.Bob).ReadAsync(again.Id())).At("alreadyHeld.grant"));
        Assert.Equal(grant.Id(), (await team.As(team.Auditor).EventsAsync(again.Id()))[0].At("data.alreadyHeld.grant"));
        Assert.Null(grant["alreadyHeld"]);
    }

    [Fact]
    public async Task A_binding_that_somebody_made_by_hand_is_named_in_the_clusters_words()
    {
        var team = await Team.SetAsync(fixture.Platform);
        await team.Cluster.CreateBindingAsync(team.Namespace, "team-edit", "edit", team.Alice.UserName);
        await team.Cluster.MayReadSoonAsync(team.Alice, team.Namespace);

        var asked = await team.As(team.Alice).AskAsync(team.Terms());

        Assert.Contains(
            $"RoleBinding \"team-edit/{team.Namespace}\" of ClusterRole \"edit\"",
            asked.At("alreadyHeld.standing"),
            StringComparison.Ordinal
        );
        Assert.Equal(("pending", null), (asked.At("status"), asked.At("alreadyHeld.grant")));
    }

    [Fact]
    public async Task Part_of_it_is_nothing_to_tell_of()
    {
        var team = await Team.SetAsync(fixture.Platform);
        await team.Cluster.CreateBindingAsync(team.Namespace, "team-view", "view", team.Alice.UserName);
        await team.Cluster.MayReadSoonAsync(team.Alice, team.Namespace);

        Assert.Null((await team.As(team.Alice).AskAsync(team.Terms()))["alreadyHeld"]);
    }

    [Fact]
    public async Task Nobody_elses_grant_counts()
    {
        var team = await Team.SetAsync(fixture.Platform, "beside");
        var terms = team.Terms("20m", "ClusterRole/edit", team.NamespaceOf("beside"));
        await team.GrantAsync(terms);

        Assert.Null((await team.As(team.Erin).AskAsync(terms))["alreadyHeld"]);

        // Nor that of whoever had the user name before.
        var successor = new Person(team.NamespaceOf("successor"), team.Alice.UserName, "payments-devs");
        Assert.Null((await team.As(successor).AskAsync(terms))["alreadyHeld"]);
    }
}
