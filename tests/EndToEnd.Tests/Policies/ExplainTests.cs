using System.Net;
using System.Text.Json.Nodes;

namespace JitFunctions.EndToEnd.Tests.Policies;

/// <summary>What may I ask for, why would this be refused, who can get that.</summary>
public sealed class ExplainTests(PlatformFixture fixture)
{
    [Fact]
    public async Task Everybody_sees_the_policies_that_are_about_them_and_no_others()
    {
        var team = Team.WithoutNamespace(fixture.Platform);
        var mine = (await team.As(team.Alice).GetAsync("/api/policies")).Expect(HttpStatusCode.OK).Items;

        var dual = Assert.Single(mine, offer => offer.At("policy") == "leads-and-security");
        Assert.Matches(@"^approvals\.yaml:\d+$", dual.At("source"));
        Assert.Equal(
            ["payments-leads", "security"],
            dual["requirements"]!
                .AsArray()
                .Select(requirement => requirement!["groups"]!.AsArray().Single()!.ToString())
        );
        var fire = Assert.Single(mine, offer => offer.At("policy") == "emergencies");
        Assert.Equal(("10m", "4h"), (fire.At("breakGlass.maxDuration"), fire.At("breakGlass.reviewWithin")));
        Assert.DoesNotContain(mine, offer => offer.At("policy") == "for-one-account");

        Assert.Empty((await team.As(team.Stranger).GetAsync("/api/policies")).Expect(HttpStatusCode.OK).Items);
        Assert.Empty((await team.As(team.Bob).GetAsync("/api/policies")).Expect(HttpStatusCode.OK).Items);
    }

    [Fact]
    public async Task What_would_be_granted_is_told_with_its_terms_and_whoever_would_approve_and_nothing_is_made_of_it()
    {
        var team = await Team.SetAsync(fixture.Platform, "guarded");
        var terms = team.Terms(namespaces: team.NamespaceOf("guarded")).With("duration", null).With("reason", null);

        var told = (await SimulateAsync(team, terms)).Json;

        Assert.Equal(
            ("true", "dangers-by-security", "1h", "false"),
            (told.At("covered"), told.At("policy"), told.At("duration"), told.At("automatic"))
        );
        Assert.Equal(
            ["payments-leads", "security"],
            told["requirements"]!
                .AsArray()
                .Select(requirement => requirement!["groups"]!.AsArray().Single()!.ToString())
        );
        Assert.Contains(told["dangers"]!.AsArray(), danger => danger!.At("kind") == "read-secrets");
        await team.NothingIsWrittenAsync();
    }

    [Fact]
    public async Task What_would_be_refused_is_told_with_the_line_that_refuses_it()
    {
        var team = await Team.SetAsync(fixture.Platform);

        var told = (await SimulateAsync(team, team.Terms("2h"))).Json;

        Assert.Equal(("false", "not-covered", null), (told.At("covered"), told.At("code"), told.At("policy")));
        var verdict = Assert.Single(told["verdicts"]!.AsArray(), verdict => verdict!.At("policy") == "reviewed")!;
        var excess = Assert.Single(verdict["excess"]!.AsArray())!;
        Assert.Equal(("maxDuration", "at most 1h"), (excess.At("field"), excess.At("message")));
        Assert.Equal("    maxDuration: 1h", LineAt(excess.At("source")!));
        Assert.Equal("  - name: reviewed", LineAt(verdict.At("source")!));

        var denied = (
            await SimulateAsync(team, team.Terms(role: "ClusterRole/admin", namespaces: team.NamespaceOf("closed")))
        ).Json;
        Assert.Equal("denied-by-policy", denied.At("code"));
        Assert.Contains("migration", denied.At("detail"), StringComparison.Ordinal);
        Assert.Equal(
            "unknown-role",
            (await SimulateAsync(team, team.Terms(role: "ClusterRole/missing"))).Json.At("code")
        );
        Assert.Equal(
            "unknown-cluster",
            (await SimulateAsync(team, team.Terms().With("cluster", "elsewhere"))).Json.At("code")
        );
    }

