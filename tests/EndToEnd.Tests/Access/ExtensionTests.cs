using System.Globalization;
using System.Text.Json.Nodes;

namespace JitFunctions.EndToEnd.Tests.Access;

/// <summary>
/// A grant that is made longer while it is active: without a review in <c>longer-*</c>, by one in <c>again-*</c>.
/// </summary>
public sealed class ExtensionTests(PlatformFixture fixture)
{
    private const string ExpiresAt = @"{.metadata.annotations.jit-access/expires-at}";
    private const string Free = "longer";
    private const string Reviewed = "again";

    // Long enough to ask for more before it ends, on however busy a machine.
    private const string Brief = "25s";

    [Fact]
    public async Task Where_no_review_is_asked_for_the_grant_and_its_binding_live_on()
    {
        var (team, grant) = await GrantAsync(Free, Brief);

        var extended = await team.As(team.Alice).DoAsync(grant.Id(), "extend", Body());

        Assert.Equal(grant.TimeAt("expiresAt").AddMinutes(5), extended.TimeAt("expiresAt"));
        await Eventually.Async(
            () => team.Cluster.BindingAsync(team.NamespaceOf(Free), $"jit-{grant.Id()}", ExpiresAt),
            found => found == Written(extended),
            "the binding says so"
        );
        await Eventually.IsAsync(grant.TimeAt("expiresAt").AddSeconds(2));
        Assert.Equal("active", (await team.As(team.Alice).ReadAsync(grant.Id())).At("status"));
        Assert.True(await team.Cluster.MayReadAsync(team.Alice, team.NamespaceOf(Free)));
        Assert.Empty(await team.DriftAsync(grant.Id()));
    }

    [Fact]
    public async Task The_role_of_an_ad_hoc_grant_says_the_new_end_too()
    {
        var team = await Team.SetAsync(fixture.Platform, Free);
        var terms = team.Terms(namespaces: team.NamespaceOf(Free))
            .With("role", null)
            .With("rules", JsonNode.Parse("""[{ "resources": ["configmaps"], "verbs": ["get", "list"] }]"""));
        var id = (await team.GrantAsync(terms)).Id();

        var extended = await team.As(team.Alice).DoAsync(id, "extend", Body());

        foreach (
            var read in new Func<string, string, string, Task<string>>[]
            {
                team.Cluster.BindingAsync,
                team.Cluster.RoleAsync,
            }
        )
            await Eventually.Async(
                () => read(team.NamespaceOf(Free), $"jit-{id}", ExpiresAt),
                found => found == Written(extended),
                "both say so"
            );
    }

    [Fact]
    public async Task No_extension_goes_beyond_what_the_policy_lets_at_once_and_in_all()
    {
        var (team, grant) = await GrantAsync(Free, "8m");
        (await ExtendAsync(team, grant, "11m")).ExpectProblem(403, "extension-too-long");
        (await ExtendAsync(team, grant, "8m")).ExpectProblem(403, "extension-too-long");

        await team.As(team.Alice).DoAsync(grant.Id(), "extend", Body("4m"));

        (await ExtendAsync(team, grant, "4m")).ExpectProblem(403, "extension-too-long");
        Assert.Equal(
            grant.TimeAt("expiresAt").AddMinutes(4),
            (await team.As(team.Alice).ReadAsync(grant.Id())).TimeAt("expiresAt")
        );
    }

    [Fact]
    public async Task Who_has_left_the_group_extends_nothing_with_a_token_from_before()
    {
        var (team, grant) = await GrantAsync(Free);
        var before = team.As(team.Alice);
        fixture.Platform.Issuer.Directory.SetGroups(team.Alice.UserName, "others");

        (await before.PostAsync($"/api/requests/{grant.Id()}/extend", Body())).ExpectProblem(403, "not-covered");
    }

    [Fact]
    public async Task Nobody_extends_for_somebody_else_and_nothing_is_extended_where_the_policy_does_not_say_so()
    {
        var (team, grant) = await GrantAsync(Free);
        foreach (var person in new[] { team.Bob, team.Administrator, team.Auditor })
            (await team.As(person).PostAsync($"/api/requests/{grant.Id()}/extend", Body())).ExpectProblem(
                403,
                "not-the-requester"
            );
        (await team.As(team.Stranger).PostAsync($"/api/requests/{grant.Id()}/extend", Body())).ExpectProblem(
            404,
            "not-found"
        );

        await team.Cluster.CreateNamespaceAsync(team.Namespace);
        var pending = await team.As(team.Alice).ReadAsync(await team.AskAsync());
        (await ExtendAsync(team, pending, "5m")).ExpectProblem(409, "wrong-state");
        (await ExtendAsync(team, await team.GrantAsync(), "5m")).ExpectProblem(403, "no-extension");
    }

    [Fact]
    public async Task Who_has_left_the_group_extends_nothing()
    {
        var (team, grant) = await GrantAsync(Free);
        var former = team.Alice with { Groups = ["others"] };

        (await team.As(former).PostAsync($"/api/requests/{grant.Id()}/extend", Body())).ExpectProblem(
            403,
            "not-covered"
        );
    }

