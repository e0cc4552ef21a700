using System.Text.Json.Nodes;

namespace JitFunctions.EndToEnd.Tests.Access;

/// <summary>
/// A review is about the scope that the reviewer saw, and what becomes active is the scope that was decided about.
/// </summary>
public sealed class ScopeBindingTests(Stage stage)
{
    private const string Prefix = "narrow";

    [Theory]
    [InlineData("approve")]
    [InlineData("deny")]
    public async Task A_review_of_another_scope_is_refused_with_the_present_one_and_nothing_is_written(string verdict)
    {
        var (scene, id) = await AskAsync();
        var scope = (await scene.As(scene.Bob).ReadAsync(id)).At("scope");
        var other = (
            await scene.As(scene.Bob).ReadAsync(await scene.AskAsync(Terms(scene).With("duration", "11m")))
        ).At("scope");
        Assert.NotEqual(scope, other);

        foreach (var wrong in new[] { other, "sha256:" + new string('0', 64), scope!.ToUpperInvariant() })
        {
            var refused = (
                await scene.As(scene.Bob).PostAsync($"/api/requests/{id}/reviews", new { verdict, scope = wrong })
            ).ExpectProblem(409, "scope-changed");
            Assert.Equal(scope, refused.Json.At("scope"));
        }

        (await scene.As(scene.Bob).PostAsync($"/api/requests/{id}/reviews", new { verdict })).ExpectProblem(
            400,
            "invalid-request"
        );
        Assert.Equal(["access_requested"], (await scene.As(scene.Alice).EventsAsync(id)).Types());
    }

    [Fact]
    public async Task What_an_approver_takes_away_is_taken_from_the_grant_once_the_others_have_confirmed_it()
    {
        var scene = await Scene.SetAsync(stage.Platform, Prefix);
        var (kept, dropped) = (scene.NamespaceOf(Prefix), $"{scene.NamespaceOf(Prefix)}-b");
        await scene.Cluster.CreateNamespaceAsync(dropped);
        var id = await scene.AskAsync(scene.Terms("30m", "ClusterRole/edit", kept, dropped));
        var (bella, asked) = (
            scene.As(scene.New("bella", "payments-leads")),
            await scene.As(scene.Bob).ApproveAsync(id)
        );

        var narrowed = await bella.ApproveAsync(id, narrow: new { duration = "10m", namespaces = new[] { kept } });

        Assert.Equal(
            ("pending", "10m", kept),
            (narrowed.At("status"), narrowed.At("duration"), narrowed["namespaces"]!.AsArray().Single()!.ToString())
        );
        Assert.NotEqual(asked.At("scope"), narrowed.At("scope"));
        Assert.Equal(["false", "true"], narrowed["reviews"]!.AsArray().Select(review => review!.At("counts")));
        (
            await scene
                .As(scene.Bob)
                .PostAsync($"/api/requests/{id}/reviews", new { verdict = "approve", scope = asked.At("scope") })
        ).ExpectProblem(409, "scope-changed");

        await scene.As(scene.Bob).ApproveAsync(id);
        var active = await scene.As(scene.Alice).WaitForAsync(id, "active");
        Assert.Equal([kept], active["bindings"]!.AsArray().Select(binding => binding!.At("namespace")));
        Assert.InRange(
            active.TimeAt("expiresAt"),
            active.TimeAt("approvedAt").AddMinutes(10),
            active.TimeAt("activatedAt").AddMinutes(10)
        );
        await scene.Cluster.MayReadSoonAsync(scene.Alice, kept);
        Assert.False(await scene.Cluster.MayReadAsync(scene.Alice, dropped));
        Assert.False(await scene.Cluster.HasBindingAsync(dropped, $"jit-{id}"));
    }

    [Fact]
    public async Task Narrowed_rules_are_the_rules_that_the_cluster_gets()
    {
        var scene = await Scene.SetAsync(stage.Platform, Prefix);
        var id = await scene.AskAsync(
            WithRules(scene, """[{ "resources": ["pods", "configmaps"], "verbs": ["get", "list", "delete"] }]""")
        );
        var fewer = new[]
        {
            new
            {
                resources = new[] { "configmaps" },
                verbs = new[] { "get" },
                resourceNames = new[] { "one" },
            },
        };

        await scene.As(scene.Bob).ApproveAsync(id, narrow: new { rules = fewer });
        await scene.As(scene.New("bella", "payments-leads")).ApproveAsync(id);
        await scene.As(scene.Alice).WaitForAsync(id, "active");

        Assert.Equal(
            """[{"apiGroups":[""],"resourceNames":["one"],"resources":["configmaps"],"verbs":["get"]}]""",
            await scene.Cluster.RoleAsync(scene.NamespaceOf(Prefix), $"jit-{id}", "{.rules}")
        );
        Assert.False(await scene.Cluster.MayReadAsync(scene.Alice, scene.NamespaceOf(Prefix)));
    }