    [Fact]
    public async Task Only_administrators_and_auditors_ask_about_others()
    {
        var team = await Team.SetAsync(fixture.Platform, "open");
        var terms = team.Terms(role: "ClusterRole/view", namespaces: team.NamespaceOf("open"))
            .With(
                "as",
                new JsonObject { ["username"] = team.Alice.UserName, ["groups"] = new JsonArray("payments-devs") }
            );

        foreach (var person in new[] { team.Alice, team.Bob, team.Stranger })
            (await team.As(person).PostAsync("/api/policies/simulate", terms)).ExpectProblem(403, "not-allowed");
        foreach (var person in new[] { team.Administrator, team.Auditor })
        {
            Assert.Equal(
                "automatic",
                (await team.As(person).PostAsync("/api/policies/simulate", terms))
                    .Expect(HttpStatusCode.OK)
                    .Json.At("policy")
            );
            var mine = (await team.As(person).PostAsync("/api/policies/simulate", terms.With("as", null)))
                .Expect(HttpStatusCode.OK)
                .Json;
            Assert.Equal("not-covered", mine.At("code"));
        }

        var uma = (
            await team.As(team.Auditor)
                .PostAsync(
                    "/api/policies/simulate",
                    terms.With(
                        "as",
                        JsonNode.Parse("""{ "username": "uma@example.com", "groups": ["payments-devs"] }""")
                    )
                )
        ).Json;
        Assert.Equal("denied-by-policy", uma.At("code"));
    }

    [Fact]
    public async Task A_stranger_learns_nothing_of_the_policies_of_others()
    {
        var team = await Team.SetAsync(fixture.Platform);

        var told = (await team.As(team.Stranger).PostAsync("/api/policies/simulate", team.Terms())).Expect(
            HttpStatusCode.OK
        );

        Assert.Equal(("false", "not-covered"), (told.Json.At("covered"), told.Json.At("code")));
        Assert.Empty(told.Json["verdicts"]!.AsArray());
        Assert.DoesNotContain(".yaml", told.Text, StringComparison.Ordinal);
        Assert.Equal(
            told.Json.At("detail"),
            (await team.As(team.Stranger).PostAsync("/api/requests", team.Terms()))
                .ExpectProblem(403, "not-covered")
                .Json.At("detail")
        );
    }

