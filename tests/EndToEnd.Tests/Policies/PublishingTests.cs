using System.Net;
using System.Text.Json.Nodes;

namespace JitFunctions.EndToEnd.Tests.Policies;

/// <summary>How policy files become the policies in force, and what an auditor sees of it.</summary>
public sealed class PublishingTests(PlatformFixture fixture)
{
    private const string Files = """
        administrators: [platform-admins]
        auditors: [auditors]
        policies:
          - name: pods
            groups: [payments-devs]
            clusters: [demo]
            namespaces: [one]
            rules: [{ resources: [pods], verbs: [get, delete] }]
            maxDuration: 1h
            approval: { groups: [payments-leads] }
            breakGlass: { maxDuration: 10m, reviewWithin: 1h }
        """;

    private static readonly string Changed = Files
        .Replace("namespaces: [one]", "namespaces: [one, two]", StringComparison.Ordinal)
        .Replace(
            "approval: { groups: [payments-leads] }",
            "approval: { groups: [security] }",
            StringComparison.Ordinal
        );

    private static readonly string Broken = Changed.Replace(
        "maxDuration: 1h",
        "maxDuration: as long as you like",
        StringComparison.Ordinal
    );

    [Fact]
    public async Task A_new_version_takes_effect_within_seconds_and_is_an_event_that_says_who_and_what()
    {
        await using var app = await StartAsync("publishing");
        (await AskAsync(app, "two")).ExpectProblem(403, "not-covered");
        var first = Assert.Single(await app.VersionsAsync());
        Assert.Contains(
            "policies.yaml: new",
            first["changes"]!.AsArray().Single()!.ToString(),
            StringComparison.Ordinal
        );
        Assert.StartsWith("unknown", first.At("publisher"), StringComparison.Ordinal);

        app.Write("publisher", "pipeline 4711 for lena@example.com");
        app.Write("policies.yaml", Changed);
        var changedAt = TimeProvider.System.GetUtcNow();
        var asked = await Eventually.Async(
            () => AskAsync(app, "two"),
            answer => answer.Status == HttpStatusCode.Created,
            "the new version decides"
        );
        Assert.True(asked.Json.TimeAt("requestedAt") < changedAt.AddMinutes(1));

        var versions = await app.VersionsAsync(2);
        Assert.Equal(
            (asked.Json.At("policy.version"), "pipeline 4711 for lena@example.com"),
            (versions[0].At("version"), versions[0].At("publisher"))
        );
        Assert.Equal(
            [
                "policies.yaml:7: -     namespaces: [one]",
                "policies.yaml:8: -     rules: [{ resources: [pods], verbs: [get, delete] }]",
                "policies.yaml:9: -     maxDuration: 1h",
                "policies.yaml:10: -     approval: { groups: [payments-leads] }",
                "policies.yaml:7: +     namespaces: [one, two]",
                "policies.yaml:8: +     rules: [{ resources: [pods], verbs: [get, delete] }]",
                "policies.yaml:9: +     maxDuration: 1h",
                "policies.yaml:10: +     approval: { groups: [security] }",
            ],
            versions[0]["changes"]!.AsArray().Select(line => line!.ToString())
        );

        var published = (await app.As(app.Scene.Auditor).AuditAsync())
            .Where(e => e.At("type") == "policy_published")
            .ToList();
        Assert.Equal([first.At("version"), versions[0].At("version")], published.Select(e => e.At("data.version")));
        Assert.Contains(
            (await app.As(app.Scene.Auditor).GetAsync("/api/audit/trail")).Items,
            entry => entry.At("summary")!.Contains("pipeline 4711", StringComparison.Ordinal)
        );
        await IsThePolicyOfThenAsync(app, first, versions[0]);
    }