    [Fact]
    public async Task A_grant_of_a_role_that_has_grown_since_is_not_made_longer()
    {
        var team = await Team.SetAsync(fixture.Platform, Free);
        var ns = team.NamespaceOf(Free);
        await team.Cluster.AdminAsync("create", "role", "debugger", "--verb=get,list", "--resource=pods", "-n", ns);
        var grant = await team.GrantAsync(team.Terms(role: "Role/debugger", namespaces: ns));
        await team.Cluster.AdminAsync(
            "patch",
            "role",
            "debugger",
            "-n",
            ns,
            "--type=json",
            """--patch=[{"op":"add","path":"/rules/0/resources/-","value":"secrets"}]"""
        );

        var refused = (await ExtendAsync(team, grant, "5m")).ExpectProblem(403, "not-covered");

        Assert.Contains("no longer allows what it did", refused.Json.At("detail"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_a_review_is_asked_for_the_extension_waits_for_one_of_its_own()
    {
        var (team, grant) = await GrantAsync(Reviewed);

        var waiting = await team.As(team.Alice).DoAsync(grant.Id(), "extend", Body());

        Assert.Equal(
            (grant.At("expiresAt"), "5m", "not done yet"),
            (waiting.At("expiresAt"), waiting.At("extension.duration"), waiting.At("extension.reason"))
        );
        Assert.NotEqual(waiting.At("scope"), waiting.At("extension.scope"));
        (await team.As(team.Alice).ReviewAsync(grant.Id(), "approve")).ExpectProblem(403, "self-review");
        (await team.As(team.Administrator).ReviewAsync(grant.Id(), "approve")).ExpectProblem(
            403,
            "administrator-review"
        );
        var other = (
            await team.As(team.Bob)
                .PostAsync(
                    $"/api/requests/{grant.Id()}/reviews",
                    new { verdict = "approve", scope = waiting.At("scope") }
                )
        ).ExpectProblem(409, "scope-changed");
        Assert.Equal(waiting.At("extension.scope"), other.Json.At("scope"));
        Assert.Contains(
            grant.Id(),
            (await team.As(team.Bob).GetAsync("/api/requests?reviewable=true")).Items.Select(item => item.Id())
        );

        var extended = await team.As(team.Bob).ApproveAsync(grant.Id());

        Assert.Equal(
            (grant.TimeAt("expiresAt").AddMinutes(5), null),
            (extended.TimeAt("expiresAt"), extended["extension"])
        );
        await Eventually.Async(
            () => team.Cluster.BindingAsync(team.NamespaceOf(Reviewed), $"jit-{grant.Id()}", ExpiresAt),
            found => found == Written(extended),
            "the binding says so"
        );
    }

    [Fact]
    public async Task A_denied_extension_leaves_the_grant_as_it_was_and_another_may_be_asked_for()
    {
        var (team, grant) = await GrantAsync(Reviewed);
        await team.As(team.Alice).DoAsync(grant.Id(), "extend", Body());
        (await ExtendAsync(team, grant, "4m")).ExpectProblem(409, "wrong-state");

        var denied = await team.As(team.Bob).DenyAsync(grant.Id(), "enough");

        Assert.Equal(
            (grant.At("expiresAt"), "active", null),
            (denied.At("expiresAt"), denied.At("status"), denied["extension"])
        );
        Assert.NotNull((await team.As(team.Alice).DoAsync(grant.Id(), "extend", Body()))["extension"]);
    }

    [Fact]
    public async Task An_extension_that_nobody_reviews_does_not_keep_the_grant()
    {
        var (team, grant) = await GrantAsync(Reviewed, Brief);
        var scope = (await team.As(team.Alice).DoAsync(grant.Id(), "extend", Body())).At("extension.scope");

        var ended = await team.As(team.Alice).WaitForAsync(grant.Id(), "ended");

        Assert.Equal("expired", ended.At("ending.cause"));
        Assert.True(
            ended.TimeAt("endedAt") < grant.TimeAt("expiresAt").AddMinutes(5),
            "it ended when the extension would have"
        );
        (
            await team.As(team.Bob).PostAsync($"/api/requests/{grant.Id()}/reviews", new { verdict = "approve", scope })
        ).ExpectProblem(409, "wrong-state");
        Assert.False(await team.Cluster.HasBindingAsync(team.NamespaceOf(Reviewed), $"jit-{grant.Id()}"));
    }

    [Fact]
    public async Task An_extension_is_not_approved_for_somebody_who_has_left_meanwhile()
    {
        var (team, grant) = await GrantAsync(Reviewed);
        await team.As(team.Alice).DoAsync(grant.Id(), "extend", Body());
        fixture.Platform.Issuer.Directory.SetGroups(team.Alice.UserName, "others");

        (await team.As(team.Bob).ReviewAsync(grant.Id(), "approve")).ExpectProblem(403, "not-covered");

        Assert.Equal(grant.At("expiresAt"), (await team.As(team.Bob).ReadAsync(grant.Id())).At("expiresAt"));
        await team.As(team.Bob).DenyAsync(grant.Id());
    }

    private static object Body(string duration = "5m") => new { duration, reason = "not done yet" };

    private static Task<Answer> ExtendAsync(Team team, JsonObject grant, string duration) =>
        team.As(team.Alice).PostAsync($"/api/requests/{grant.Id()}/extend", Body(duration));

    private async Task<(Team Scene, JsonObject Grant)> GrantAsync(string prefix, string duration = "10m")
    {
        var team = await Team.SetAsync(fixture.Platform, prefix);
        return (team, await team.GrantAsync(team.Terms(duration, "ClusterRole/view", team.NamespaceOf(prefix))));
    }

    private static string Written(JsonObject request) =>
        request.TimeAt("expiresAt").UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
}