    [Fact]
    public async Task A_stranger_is_told_of_no_cluster_neither_its_name_nor_whether_there_is_one()
    {
        var team = Team.WithoutNamespace(fixture.Platform);
        foreach (var path in new[] { "/api/policies/simulate", "/api/requests" })
        {
            var there = await team.As(team.Stranger).PostAsync(path, team.Terms());
            var nowhere = await team.As(team.Stranger).PostAsync(path, team.Terms().With("cluster", "elsewhere"));
            Assert.Equal(
                (there.Status, there.Json.At("code"), there.Json.At("detail")),
                (nowhere.Status, nowhere.Json.At("code"), nowhere.Json.At("detail"))
            );
            Assert.Equal("not-covered", nowhere.Json.At("code"));
            Assert.DoesNotContain("demo", nowhere.Text, StringComparison.Ordinal);
        }

        Assert.Contains(
            "You can ask about: demo.",
            (await SimulateAsync(team, team.Terms().With("cluster", "elsewhere"))).Json.At("detail"),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Who_can_delete_secrets_is_told_across_all_policies_by_what_the_clusters_roles_allow()
    {
        var team = await Team.SetAsync(fixture.Platform);
        var told = await WhoCanAsync(team, team.Namespace, "delete", "secrets");

        var answer = Assert.Single(told.Items);
        Assert.Equal(("reviewed", "false"), (answer.At("policy"), answer.At("automatic")));
        Assert.Matches(@"^access\.yaml:\d+$", answer.At("source"));
        Assert.Equal(["ClusterRole/edit", "ClusterRole/admin"], answer["by"]!.AsArray().Select(by => by!.ToString()));
        Assert.Equal("payments-devs", answer["groups"]!.AsArray().Single()!.ToString());
        Assert.Contains(
            told.Json["unresolved"]!.AsArray(),
            line => line!.ToString().Contains("ClusterRole/missing", StringComparison.Ordinal)
        );

        Assert.Equal(
            "1 security",
            Requirement((await WhoCanAsync(team, "guarded-x", "delete", "secrets")).Items.Single(), 1)
        );
        Assert.Empty((await WhoCanAsync(team, "harmless-x", "delete", "secrets")).Items);
        Assert.Equal(
            ["everywhere", "no-dangers"],
            (await WhoCanAsync(team, "harmless-x", "get", "pods")).Items.Select(item => item.At("policy"))
        );
    }

    [Fact]
    public async Task Who_can_have_it_of_some_objects_only_is_told_with_their_names()
    {
        var team = Team.WithoutNamespace(fixture.Platform);
        Assert.Equal(
            "rules (consumer-*)",
            (await WhoCanAsync(team, "rules-x", "delete", "pods")).Items.Single()["by"]!.AsArray().Single()!.ToString()
        );
        Assert.Equal(
            "rules",
            (await WhoCanAsync(team, "rules-x", "delete", "pods", "consumer-1")).Items.Single()["by"]!
                .AsArray()
                .Single()!
                .ToString()
        );
        Assert.Empty((await WhoCanAsync(team, "rules-x", "delete", "pods", "database-1")).Items);
    }

    [Fact]
    public async Task Only_administrators_and_auditors_ask_who_can()
    {
        var team = Team.WithoutNamespace(fixture.Platform);
        foreach (var person in new[] { team.Alice, team.Bob, team.Stranger })
            (
                await team.As(person).PostAsync("/api/policies/who-can", Question("team-x", "delete", "secrets"))
            ).ExpectProblem(403, "not-allowed");
        (
            await team.As(team.Administrator)
                .PostAsync("/api/policies/who-can", Question("team-x", "delete", "secrets"))
        ).Expect(HttpStatusCode.OK);
        (
            await team.As(team.Auditor).PostAsync("/api/policies/who-can", Question("team-x", "*", "secrets"))
        ).ExpectProblem(400, "invalid-request");
        (
            await team.As(team.Auditor)
                .PostAsync("/api/policies/who-can", Question("team-x", "get", "secrets").With("cluster", "elsewhere"))
        ).ExpectProblem(422, "unknown-cluster");
    }

    private static async Task<Answer> SimulateAsync(Team team, JsonObject terms) =>
        (await team.As(team.Alice).PostAsync("/api/policies/simulate", terms)).Expect(HttpStatusCode.OK);

    private static async Task<Answer> WhoCanAsync(
        Team team,
        string ns,
        string verb,
        string resource,
        string? name = null
    ) =>
        (
            await team.As(team.Auditor)
                .PostAsync("/api/policies/who-can", Question(ns, verb, resource).With("name", name))
        ).Expect(HttpStatusCode.OK);

    private static JsonObject Question(string ns, string verb, string resource) =>
        new()
        {
            ["cluster"] = "demo",
            ["namespace"] = ns,
            ["verb"] = verb,
            ["resource"] = resource,
        };

    private static string Requirement(JsonObject answer, int index) =>
        $"{answer["requirements"]![index]!.At("count")} "
        + $"{answer["requirements"]![index]!["groups"]!.AsArray().Single()}";

    private string LineAt(string source)
    {
        var place = source.Split(':');
        return File.ReadLines(Path.Combine(fixture.Platform.Policies, place[0]))
            .ElementAt(int.Parse(place[1], System.Globalization.CultureInfo.InvariantCulture) - 1);
    }
}