    [Fact]
    public async Task What_was_asked_for_under_one_version_is_decided_by_it()
    {
        await using var app = await StartAsync("snapshots");
        var asked = (await AskAsync(app, "one")).Json;

        app.Write("policies.yaml", Changed);
        await app.VersionsAsync(2);

        (await app.As(app.Scene.Simon).ReviewAsync(asked.Id(), "approve")).ExpectProblem(404, "not-found");
        var approved = await app.As(app.Scene.Bob).ApproveAsync(asked.Id());
        Assert.Equal(("approved", asked.At("policy.version")), (approved.At("status"), approved.At("policy.version")));

        var next = (
            await Eventually.Async(
                () => AskAsync(app, "two"),
                answer => answer.Status == HttpStatusCode.Created,
                "the new version decides"
            )
        ).Json;
        (await app.As(app.Scene.Bob).ReviewAsync(next.Id(), "approve")).ExpectProblem(404, "not-found");
    }

    [Fact]
    public async Task An_invalid_version_is_recorded_once_and_never_decides_not_even_after_a_restart()
    {
        await using var app = await StartAsync("invalid");
        var valid = Assert.Single(await app.VersionsAsync()).At("version");

        app.Write("policies.yaml", Broken);
        var rejected = (await app.VersionsAsync(2))[0];
        Assert.NotNull(rejected.At("rejectedAt"));
        Assert.Contains(
            "policies.yaml:9:",
            rejected["errors"]!.AsArray().Single()!.ToString(),
            StringComparison.Ordinal
        );
        await StillDecidesAsync(app, valid);

        await app.Host.StopAsync();
        await app.Host.StartAgainAsync(TestContext.Current.CancellationToken);
        await StillDecidesAsync(app, valid);
        await Eventually.IsAsync(TimeProvider.System.GetUtcNow().AddSeconds(3));
        Assert.Equal(2, (await app.VersionsAsync()).Count);
        (await app.As(app.Scene.Auditor).GetAsync($"/api/policies/versions/{rejected.At("version")}")).Expect(
            HttpStatusCode.OK
        );

        app.Write("policies.yaml", Changed);
        Assert.NotNull((await app.VersionsAsync(3))[0].At("publishedAt"));
        await Eventually.Async(
            () => AskAsync(app, "two"),
            answer => answer.Status == HttpStatusCode.Created,
            "what was mended decides"
        );
    }

