using System.Net;
using System.Text.Json.Nodes;
using JitFunctions.EndToEnd.Tests.Policies;
using JitFunctions.LocalStack;

namespace JitFunctions.EndToEnd.Tests.Access;

/// <summary>
/// Tokens of people in so many groups that Entra ID lists none of them. Their groups are not known then, and are not
/// none.
/// </summary>
public sealed class GroupsOverageTests(PlatformFixture fixture)
{
    private const string Files = """
        administrators: [platform-admins]
        auditors: [auditors]
        denials:
          - { name: no-contractors, groups: [contractors], because: Contractors have nothing to do here. }
        policies:
          - name: by-name
            users: [CONTRACTOR]
            clusters: [demo]
            namespaces: [one]
            rules: [{ resources: [pods], verbs: [get] }]
            maxDuration: 1h
            approval: { groups: [payments-leads] }
          - name: by-group
            groups: [payments-devs]
            clusters: [demo]
            namespaces: [one]
            rules: [{ resources: [pods], verbs: [get] }]
            maxDuration: 1h
            approval: { groups: [payments-leads] }
        """;

    private readonly Team _scene = Team.WithoutNamespace(fixture.Platform);

    private TokenIssuer Issuer => fixture.Platform.Issuer;

    [Fact]
    public async Task With_a_directory_its_groups_decide_for_requesters_reviewers_and_auditors()
    {
        var contractor = _scene.New("cora", "contractors");
        await using var app = await StartAsync("overage-graph", contractor);

        (await AsUnlisted(app, contractor).PostAsync("/api/requests", Terms())).ExpectProblem(403, "denied-by-policy");
        Assert.Equal(
            "denied-by-policy",
            (await AsUnlisted(app, contractor).PostAsync("/api/policies/simulate", Terms())).Json.At("code")
        );
        Assert.Equal(
            "by-group",
            Assert.Single((await AsUnlisted(app, _scene.Alice).GetAsync("/api/policies")).Items).At("policy")
        );
        var asked = await AsUnlisted(app, _scene.Alice).AskAsync(Terms());
        (await AsUnlisted(app, _scene.Stranger).PostAsync("/api/requests", Terms())).ExpectProblem(403, "not-covered");

        // Somebody whom the directory knows to be in no group has all of their groups in the answer, too.
        foreach (var (who, groups) in new[] { (_scene.Alice, """["payments-devs"]"""), (_scene.Stranger, "[]") })
        {
            var me = (await AsUnlisted(app, who).GetAsync("/api/whoami")).Expect(HttpStatusCode.OK).Json;
            Assert.Equal((groups, "true"), (me["groups"]!.ToJsonString(), me.At("groupsComplete")));
        }

        Assert.Equal(
            asked.Id(),
            Assert.Single((await AsUnlisted(app, _scene.Bob).GetAsync("/api/requests?reviewable=true")).Items).Id()
        );
        (await AsUnlisted(app, _scene.Alice).GetAsync("/api/audit/trail")).ExpectProblem(403, "not-allowed");
        var events = await AsUnlisted(app, _scene.Auditor).EventsAsync(asked.Id());
        Assert.Equal("payments-devs", events[0]["data"]!["groups"]!.AsArray().Single()!.ToString());
        Assert.Equal("approved", (await AsUnlisted(app, _scene.Bob).ApproveAsync(asked.Id())).At("status"));
    }

