using System.Text.Json.Nodes;
using JitFunctions.LocalStack;

namespace JitFunctions.EndToEnd.Tests.Policies;

/// <summary>What is refused whatever any policy allows.</summary>
public sealed class DenialTests(Stage stage)
{
    [Fact]
    public async Task A_denial_wins_over_a_policy_that_approves_by_itself_and_says_why_and_where()
    {
        var scene = Scene.WithoutNamespace(stage.Platform);
        var closed = scene.NamespaceOf("closed");

        foreach (
            var terms in new[]
            {
                Admin(scene, closed),
                Admin(scene, scene.NamespaceOf("team"), closed),
                Admin(scene, closed).With("namespaces", null).With("clusterWide", true),
            }
        )
        {
            var refused = (await scene.As(scene.Alice).PostAsync("/api/requests", terms)).ExpectProblem(
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

        await scene.NothingIsWrittenAsync();
    }

    [Fact]
    public async Task What_the_denial_does_not_name_goes_on()
    {
        var scene = await Scene.SetAsync(stage.Platform, "closed");
        var id = await scene.AskAsync(scene.Terms(role: "ClusterRole/view", namespaces: scene.NamespaceOf("closed")));
        await scene.As(scene.Alice).WaitForAsync(id, "active");
    }

    [Fact]
    public async Task A_kind_of_rights_is_denied_by_what_the_role_allows_and_not_by_its_name()
    {
        var scene = await Scene.SetAsync(stage.Platform, "sealed");
        var ns = scene.NamespaceOf("sealed");

        var refused = (
            await scene.As(scene.Alice).PostAsync("/api/requests", scene.Terms(namespaces: ns))
        ).ExpectProblem(403, "denied-by-policy");
        Assert.Contains("Secrets are read by machines only.", refused.Json.At("detail"), StringComparison.Ordinal);
        await scene.NothingIsWrittenAsync();
        await scene
            .As(scene.Alice)
            .WaitForAsync(await scene.AskAsync(scene.Terms(role: "ClusterRole/view", namespaces: ns)), "active");
    }

    [Fact]
    public async Task Who_is_excepted_stays_so_however_many_groups_say_otherwise()
    {
        var scene = Scene.WithoutNamespace(stage.Platform);
        var terms = scene.Terms(role: "ClusterRole/view", namespaces: scene.NamespaceOf("grown"));
        foreach (
            var person in new[]
            {
                scene.New("intern", "payments-devs", "interns"),
                new Person("rita.ops", "Rita.Ops@example.com", "payments-devs"),
            }
        )
            (await scene.As(person).PostAsync("/api/requests", terms)).ExpectProblem(403, "not-covered");
    }

    private static JsonObject Admin(Scene scene, params string[] namespaces) =>
        scene.Terms(role: "ClusterRole/admin", namespaces: namespaces);
}