    [Fact]
    public async Task Nothing_is_ever_widened()
    {
        var (scene, id) = await AskAsync();
        var rules = await scene.AskAsync(
            WithRules(scene, """[{ "resources": ["pods"], "verbs": ["get"], "resourceNames": ["one"] }]""")
        );
        var pods = new { resources = new[] { "pods" }, verbs = new[] { "get" } };

        foreach (
            var (request, narrow) in new (string, object)[]
            {
                (id, new { duration = "11m" }),
                (id, new { namespaces = new[] { scene.NamespaceOf("team") } }),
                (id, new { namespaces = new[] { scene.NamespaceOf(Prefix), scene.NamespaceOf("team") } }),
                (id, new { namespaces = Array.Empty<string>() }),
                (id, new { rules = new[] { pods } }),
                (rules, new { rules = new[] { pods } }),
                (
                    rules,
                    new
                    {
                        rules = new[]
                        {
                            new
                            {
                                pods.resources,
                                pods.verbs,
                                resourceNames = Array.Empty<string>(),
                            },
                        },
                    }
                ),
                (
                    rules,
                    new
                    {
                        rules = new[]
                        {
                            new
                            {
                                pods.resources,
                                pods.verbs,
                                resourceNames = new[] { "one", "two" },
                            },
                        },
                    }
                ),
                (
                    rules,
                    new
                    {
                        rules = new[]
                        {
                            new
                            {
                                pods.resources,
                                verbs = new[] { "get", "list" },
                                resourceNames = new[] { "one" },
                            },
                        },
                    }
                ),
            }
        )
        {
            (await scene.As(scene.Bob).ReviewAsync(request, "approve", narrow: narrow)).ExpectProblem(422, "widens");
        }

        foreach (var request in new[] { id, rules })
            Assert.Equal(["access_requested"], (await scene.As(scene.Alice).EventsAsync(request)).Types());
    }

    [Fact]
    public async Task Who_takes_nothing_away_simply_approves_and_a_denial_takes_away_all()
    {
        var (scene, id) = await AskAsync();

        var approved = await scene
            .As(scene.Bob)
            .ApproveAsync(id, narrow: new { duration = "10m", namespaces = new[] { scene.NamespaceOf(Prefix) } });

        Assert.DoesNotContain("request_narrowed", (await scene.As(scene.Alice).EventsAsync(id)).Types());
        Assert.Equal("true", approved["reviews"]!.AsArray().Single()!.At("counts"));
        (await scene.As(scene.Erin).ReviewAsync(id, "deny", narrow: new { duration = "5m" })).ExpectProblem(
            400,
            "invalid-request"
        );
    }

    [Fact]
    public async Task Of_two_who_narrow_at_once_the_second_is_told_that_the_scope_has_changed()
    {
        var (scene, id) = await AskAsync();
        var scope = (await scene.As(scene.Bob).ReadAsync(id)).At("scope");

        var answers = await Task.WhenAll(
            Enumerable
                .Range(1, 8)
                .Select(i =>
                    scene
                        .As(scene.New($"lead{i}", "payments-leads"))
                        .PostAsync(
                            $"/api/requests/{id}/reviews",
                            new
                            {
                                verdict = "approve",
                                scope,
                                narrow = new { duration = $"{i}m" },
                            }
                        )
                )
        );

        var winner = Assert.Single(answers, answer => (int)answer.Status == 200);
        Assert.Each(
            answers.Where(answer => answer != winner),
            answer => Assert.Equal(winner.Json.At("scope"), answer.ExpectProblem(409, "scope-changed").Json.At("scope"))
        );
        Assert.Single((await scene.As(scene.Alice).EventsAsync(id)).Types(), "request_narrowed");
    }

    private async Task<(Scene Scene, string Id)> AskAsync()
    {
        var scene = await Scene.SetAsync(stage.Platform, Prefix);
        return (scene, await scene.AskAsync(Terms(scene)));
    }

    private static JsonObject Terms(Scene scene) => scene.Terms(namespaces: scene.NamespaceOf(Prefix));

    private static JsonObject WithRules(Scene scene, string rules) =>
        Terms(scene).With("role", null).With("rules", JsonNode.Parse(rules));
}
