using System.Text.Json.Nodes;

namespace JitFunctions.EndToEnd.Tests.Access;

/// <summary>
/// A review is about the scope that the reviewer saw, and what becomes active is the scope that was decided about.
/// </summary>
public sealed class ScopeBindingTests(PlatformFixture fixture)
{
    private const string Prefix = "narrow";

    [Theory]
    [InlineData("approve")]
    [InlineData("deny")]
    public async Task A_review_of_another_scope_is_refused_with_the_present_one_and_nothing_is_written(string verdict)
    {
        var (team, id) = await AskAsync();
        var scope = (await team.As(team.Bob).ReadAsync(id)).At("scope");
        var other = (await team.As(team.Bob).ReadAsync(await team.AskAsync(Terms(team).With("duration", "11m")))).At(
            "scope"
        );
        Assert.NotEqual(scope, other);

        foreach (var wrong in new[] { other, "sha256:" + new string('0', 64), scope!.ToUpperInvariant() })
        {
            var refused = (
                await team.As(team.Bob).PostAsync($"/api/requests/{id}/reviews", new { verdict, scope = wrong })
            ).ExpectProblem(409, "scope-changed");
            Assert.Equal(scope, refused.Json.At("scope"));
        }

        (await team.As(team.Bob).PostAsync($"/api/requests/{id}/reviews", new { verdict })).ExpectProblem(
            400,
            "invalid-request"
        );
        Assert.Equal(["access_requested"], (await team.As(team.Alice).EventsAsync(id)).Types());
    }

    [Fact]
    public async Task What_an_approver_takes_away_is_taken_from_the_grant_once_the_others_have_confirmed_it()
    {
        var team = await Team.SetAsync(fixture.Platform, Prefix);
        var (kept, dropped) = (team.NamespaceOf(Prefix), $"{team.NamespaceOf(Prefix)}-b");
        await team.Cluster.CreateNamespaceAsync(dropped);
        var id = await team.AskAsync(team.Terms("30m", "ClusterRole/edit", kept, dropped));
        var (bella, asked) = (team.As(team.New("bella", "payments-leads")), await team.As(team.Bob).ApproveAsync(id));

        var narrowed = await bella.ApproveAsync(id, narrow: new { duration = "10m", namespaces = new[] { kept } });

        Assert.Equal(
            ("pending", "10m", kept),
            (narrowed.At("status"), narrowed.At("duration"), narrowed["namespaces"]!.AsArray().Single()!.ToString())
        );
        Assert.NotEqual(asked.At("scope"), narrowed.At("scope"));
        Assert.Equal(["false", "true"], narrowed["reviews"]!.AsArray().Select(review => review!.At("counts")));
        (
            await team.As(team.Bob)
                .PostAsync($"/api/requests/{id}/reviews", new { verdict = "approve", scope = asked.At("scope") })
        ).ExpectProblem(409, "scope-changed");

        await team.As(team.Bob).ApproveAsync(id);
        var active = await team.As(team.Alice).WaitForAsync(id, "active");
        Assert.Equal([kept], active["bindings"]!.AsArray().Select(binding => binding!.At("namespace")));
        Assert.InRange(
            active.TimeAt("expiresAt"),
            active.TimeAt("approvedAt").AddMinutes(10),
            active.TimeAt("activatedAt").AddMinutes(10)
        );
        await team.Cluster.MayReadSoonAsync(team.Alice, kept);
        Assert.False(await team.Cluster.MayReadAsync(team.Alice, dropped));
        Assert.False(await team.Cluster.HasBindingAsync(dropped, $"jit-{id}"));
    }

    [Fact]
    public async Task Narrowed_rules_are_the_rules_that_the_cluster_gets()
    {
        var team = await Team.SetAsync(fixture.Platform, Prefix);
        var id = await team.AskAsync(
            WithRules(team, """[{ "resources": ["pods", "configmaps"], "verbs": ["get", "list", "delete"] }]""")
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

        await team.As(team.Bob).ApproveAsync(id, narrow: new { rules = fewer });
        await team.As(team.New("bella", "payments-leads")).ApproveAsync(id);
        await team.As(team.Alice).WaitForAsync(id, "active");

        Assert.Equal(
            """[{"apiGroups":[""],"resourceNames":["one"],"resources":["configmaps"],"verbs":["get"]}]""",
            await team.Cluster.RoleAsync(team.NamespaceOf(Prefix), $"jit-{id}", "{.rules}")
        );
        Assert.False(await team.Cluster.MayReadAsync(team.Alice, team.NamespaceOf(Prefix)));
    }

    [Fact]
    public async Task Nothing_is_ever_widened()
    {
        var (team, id) = await AskAsync();
        var rules = await team.AskAsync(
            WithRules(team, """[{ "resources": ["pods"], "verbs": ["get"], "resourceNames": ["one"] }]""")
        );
        var pods = new { resources = new[] { "pods" }, verbs = new[] { "get" } };

        foreach (
            var (request, narrow) in new (string, object)[]
            {
                (id, new { duration = "11m" }),
                (id, new { namespaces = new[] { team.NamespaceOf("team") } }),
                (id, new { namespaces = new[] { team.NamespaceOf(Prefix), team.NamespaceOf("team") } }),
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
            (await team.As(team.Bob).ReviewAsync(request, "approve", narrow: narrow)).ExpectProblem(422, "widens");
        }

        foreach (var request in new[] { id, rules })
            Assert.Equal(["access_requested"], (await team.As(team.Alice).EventsAsync(request)).Types());
    }

    [Fact]
    public async Task Who_takes_nothing_away_simply_approves_and_a_denial_takes_away_all()
    {
        var (team, id) = await AskAsync();

        var approved = await team.As(team.Bob)
            .ApproveAsync(id, narrow: new { duration = "10m", namespaces = new[] { team.NamespaceOf(Prefix) } });

        Assert.DoesNotContain("request_narrowed", (await team.As(team.Alice).EventsAsync(id)).Types());
        Assert.Equal("true", approved["reviews"]!.AsArray().Single()!.At("counts"));
        (await team.As(team.Erin).ReviewAsync(id, "deny", narrow: new { duration = "5m" })).ExpectProblem(
            400,
            "invalid-request"
        );
    }

    [Fact]
    public async Task Of_two_who_narrow_at_once_the_second_is_told_that_the_scope_has_changed()
    {
        var (team, id) = await AskAsync();
        var scope = (await team.As(team.Bob).ReadAsync(id)).At("scope");

        var answers = await Task.WhenAll(
            Enumerable
                .Range(1, 8)
                .Select(i =>
                    team.As(team.New($"lead{i}", "payments-leads"))
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
        Assert.Single((await team.As(team.Alice).EventsAsync(id)).Types(), "request_narrowed");
    }

    private async Task<(Team Scene, string Id)> AskAsync()
    {
        var team = await Team.SetAsync(fixture.Platform, Prefix);
        return (team, await team.AskAsync(Terms(team)));
    }

    private static JsonObject Terms(Team team) => team.Terms(namespaces: team.NamespaceOf(Prefix));

    private static JsonObject WithRules(Team team, string rules) =>
        Terms(team).With("role", null).With("rules", JsonNode.Parse(rules));
}
