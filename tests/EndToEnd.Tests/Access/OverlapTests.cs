using System.Net;
using System.Text.Json.Nodes;

namespace JitFunctions.EndToEnd.Tests.Access;

/// <summary>When something else allows what a grant allowed.</summary>
public sealed class OverlapTests(PlatformFixture fixture)
{
    // The API server writes no smaller parts of the time at which an object was made.
    private static readonly TimeSpan WholeSeconds = TimeSpan.FromSeconds(1.1);

    [Fact]
    public async Task Ending_one_of_two_grants_leaves_the_other_and_its_proof_names_it()
    {
        var team = await Team.SetAsync(fixture.Platform, "beside");
        var (ns, terms) = (
            team.NamespaceOf("beside"),
            team.Terms("10m", "ClusterRole/edit", team.NamespaceOf("beside"))
        );
        var (first, second) = ((await team.GrantAsync(terms)).Id(), (await team.GrantAsync(terms)).Id());

        await team.As(team.Alice).DoAsync(first, "relinquish");
        var ended = await team.As(team.Alice).WaitForAsync(first, "ended");

        Assert.Equal("stillAllowed", ended.At("denialProof.verdict"));
        // It was made before the first one ended, and after it had begun.
        var other = Assert.Single(ended["denialProof"]!["allowedBy"]!.AsArray())!;
        Assert.Equal(
            (ns, $"jit-{second}", "ClusterRole/edit"),
            (other.At("namespace"), other.At("name"), other.At("role"))
        );
        Assert.True(await team.Cluster.MayReadAsync(team.Alice, ns));
        Assert.Equal("active", (await team.As(team.Alice).ReadAsync(second)).At("status"));

        await team.As(team.Alice).DoAsync(second, "relinquish");
        var last = await team.As(team.Alice).WaitForAsync(second, "ended");
        Assert.Equal("denied", last.At("denialProof.verdict"));
        await team.Cluster.MayNotReadSoonAsync(team.Alice, ns);
    }

    [Fact]
    public async Task A_second_grant_of_the_same_person_is_refused_until_the_first_is_relinquished()
    {
        var team = await Team.SetAsync(fixture.Platform, "single");
        var first = (await team.GrantAsync(Single(team))).Id();

        var refused = (await team.As(team.Alice).PostAsync("/api/requests", Single(team, "ClusterRole/view"))).Expect(
            HttpStatusCode.Conflict
        );

        Assert.Equal(("overlapping-grant", first), (refused.Json.At("code"), refused.Json.At("grant")));
        Assert.Contains($"kubectl jit extend {first}", refused.Json.At("detail"), StringComparison.Ordinal);
        await team.As(team.Alice).DoAsync(first, "relinquish");
        Assert.Equal("active", (await team.GrantAsync(Single(team, "ClusterRole/view"))).At("status"));
    }

    [Fact]
    public async Task Of_two_requests_that_were_approved_at_the_same_time_one_is_never_active_beside_the_other()
    {
        var team = await Team.SetAsync(fixture.Platform, "single");
        var ids = new[] { await team.AskAsync(Single(team)), await team.AskAsync(Single(team)) };

        await Task.WhenAll(ids.Select(id => team.As(team.Bob).ApproveAsync(id)));

        var requests = await Task.WhenAll(
            ids.Select(id =>
                Eventually.Async(
                    () => team.As(team.Alice).ReadAsync(id),
                    request => request.At("status") is "active" or "failed",
                    "it is active or failed"
                )
            )
        );
        Assert.Equal(["active", "failed"], requests.Select(request => request.At("status")!).Order());
        var (active, failed) = (
            requests.Single(one => one.At("status") == "active").Id(),
            requests.Single(one => one.At("status") == "failed")
        );
        Assert.Contains(
            $"Your grant {active} has some of these rights",
            failed.ToJsonString(),
            StringComparison.Ordinal
        );
        Assert.True(await team.Cluster.HasBindingAsync(team.NamespaceOf("single"), $"jit-{active}"));
        Assert.False(await team.Cluster.HasBindingAsync(team.NamespaceOf("single"), $"jit-{failed.Id()}"));
    }

    [Fact]
    public async Task Where_the_policy_merges_a_request_becomes_an_extension_of_the_grant_with_its_review()
    {
        var team = await Team.SetAsync(fixture.Platform, "merge");
        var ns = team.NamespaceOf("merge");
        var grant = await team.GrantAsync(team.Terms("10m", "ClusterRole/view", ns));

        var merged = (
            await team.As(team.Alice).PostAsync("/api/requests", team.Terms("30m", "ClusterRole/view", ns))
        ).Expect(HttpStatusCode.OK);
        var more = (
            await team.As(team.Alice).PostAsync("/api/requests", team.Terms("30m", "ClusterRole/edit", ns))
        ).Expect(HttpStatusCode.Conflict);

        Assert.Equal(grant.Id(), merged.Json.Id());
        Assert.Equal(grant.At("expiresAt"), merged.Json.At("expiresAt"));
        Assert.NotNull(merged.Json["extension"]);
        Assert.Equal("overlapping-grant", more.Json.At("code"));
        await team.As(team.Bob).ApproveAsync(grant.Id());
        var extended = await team.As(team.Alice).ReadAsync(grant.Id());
        Assert.InRange(
            extended.TimeAt("expiresAt") - grant.TimeAt("expiresAt"),
            TimeSpan.FromMinutes(19),
            TimeSpan.FromMinutes(21)
        );
    }

