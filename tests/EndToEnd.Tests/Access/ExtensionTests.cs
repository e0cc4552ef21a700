using System.Globalization;
using System.Text.Json.Nodes;

namespace JitFunctions.EndToEnd.Tests.Access;

/// <summary>
/// A grant that is made longer while it is active: without a review in <c>longer-*</c>, by one in <c>again-*</c>.
/// </summary>
public sealed class ExtensionTests(Stage stage)
{
    private const string ExpiresAt = @"{.metadata.annotations.jit-access/expires-at}";
    private const string Free = "longer";
    private const string Reviewed = "again";

    // Long enough to ask for more before it ends, on however busy a machine.
    private const string Brief = "25s";

    [Fact]
    public async Task Where_no_review_is_asked_for_the_grant_and_its_binding_live_on()
    {
        var (scene, grant) = await GrantAsync(Free, Brief);

        var extended = await scene.As(scene.Alice).DoAsync(grant.Id(), "extend", Body());

        Assert.Equal(grant.TimeAt("expiresAt").AddMinutes(5), extended.TimeAt("expiresAt"));
        await Eventually.Async(
            () => scene.Cluster.BindingAsync(scene.NamespaceOf(Free), $"jit-{grant.Id()}", ExpiresAt),
            found => found == Written(extended),
            "the binding says so"
        );
        await Eventually.IsAsync(grant.TimeAt("expiresAt").AddSeconds(2));
        Assert.Equal("active", (await scene.As(scene.Alice).ReadAsync(grant.Id())).At("status"));
        Assert.True(await scene.Cluster.MayReadAsync(scene.Alice, scene.NamespaceOf(Free)));
        Assert.Empty(await scene.DriftAsync(grant.Id()));
    }

    [Fact]
    public async Task The_role_of_an_ad_hoc_grant_says_the_new_end_too()
    {
        var scene = await Scene.SetAsync(stage.Platform, Free);
        var terms = scene
            .Terms(namespaces: scene.NamespaceOf(Free))
            .With("role", null)
            .With("rules", JsonNode.Parse("""[{ "resources": ["configmaps"], "verbs": ["get", "list"] }]"""));
        var id = (await scene.GrantAsync(terms)).Id();

        var extended = await scene.As(scene.Alice).DoAsync(id, "extend", Body());

        foreach (
            var read in new Func<string, string, string, Task<string>>[]
            {
                scene.Cluster.BindingAsync,
                scene.Cluster.RoleAsync,
            }
        )
            await Eventually.Async(
                () => read(scene.NamespaceOf(Free), $"jit-{id}", ExpiresAt),
                found => found == Written(extended),
                "both say so"
            );
    }

    [Fact]
    public async Task No_extension_goes_beyond_what_the_policy_lets_at_once_and_in_all()
    {
        var (scene, grant) = await GrantAsync(Free, "8m");
        (await ExtendAsync(scene, grant, "11m")).ExpectProblem(403, "extension-too-long");
        (await ExtendAsync(scene, grant, "8m")).ExpectProblem(403, "extension-too-long");

        await scene.As(scene.Alice).DoAsync(grant.Id(), "extend", Body("4m"));

        (await ExtendAsync(scene, grant, "4m")).ExpectProblem(403, "extension-too-long");
        Assert.Equal(
            grant.TimeAt("expiresAt").AddMinutes(4),
            (await scene.As(scene.Alice).ReadAsync(grant.Id())).TimeAt("expiresAt")
        );
    }

    [Fact]
    public async Task Who_has_left_the_group_extends_nothing_with_a_token_from_before()
    {
        var (scene, grant) = await GrantAsync(Free);
        var before = scene.As(scene.Alice);
        stage.Platform.Issuer.Directory.SetGroups(scene.Alice.UserName, "others");

        (await before.PostAsync($"/api/requests/{grant.Id()}/extend", Body())).ExpectProblem(403, "not-covered");
    }

    [Fact]
    public async Task Nobody_extends_for_somebody_else_and_nothing_is_extended_where_the_policy_does_not_say_so()
    {
        var (scene, grant) = await GrantAsync(Free);
        foreach (var person in new[] { scene.Bob, scene.Administrator, scene.Auditor })
            (await scene.As(person).PostAsync($"/api/requests/{grant.Id()}/extend", Body())).ExpectProblem(
                403,
                "not-the-requester"
            );
        (await scene.As(scene.Stranger).PostAsync($"/api/requests/{grant.Id()}/extend", Body())).ExpectProblem(
            404,
            "not-found"
        );

        await scene.Cluster.CreateNamespaceAsync(scene.Namespace);
        (await ExtendAsync(scene, await scene.GrantAsync(), "5m")).ExpectProblem(403, "no-extension");
        (await ExtendAsync(scene, await scene.As(scene.Alice).ReadAsync(await scene.AskAsync()), "5m")).ExpectProblem(
            409,
            "wrong-state"
        );
    }

    [Fact]
    public async Task Who_has_left_the_group_extends_nothing()
    {
        var (scene, grant) = await GrantAsync(Free);
        var former = scene.Alice with { Groups = ["others"] };

        (await scene.As(former).PostAsync($"/api/requests/{grant.Id()}/extend", Body())).ExpectProblem(
            403,
            "not-covered"
        );
    }