    [Fact]
    public async Task A_version_that_names_what_nothing_has_is_in_force_and_shown_with_warnings()
    {
        var team = Team.WithoutNamespace(fixture.Platform);
        // The directory knows his group from now on.
        (await team.As(team.Bob).GetAsync("/api/policies")).Expect(HttpStatusCode.OK);
        await using var app = await StartAsync("warnings");
        app.Write(
            "policies.yaml",
            Files
                .Replace("clusters: [demo]", "clusters: [demo, prdo]", StringComparison.Ordinal)
                .Replace("rules: [", "roles: [ClusterRole/veiw]\n    rules: [", StringComparison.Ordinal)
        );
        var version = (await app.VersionsAsync(2))[0];

        // This app may not read roles, and the platform's may.
        var shown = (await app.As(app.Scene.Auditor).GetAsync($"/api/policies/versions/{version.At("version")}"))
            .Expect(HttpStatusCode.OK)
            .Json;
        var warnings = shown["warnings"]!.AsArray().Select(line => line!.ToString()).ToList();
        Assert.Contains(
            "policies.yaml:6: no cluster that is configured is called 'prdo': pods gives nothing there.",
            warnings
        );
        Assert.Contains(
            warnings,
            line =>
                line.StartsWith(
                    "Not all roles in cluster demo were checked: demo answered 403",
                    StringComparison.Ordinal
                )
        );
        Assert.DoesNotContain(warnings, line => line.Contains("'payments-leads'", StringComparison.Ordinal));
        (await AskAsync(app, "one")).Expect(HttpStatusCode.Created);

        var platform = (await team.As(team.Auditor).GetAsync("/api/policies/versions/in-force"))
            .Expect(HttpStatusCode.OK)
            .Json["warnings"]!
            .AsArray()
            .Select(line => line!.ToString())
            .ToList();
        Assert.Contains(
            platform,
            line => line.EndsWith(": ClusterRole/missing does not exist in demo.", StringComparison.Ordinal)
        );
        Assert.DoesNotContain(platform, line => line.Contains("ClusterRole/view", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Only_administrators_and_auditors_read_all_of_it_and_everybody_the_schema()
    {
        await using var app = await StartAsync("readers");
        foreach (
            var path in new[]
            {
                "/api/policies/versions",
                "/api/policies/versions/in-force",
                "/api/policies/versions/sha256:0",
            }
        )
        {
            foreach (var person in new[] { app.Scene.Alice, app.Scene.Bob, app.Scene.Stranger })
                (await app.As(person).GetAsync(path)).ExpectProblem(403, "not-allowed");
            (await new Api(app.Host.Address, null).GetAsync(path)).ExpectProblem(401, "unauthenticated");
        }

        var shown = (await app.As(app.Scene.Administrator).GetAsync("/api/policies/versions/in-force"))
            .Expect(HttpStatusCode.OK)
            .Json;
        Assert.Equal(
            ("policies.yaml", Files),
            (shown["files"]!.AsArray().Single()!.At("name"), shown["files"]!.AsArray().Single()!.At("content"))
        );
        (await app.As(app.Scene.Auditor).GetAsync("/api/policies/versions/sha256:0")).ExpectProblem(404, "not-found");
        (await app.As(app.Scene.Auditor).GetAsync("/api/policies/versions/in-force?at=yesterday")).ExpectProblem(
            400,
            "invalid-query"
        );

        var schema = await new Api(app.Host.Address, null).GetAsync("/api/policies/schema");
        Assert.Equal("application/schema+json", schema.MediaType);
        Assert.NotNull(schema.Json["$defs"]);
    }

    [Fact]
    public async Task Where_nobody_can_be_told_there_is_no_break_glass()
    {
        await using var app = await StartAsync("silent");
        (await AskAsync(app, "one", breakGlass: true)).ExpectProblem(503, "break-glass-silent");
        Assert.Equal(
            "break-glass-silent",
            (await app.As(app.Scene.Alice).PostAsync("/api/policies/simulate", Terms("one", breakGlass: true)))
                .Expect(HttpStatusCode.OK)
                .Json.At("code")
        );
    }

    private Task<PolicyApp> StartAsync(string name) => PolicyApp.StartAsync(fixture.Platform, name, Files);

    private static Task<Answer> AskAsync(PolicyApp app, string ns, bool breakGlass = false) =>
        app.As(app.Scene.Alice).PostAsync("/api/requests", Terms(ns, breakGlass));

    private static JsonObject Terms(string ns, bool breakGlass) =>
        new()
        {
            ["cluster"] = "demo",
            ["namespaces"] = new JsonArray(ns),
            ["rules"] = JsonNode.Parse("""[{ "resources": ["pods"], "verbs": ["get"] }]"""),
            ["breakGlass"] = breakGlass,
            ["reason"] = "restart the stuck consumer",
        };

    private static async Task StillDecidesAsync(PolicyApp app, string? version)
    {
        Assert.Equal(version, (await AskAsync(app, "one")).Expect(HttpStatusCode.Created).Json.At("policy.version"));
        Assert.Equal(
            version,
            (await app.As(app.Scene.Auditor).GetAsync("/api/policies/versions/in-force"))
                .Expect(HttpStatusCode.OK)
                .Json.At("version")
        );
    }

    private static async Task IsThePolicyOfThenAsync(PolicyApp app, JsonObject first, JsonObject second)
    {
        foreach (
            var (at, version, files) in new[]
            {
                (first.At("publishedAt"), first, Files),
                (second.At("publishedAt"), second, Changed),
            }
        )
        {
            var then = (
                await app.As(app.Scene.Auditor)
                    .GetAsync($"/api/policies/versions/in-force?at={Uri.EscapeDataString(at!)}")
            )
                .Expect(HttpStatusCode.OK)
                .Json;
            Assert.Equal(
                (version.At("version"), files),
                (then.At("version"), then["files"]!.AsArray().Single()!.At("content"))
            );
            Assert.Equal(
                files,
                (await app.As(app.Scene.Auditor).GetAsync($"/api/policies/versions/{version.At("version")}")).Json[
                    "files"
                ]!
                    .AsArray()
                    .Single()!
                    .At("content")
            );
        }

        (await app.As(app.Scene.Auditor).GetAsync("/api/policies/versions/in-force?at=2020-01-01")).ExpectProblem(
            404,
            "not-found"
        );
    }
}