    [Fact]
    public async Task A_standing_binding_that_allows_the_same_is_named_in_the_proof()
    {
        var team = await Team.SetAsync(fixture.Platform);
        await team.Cluster.CreateBindingAsync(team.Namespace, "standing-view", "view", team.Alice.UserName);
        await Task.Delay(WholeSeconds, TestContext.Current.CancellationToken);
        var id = (await team.GrantAsync()).Id();

        await team.As(team.Alice).DoAsync(id, "relinquish");

        var ended = await team.As(team.Alice).WaitForAsync(id, "ended");
        Assert.Equal("stillAllowed", ended.At("denialProof.verdict"));
        var standing = Assert.Single(ended["denialProof"]!["allowedBy"]!.AsArray())!;
        Assert.Equal(
            (team.Namespace, "standing-view", "ClusterRole/view", $"User/{team.Alice.UserName}", "false"),
            (
                standing.At("namespace"),
                standing.At("name"),
                standing.At("role"),
                standing.At("subject"),
                standing.At("duringGrant")
            )
        );
        Assert.True(await team.Cluster.MayReadAsync(team.Alice, team.Namespace));
    }

    // The API server quotes names as Go does; a name that holds what a URL or the reason is made of is one name all the
    // same.
    [Theory]
    [InlineData("-x")]
    [InlineData("x")]
    [InlineData("?x=\"y\" #é\\ of Role \"edit\" to User \"x\"")]
    public async Task A_binding_whose_name_only_begins_like_that_of_the_grant_is_named_and_keeps_no_grant_from_ending(
        string suffix
    )
    {
        var team = await Team.SetAsync(fixture.Platform);
        var id = (await team.GrantAsync()).Id();
        await team.Cluster.CreateBindingAsync(team.Namespace, $"jit-{id}{suffix}", "edit", team.Alice.UserName);

        await team.As(team.Alice).DoAsync(id, "relinquish");

        var ended = await team.As(team.Alice).WaitForAsync(id, "ended");
        Assert.Equal("stillAllowed", ended.At("denialProof.verdict"));
        var other = Assert.Single(ended["denialProof"]!["allowedBy"]!.AsArray())!.AsObject();
        Assert.Equal(
            (team.Namespace, $"jit-{id}{suffix}", "ClusterRole/edit", $"User/{team.Alice.UserName}", "true"),
            (other.At("namespace"), other.At("name"), other.At("role"), other.At("subject"), other.At("duringGrant"))
        );
        Assert.InRange(other.TimeAt("madeAt"), ended.TimeAt("activatedAt").AddSeconds(-1), ended.TimeAt("endedAt"));
        Assert.Contains(
            $"RoleBinding jit-{id}{suffix} in {team.Namespace} ",
            ended.At("denialProof.detail"),
            StringComparison.Ordinal
        );
        Assert.False(await team.Cluster.HasBindingAsync(team.Namespace, $"jit-{id}"));
    }

    [Fact]
    public async Task The_same_name_elsewhere_is_not_the_binding_of_the_grant()
    {
        var team = await Team.SetAsync(fixture.Platform);
        var id = (await team.GrantAsync()).Id();
        await team.Cluster.CreateBindingAsync(null, $"jit-{id}", "edit", team.Alice.UserName);

        await team.As(team.Alice).DoAsync(id, "relinquish");

        var other = Assert.Single(
            (await team.As(team.Alice).WaitForAsync(id, "ended"))["denialProof"]!["allowedBy"]!.AsArray()
        )!;
        Assert.Equal((null, $"jit-{id}", "true"), (other.At("namespace"), other.At("name"), other.At("duringGrant")));
        await team.Cluster.DeleteBindingAsync(null, $"jit-{id}");
    }

    [Fact]
    public async Task An_older_binding_that_gets_the_requester_as_subject_during_the_grant_is_shown_as_changed()
    {
        var team = await Team.SetAsync(fixture.Platform);
        await team.Cluster.CreateBindingAsync(team.Namespace, "team", "edit", team.Stranger.UserName);
        await Task.Delay(WholeSeconds, TestContext.Current.CancellationToken);
        var id = (await team.GrantAsync()).Id();
        await team.Cluster.PatchBindingAsync(
            team.Namespace,
            "team",
            $$$"""[{"op":"add","path":"/subjects/-","value":{"apiGroup":"rbac.authorization.k8s.io","kind":"User","name":"{{{team.Alice.UserName}}}"}}]"""
        );

        await team.As(team.Alice).DoAsync(id, "relinquish");

        var ended = await team.As(team.Alice).WaitForAsync(id, "ended");
        var other = Assert.Single(ended["denialProof"]!["allowedBy"]!.AsArray())!.AsObject();
        Assert.Equal(("team", "true"), (other.At("name"), other.At("duringGrant")));
        Assert.True(
            other.TimeAt("madeAt") < ended.TimeAt("activatedAt")
                && other.TimeAt("changedAt") >= ended.TimeAt("activatedAt").AddSeconds(-1)
        );
    }

    private static JsonObject Single(Team team, string role = "ClusterRole/edit") =>
        team.Terms("10m", role, team.NamespaceOf("single"));
}