    [Fact]
    public async Task A_grant_of_a_role_that_has_grown_since_is_not_made_longer()
    {
        var scene = await Scene.SetAsync(stage.Platform, Free);
        var ns = scene.NamespaceOf(Free);
        await scene.Cluster.AdminAsync("create", "role", "debugger", "--verb=get,list", "--resource=pods", "-n", ns);
        var grant = await scene.GrantAsync(scene.Terms(role: "Role/debugger", namespaces: ns));
        await scene.Cluster.AdminAsync(
            "patch",
            "role",
            "debugger",
            "-n",
            ns,
            "--type=json",
            """--patch=[{"op":"add","path":"/rules/0/resources/-","value":"secrets"}]"""
        );

        var refused = (await ExtendAsync(scene, grant, "5m")).ExpectProblem(403, "not-covered");

        Assert.Contains("no longer allows what it did", refused.Json.At("detail"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_a_review_is_asked_for_the_extension_waits_for_one_of_its_own()
    {
        var (scene, grant) = await GrantAsync(Reviewed);

        var waiting = await scene.As(scene.Alice).DoAsync(grant.Id(), "extend", Body());

        Assert.Equal(
            (grant.At("expiresAt"), "5m", "not done yet"),
            (waiting.At("expiresAt"), waiting.At("extension.duration"), waiting.At("extension.reason"))
        );
        Assert.NotEqual(waiting.At("scope"), waiting.At("extension.scope"));
        (await scene.As(scene.Alice).ReviewAsync(grant.Id(), "approve")).ExpectProblem(403, "self-review");
        (await scene.As(scene.Administrator).ReviewAsync(grant.Id(), "approve")).ExpectProblem(
            403,
            "administrator-review"
        );
        var other = (
            await scene
                .As(scene.Bob)
                .PostAsync(
                    $"/api/requests/{grant.Id()}/reviews",
                    new { verdict = "approve", scope = waiting.At("scope") }
                )
        ).ExpectProblem(409, "scope-changed");
        Assert.Equal(waiting.At("extension.scope"), other.Json.At("scope"));
        Assert.Contains(
            grant.Id(),
            (await scene.As(scene.Bob).GetAsync("/api/requests?reviewable=true")).Items.Select(item => item.Id())
        );

        var extended = await scene.As(scene.Bob).ApproveAsync(grant.Id());

        Assert.Equal(
            (grant.TimeAt("expiresAt").AddMinutes(5), null),
            (extended.TimeAt("expiresAt"), extended["extension"])
        );
        await Eventually.Async(
            () => scene.Cluster.BindingAsync(scene.NamespaceOf(Reviewed), $"jit-{grant.Id()}", ExpiresAt),
            found => found == Written(extended),
            "the binding says so"
        );
    }

    [Fact]
    public async Task A_denied_extension_leaves_the_grant_as_it_was_and_another_may_be_asked_for()
    {
        var (scene, grant) = await GrantAsync(Reviewed);
        await scene.As(scene.Alice).DoAsync(grant.Id(), "extend", Body());
        (await ExtendAsync(scene, grant, "4m")).ExpectProblem(409, "wrong-state");

        var denied = await scene.As(scene.Bob).DenyAsync(grant.Id(), "enough");

        Assert.Equal(
            (grant.At("expiresAt"), "active", null),
            (denied.At("expiresAt"), denied.At("status"), denied["extension"])
        );
        Assert.NotNull((await scene.As(scene.Alice).DoAsync(grant.Id(), "extend", Body()))["extension"]);
    }

    [Fact]
    public async Task An_extension_that_nobody_reviews_does_not_keep_the_grant()
    {
        var (scene, grant) = await GrantAsync(Reviewed, Brief);
        var scope = (await scene.As(scene.Alice).DoAsync(grant.Id(), "extend", Body())).At("extension.scope");

        var ended = await scene.As(scene.Alice).WaitForAsync(grant.Id(), "ended");

        Assert.Equal("expired", ended.At("ending.cause"));
        Assert.True(
            ended.TimeAt("endedAt") < grant.TimeAt("expiresAt").AddMinutes(5),
            "it ended when the extension would have"
        );
        (
            await scene
                .As(scene.Bob)
                .PostAsync($"/api/requests/{grant.Id()}/reviews", new { verdict = "approve", scope })
        ).ExpectProblem(409, "wrong-state");
        Assert.False(await scene.Cluster.HasBindingAsync(scene.NamespaceOf(Reviewed), $"jit-{grant.Id()}"));
    }

    [Fact]
    public async Task An_extension_is_not_approved_for_somebody_who_has_left_meanwhile()
    {
        var (scene, grant) = await GrantAsync(Reviewed);
        await scene.As(scene.Alice).DoAsync(grant.Id(), "extend", Body());
        stage.Platform.Issuer.Directory.SetGroups(scene.Alice.UserName, "others");

        (await scene.As(scene.Bob).ReviewAsync(grant.Id(), "approve")).ExpectProblem(403, "not-covered");

        Assert.Equal(grant.At("expiresAt"), (await scene.As(scene.Bob).ReadAsync(grant.Id())).At("expiresAt"));
        await scene.As(scene.Bob).DenyAsync(grant.Id());
    }

    private static object Body(string duration = "5m") => new { duration, reason = "not done yet" };

    private static Task<Answer> ExtendAsync(Scene scene, JsonObject grant, string duration) =>
        scene.As(scene.Alice).PostAsync($"/api/requests/{grant.Id()}/extend", Body(duration));

    private async Task<(Scene Scene, JsonObject Grant)> GrantAsync(string prefix, string duration = "10m")
    {
        var scene = await Scene.SetAsync(stage.Platform, prefix);
        return (scene, await scene.GrantAsync(scene.Terms(duration, "ClusterRole/view", scene.NamespaceOf(prefix))));
    }

    private static string Written(JsonObject request) =>
        request.TimeAt("expiresAt").UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
}
