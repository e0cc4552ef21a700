using System.Text.Json.Nodes;

namespace JitFunctions.EndToEnd.Tests.Input;

/// <summary>Well-formed requests for what cannot, or may not, be asked for.</summary>
public sealed class BadTermsTests(PlatformFixture fixture)
{
    private readonly Team _scene = Team.WithoutNamespace(fixture.Platform);

    [Theory]
    [InlineData("")]
    [InlineData("0s")]
    [InlineData("4s")]
    [InlineData("-5m")]
    [InlineData("+5m")]
    [InlineData("10")]
    [InlineData("1d")]
    [InlineData("1.5h")]
    [InlineData("5m1h")]
    [InlineData("1h1h")]
    [InlineData("10M")]
    [InlineData(" 10m")]
    [InlineData("10m\n")]
    [InlineData("١٠m")]
    [InlineData("168h1s")]
    [InlineData("999999h")]
    [InlineData("99999999999999999999h")]
    public async Task A_duration_that_is_none_or_absurd(string duration) =>
        await InvalidAsync(_scene.Terms(duration), "duration");

    [Theory]
    [InlineData("")]
    [InlineData("Team-a")]
    [InlineData("-team")]
    [InlineData("team-")]
    [InlineData("team_a")]
    [InlineData("team.a")]
    [InlineData("team-*")]
    [InlineData("team-a/../kube-system")]
    [InlineData("team-a\n")]
    [InlineData("team-\u0000")]
    [InlineData("tëam")]
    [InlineData("team-00000000000000000000000000000000000000000000000000000000000")]
    public async Task A_namespace_that_is_no_DNS_label(string name) =>
        await InvalidAsync(_scene.Terms(namespaces: name), "namespaces");

    [Theory]
    [InlineData("""["team-a","team-a"]""", null)]
    [InlineData("""["team-a",null]""", null)]
    [InlineData("""["team-a"]""", true)]
    [InlineData("[]", null)]
    [InlineData("[]", false)]
    [InlineData(null, null)]
    [InlineData(null, false)]
    public async Task Neither_one_place_nor_the_other(string? namespaces, bool? clusterWide) =>
        await InvalidAsync(
            _scene
                .Terms()
                .With("namespaces", namespaces is null ? null : JsonNode.Parse(namespaces))
                .With("clusterWide", clusterWide),
            "namespaces"
        );

    [Fact]
    public async Task Too_many_namespaces() =>
        await InvalidAsync(
            _scene.Terms(namespaces: [.. Enumerable.Range(0, 51).Select(i => $"team-{i}")]),
            "namespaces"
        );

    [Theory]
    [InlineData("role", "clusterrole", "edit", "role.kind")]
    [InlineData("role", "Namespace", "edit", "role.kind")]
    [InlineData("role", "ClusterRole", "", "role.name")]
    [InlineData("role", "ClusterRole", "a/b", "role.name")]
    [InlineData("role", "ClusterRole", "..", "role.name")]
    [InlineData("role", "ClusterRole", "a%2fb", "role.name")]
    [InlineData("role", "ClusterRole", "a b", "role.name")]
    [InlineData("role", "ClusterRole", "a\u0000", "role.name")]
    public async Task A_role_that_cannot_be(string field, string kind, string name, string error) =>
        await InvalidAsync(_scene.Terms().With(field, new JsonObject { ["kind"] = kind, ["name"] = name }), error);

    /// <summary>As a policy with roles only would cover it, and Kubernetes takes no such rule.</summary>
    [Theory]
    [InlineData(
        """{ "apiGroups": [], "resources": ["pods"], "verbs": ["get"] }""",
        "rules[1].apiGroups is empty, so that the rule allows nothing: name API groups, or leave it out for the "
            + "core group."
    )]
    [InlineData(
        """{ "resources": [], "verbs": ["get"] }""",
        "rules[1].resources names none, so that the rule allows nothing: name resources, such as pods."
    )]
    [InlineData(
        """{ "resources": ["pods"] }""",
        "rules[1].verbs names none, so that the rule allows nothing: name verbs, such as get."
    )]
    public async Task A_rule_that_allows_nothing(string rule, string message)
    {
        var rules = JsonNode.Parse($$"""[{ "resources": ["pods"], "verbs": ["get"] }, {{rule}}]""");
        var answer = await RefusedAsync(_scene.Terms().With("role", null).With("rules", rules), 400, "invalid-request");
        var error = Assert.Single(answer.Json["errors"]!.AsArray())!;
        Assert.Equal(("rules", message), (error.At("field"), error.At("message")));
    }

