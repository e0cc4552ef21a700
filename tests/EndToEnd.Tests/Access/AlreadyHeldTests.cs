using JitFunctions.LocalStack;

namespace JitFunctions.EndToEnd.Tests.Access;

/// <summary>
/// Who has already what they ask for is told so, and so is who decides about it; nothing is refused for it.
/// </summary>
public sealed class AlreadyHeldTests(Stage stage)
{
    [Fact]
    public async Task A_grant_that_gives_it_is_named_to_requester_and_approver()
    {
        var scene = await Scene.SetAsync(stage.Platform);
        var grant = await scene.GrantAsync(scene.Terms("20m"));

        var again = await scene.As(scene.Alice).AskAsync(scene.Terms("10m"));

        Assert.Equal(
            (grant.Id(), grant.At("expiresAt"), null),
            (again.At("alreadyHeld.grant"), again.At("alreadyHeld.grantExpiresAt"), again.At("alreadyHeld.standing"))
        );
        Assert.Equal(grant.Id(), (await scene.As(scene.Bob).ReadAsync(again.Id())).At("alreadyHeld.grant"));
        Assert.Equal(
            grant.Id(),
            (await scene.As(scene.Auditor).EventsAsync(again.Id()))[0].At("data.alreadyHeld.grant")
        );
        Assert.Null(grant["alreadyHeld"]);
    }

    [Fact]
    public async Task A_binding_that_somebody_made_by_hand_is_named_in_the_clusters_words()
    {
        var scene = await Scene.SetAsync(stage.Platform);
        await scene.Cluster.CreateBindingAsync(scene.Namespace, "team-edit", "edit", scene.Alice.UserName);
        await scene.Cluster.MayReadSoonAsync(scene.Alice, scene.Namespace);

        var asked = await scene.As(scene.Alice).AskAsync(scene.Terms());

        Assert.Contains(
            $"RoleBinding \"team-edit/{scene.Namespace}\" of ClusterRole \"edit\"",
            asked.At("alreadyHeld.standing"),
            StringComparison.Ordinal
        );
        Assert.Equal(("pending", null), (asked.At("status"), asked.At("alreadyHeld.grant")));
    }

    [Fact]
    public async Task Part_of_it_is_nothing_to_tell_of()
    {
        var scene = await Scene.SetAsync(stage.Platform);
        await scene.Cluster.CreateBindingAsync(scene.Namespace, "team-view", "view", scene.Alice.UserName);
        await scene.Cluster.MayReadSoonAsync(scene.Alice, scene.Namespace);

        Assert.Null((await scene.As(scene.Alice).AskAsync(scene.Terms()))["alreadyHeld"]);
    }

    [Fact]
    public async Task Nobody_elses_grant_counts()
    {
        var scene = await Scene.SetAsync(stage.Platform);
        await scene.GrantAsync();

        Assert.Null((await scene.As(scene.Erin).AskAsync(scene.Terms()))["alreadyHeld"]);

        // Nor that of whoever had the user name before.
        var successor = new Person(scene.NamespaceOf("successor"), scene.Alice.UserName, "payments-devs");
        Assert.Null((await scene.As(successor).AskAsync(scene.Terms()))["alreadyHeld"]);
    }
}