    [Fact]
    public async Task Who_is_no_longer_in_the_directory_is_nobody()
    {
        var gone = _scene.New("gwen", "payments-devs");
        await using var app = await StartAsync("overage-gone", gone);
        var api = AsUnlisted(app, gone);
        Issuer.Directory.Remove(gone.UserName);
        var refused = (await api.PostAsync("/api/requests", Terms())).ExpectProblem(403, "not-allowed");
        Assert.Contains($"knows nobody called {gone.UserName}", refused.Json.At("detail"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_directory_nothing_that_is_decided_by_groups_is_decided_and_the_answer_says_what_to_do()
    {
        await using var app = await StartAsync("overage-tokens", _scene.Stranger, ("Directory__Graph__Endpoint", null));
        var asked = (await app.As(_scene.Alice).AskAsync(Terms())).Id();

        var me = (await AsUnlisted(app, _scene.Alice).GetAsync("/api/whoami")).Expect(HttpStatusCode.OK).Json;
        Assert.Equal(("[]", "false"), (me["groups"]!.ToJsonString(), me.At("groupsComplete")));
        var refused = (await AsUnlisted(app, _scene.Alice).PostAsync("/api/requests", Terms())).ExpectProblem(
            403,
            "groups-overage"
        );
        Assert.Contains("Directory:Graph:Endpoint", refused.Json.At("detail"), StringComparison.Ordinal);
        foreach (
            var path in new[]
            {
                "/api/requests",
                $"/api/requests/{asked}",
                "/api/policies",
                "/api/audit/trail",
                "/api/audit/events",
                "/api/policies/versions",
            }
        )
            (await AsUnlisted(app, _scene.Auditor).GetAsync(path)).ExpectProblem(403, "groups-overage");
        (
            await AsUnlisted(app, _scene.Bob)
                .PostAsync($"/api/requests/{asked}/reviews", new { verdict = "approve", scope = "sha256:x" })
        ).ExpectProblem(403, "groups-overage");
        (await AsUnlisted(app, _scene.Administrator).PostAsync($"/api/requests/{asked}/revoke")).ExpectProblem(
            403,
            "groups-overage"
        );

        // What an earlier token listed is no longer so: nobody can tell by it whether she may have it still.
        var later = TimeProvider.System.GetUtcNow().AddSeconds(5).ToUnixTimeSeconds();
        await AsUnlisted(app, _scene.Alice, later).GetAsync("/api/requests");
        await app.As(_scene.Bob).ApproveAsync(asked);
        var waiting = await app.As(_scene.Bob)
            .WaitForAsync(asked, request => request.At("trouble.detail") is not null, "it is tried");
        Assert.Equal(
            $"The latest token of {_scene.Alice.UserName} does not list their groups.",
            waiting.At("trouble.detail")
        );

        // To give back takes no group.
        Assert.Equal("withdrawn", (await AsUnlisted(app, _scene.Alice).DoAsync(asked, "withdraw")).At("status"));
        (await AsUnlisted(app, _scene.Stranger).PostAsync($"/api/requests/{asked}/relinquish")).ExpectProblem(
            404,
            "not-found"
        );
    }

    private static Task<PolicyApp> StartAsync(
        PlatformFixture fixture,
        string name,
        Person contractor,
        params (string, string?)[] settings
    ) =>
        PolicyApp.StartAsync(
            fixture.Platform,
            name,
            Files.Replace("CONTRACTOR", contractor.UserName, StringComparison.Ordinal),
            settings
        );

    private Task<PolicyApp> StartAsync(string name, Person contractor, params (string, string?)[] settings) =>
        StartAsync(fixture, name, contractor, settings);

    /// <summary>
    /// With a token as Entra ID makes it for more than 200 groups. The directory knows the person by an earlier one.
    /// </summary>
    private Api AsUnlisted(PolicyApp app, Person person, long? issuedAt = null)
    {
        _ = Issuer.IssueToken(person);
        var overrides = new Dictionary<string, object?>
        {
            ["groups"] = null,
            ["_claim_names"] = new Dictionary<string, string> { ["groups"] = "src1" },
            ["_claim_sources"] = new Dictionary<string, object>
            {
                ["src1"] = new Dictionary<string, string>
                {
                    ["endpoint"] = "https://graph.microsoft.com/v1.0/users/x/getMemberObjects",
                },
            },
        };
        if (issuedAt is { } at)
            overrides["iat"] = at;
        return new(app.Host.Address, Issuer.IssueToken(person, overrides: overrides));
    }

    private JsonObject Terms() =>
        _scene
            .Terms(namespaces: "one")
            .With("role", null)
            .With(
                "rules",
                new JsonArray(
                    new JsonObject { ["resources"] = new JsonArray("pods"), ["verbs"] = new JsonArray("get") }
                )
            );
}