    [Fact]
    public async Task A_Role_of_a_namespace_for_the_whole_cluster() =>
        await InvalidAsync(
            _scene.Terms(role: "Role/debugger").With("namespaces", null).With("clusterWide", true),
            "role.kind"
        );

    [Theory]
    [InlineData("reason", "")]
    [InlineData("reason", " \n ")]
    [InlineData("reason", "red\u001b[31m")]
    [InlineData("reason", "nul\u0000")]
    [InlineData("ticket", "")]
    [InlineData("ticket", "a\rb")]
    [InlineData("cluster", "")]
    [InlineData("cluster", "Demo")]
    [InlineData("cluster", "demo/../other")]
    public async Task Text_that_is_empty_or_would_not_be_shown(string field, string text) =>
        await InvalidAsync(_scene.Terms().With(field, text), field);

    [Theory]
    [InlineData("reason", 1001)]
    [InlineData("ticket", 101)]
    [InlineData("cluster", 64)]
    public async Task Text_that_is_too_long(string field, int length) =>
        await InvalidAsync(_scene.Terms().With(field, new string('a', length)), field);

    // Half of a character outside the basic plane: valid JSON, but no text.
    [Theory]
    [InlineData("reason")]
    [InlineData("cluster")]
    [InlineData("ticket")]
    public async Task Half_a_character(string field)
    {
        var body = _scene
            .Terms()
            .With(field, "#")
            .ToJsonString()
            .Replace("\"#\"", "\"\\ud83d\"", StringComparison.Ordinal);
        var answer = await _scene.As(_scene.Alice).PostTextAsync("/api/requests", body);
        Assert.True(
            (int)answer.Status == 400 && answer.Code is "malformed-json" or "invalid-request",
            answer.ToString()
        );
        await _scene.NothingIsWrittenAsync();
    }

    [Fact]
    public async Task A_cluster_that_nobody_configured() =>
        await RefusedAsync(_scene.Terms().With("cluster", "other"), 422, "unknown-cluster");

    [Fact]
    public async Task What_no_policy_covers()
    {
        await RefusedAsync(_scene.Terms(namespaces: "kube-system"), 403, "not-covered");
        await RefusedAsync(_scene.Terms(namespaces: ["team-a", "orders"]), 403, "not-covered");
        await RefusedAsync(_scene.Terms(role: "ClusterRole/cluster-admin"), 403, "not-covered");
        await RefusedAsync(_scene.Terms(role: "Role/edit"), 403, "not-covered");
        await RefusedAsync(_scene.Terms("1h1s"), 403, "not-covered");
        await RefusedAsync(_scene.Terms().With("namespaces", null).With("clusterWide", true), 403, "not-covered");
    }

    [Fact]
    public async Task Who_is_in_no_policy_asks_for_nothing()
    {
        foreach (var person in new[] { _scene.Stranger, _scene.Bob, _scene.Administrator, _scene.Auditor })
            (await _scene.As(person).PostAsync("/api/requests", _scene.Terms())).ExpectProblem(403, "not-covered");
        await _scene.NothingIsWrittenAsync();
    }

    private async Task InvalidAsync(JsonObject terms, string field)
    {
        var answer = await RefusedAsync(terms, 400, "invalid-request");
        Assert.Contains(answer.Json["errors"]!.AsArray(), error => error!.At("field") == field);
    }

    private async Task<Answer> RefusedAsync(JsonObject terms, int status, string code)
    {
        var answer = (await _scene.As(_scene.Alice).PostAsync("/api/requests", terms)).ExpectProblem(status, code);
        await _scene.NothingIsWrittenAsync();
        return answer;
    }
}
