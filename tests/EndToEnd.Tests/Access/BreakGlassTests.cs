using System.Text.Json.Nodes;
using JitFunctions.LocalStack;

namespace JitFunctions.EndToEnd.Tests.Access;

/// <summary>Rights at once, for which the reviews are owed.</summary>
public sealed class BreakGlassTests(Stage stage)
{
    private const string Prefix = "fire";

    private NotificationInbox Inbox => stage.Platform.Notifications;

    [Fact]
    public async Task The_rights_are_there_at_once_and_everybody_who_was_skipped_is_told()
    {
        var (scene, active) = await BreakAsync();
        var id = active.Id();

        Assert.Empty(active["reviews"]!.AsArray());
        Assert.Equal(active.TimeAt("requestedAt").AddHours(4), active["breakGlass"]!.TimeAt("reviewBy"));
        await scene.Cluster.MayReadSoonAsync(scene.Alice, scene.NamespaceOf(Prefix));

        var notice = (
            await Eventually.Async(
                () => Task.FromResult(NoticeOf(id)),
                found => found is not null,
                "the approvers are told"
            )
        )!;
        Assert.Equal(("jit.break_glass.used", $"{id}-break-glass"), (notice.At("type"), notice.At("id")));
        var data = notice["data"]!;
        Assert.Equal(
            (scene.Alice.UserName, "demo", "10m", "restart the stuck consumer"),
            (data.At("requester"), data.At("cluster"), data.At("duration"), data.At("reason"))
        );
        Assert.Equal(
            (scene.NamespaceOf(Prefix), "ClusterRole/edit"),
            (data["namespaces"]!.AsArray().Single()!.ToString(), data.At("rights"))
        );
        Assert.Equal(
            "payments-leads",
            data["skippedApprovers"]!.AsArray().Single()!["groups"]!.AsArray().Single()!.ToString()
        );
        await scene
            .As(scene.Alice)
            .WaitForAsync(
                id,
                request => request.At("breakGlass.notifiedAt") is not null,
                "it is known that they were told"
            );

        var events = await scene.As(scene.Alice).EventsAsync(id);
        Assert.Equal(
            ["access_requested", "request_approved", "activation_started", "access_activated", "approvers_notified"],
            events.Types()
        );
        Assert.Equal(("true", "false"), (events[1].At("data.breakGlass"), events[1].At("data.automatic")));
        var trail = (await scene.As(scene.Auditor).GetAsync($"/api/audit/trail?request={id}")).Items;
        Assert.Contains(
            trail,
            entry => entry.At("summary")!.Contains("takes, by break-glass,", StringComparison.Ordinal)
        );
        Assert.Contains(id, await OwedAsync(scene));
        Assert.Equal(0, Inbox.Refused);
    }

    [Fact]
    public async Task Who_cannot_be_told_at_first_is_told_when_it_is_possible()
    {
        Inbox.Failing = true;
        try
        {
            var (scene, active) = await BreakAsync();
            await Eventually.Async(
                () => Task.FromResult(Inbox.TurnedAway.Count(id => id == $"{active.Id()}-break-glass") > 1),
                "it is tried again"
            );
            Assert.Null((await scene.As(scene.Alice).ReadAsync(active.Id())).At("breakGlass.notifiedAt"));
            Inbox.Failing = false;

            await scene
                .As(scene.Alice)
                .WaitForAsync(active.Id(), request => request.At("breakGlass.notifiedAt") is not null, "they are told");
            Assert.NotNull(NoticeOf(active.Id()));
            Assert.Equal(
                "reconciler",
                Assert
                    .Single(
                        await scene.As(scene.Auditor).EventsAsync(active.Id()),
                        e => e.At("type") == "approvers_notified"
                    )
                    .At("channel")
            );
        }
        finally
        {
            Inbox.Failing = false;
        }
    }

    [Fact]
    public async Task Nobody_is_told_before_the_rights_are_there()
    {
        var scene = await Scene.SetAsync(stage.Platform, Prefix);
        var webhook = await FailingWebhook.InstallAsync(scene.Cluster, scene.NamespaceOf(Prefix), "CREATE");
        string id;
        await using (webhook)
        {
            id = await scene.AskAsync(Terms(scene));
            await scene
                .As(scene.Alice)
                .WaitForAsync(id, request => request.At("trouble") is not null, "the activation is tried");
            // The schedule that sends what is owed runs as often as this one.
            await scene.ReconcilerRunsAsync();
            await scene.ReconcilerRunsAsync();
            var events = await scene.As(scene.Alice).EventsAsync(id);
            Assert.DoesNotContain("access_activated", events.Types());
            Assert.DoesNotContain("approvers_notified", events.Types());
            Assert.Null(NoticeOf(id));
        }

        await scene
            .As(scene.Alice)
            .WaitForAsync(id, request => request.At("breakGlass.notifiedAt") is not null, "they are told");
        Assert.Equal("active", (await scene.As(scene.Alice).ReadAsync(id)).At("status"));
    }

    [Fact]
    public async Task It_is_short_and_narrow_and_now_and_only_where_the_policy_says_so()
    {
        var scene = Scene.WithoutNamespace(stage.Platform);
        var terms = Terms(scene);
        foreach (
            var (asked, told) in new[]
            {
                (terms.With("duration", "11m"), "by break-glass at most 10m [times.yaml:"),
                (
                    terms
                        .With("namespaces", null)
                        .With("clusterWide", true)
                        .With("role", new JsonObject { ["kind"] = "ClusterRole", ["name"] = "view" }),
                    "not by break-glass"
                ),
                (
                    scene.Planned(scene.NamespaceOf(Prefix), TimeSpan.FromMinutes(1)).With("breakGlass", true),
                    "by break-glass only now"
                ),
                (scene.Terms().With("breakGlass", true), "not by break-glass"),
            }
        )
        {
            var refused = (await scene.As(scene.Alice).PostAsync("/api/requests", asked)).ExpectProblem(
                403,
                "not-covered"
            );
            Assert.Contains(told, refused.Json.At("detail"), StringComparison.Ordinal);
        }

        (await scene.As(scene.Stranger).PostAsync("/api/requests", terms)).ExpectProblem(403, "not-covered");
        await scene.NothingIsWrittenAsync();
    }

    [Fact]
    public async Task Without_a_duration_it_lasts_no_longer_than_it_may_and_it_is_not_extended()
    {
        var (scene, active) = await BreakAsync(duration: null);

        Assert.Equal("10m", active.At("duration"));
        (
            await scene
                .As(scene.Alice)
                .PostAsync($"/api/requests/{active.Id()}/extend", new { duration = "5m", reason = "not done yet" })
        ).ExpectProblem(403, "no-extension");
    }

    [Fact]
    public async Task An_approver_settles_it_and_neither_the_requester_nor_an_administrator_nor_anybody_twice()
    {
        var (scene, active) = await BreakAsync();
        var id = active.Id();
        (await scene.As(scene.Alice).ReviewAsync(id, "approve")).ExpectProblem(403, "self-review");
        (await scene.As(scene.Administrator).ReviewAsync(id, "approve")).ExpectProblem(403, "administrator-review");
        (await scene.As(scene.Auditor).ReviewAsync(id, "approve")).ExpectProblem(403, "not-an-approver");
        (
            await scene
                .As(scene.Bob)
                .PostAsync($"/api/requests/{id}/reviews", new { verdict = "approve", scope = "sha256:another" })
        ).ExpectProblem(409, "scope-changed");
        Assert.Contains(
            id,
            (await scene.As(scene.Bob).GetAsync("/api/requests?reviewable=true&limit=200")).Items.Select(item =>
                item.Id()
            )
        );

        var settled = await scene.As(scene.Bob).ApproveAsync(id);

        Assert.Equal(
            ("active", "true", scene.Bob.UserName),
            (
                settled.At("status"),
                settled.At("breakGlass.justified"),
                settled["breakGlass"]!["reviews"]!.AsArray().Single()!.At("reviewer")
            )
        );
        Assert.NotNull(settled.At("breakGlass.settledAt"));
        (await scene.As(scene.New("bella", "payments-leads")).ReviewAsync(id, "deny")).ExpectProblem(
            409,
            "wrong-state"
        );
        Assert.DoesNotContain(id, await OwedAsync(scene));
        Assert.DoesNotContain(
            id,
            (await scene.As(scene.Bob).GetAsync("/api/requests?reviewable=true&limit=200")).Items.Select(item =>
                item.Id()
            )
        );
    }

    [Fact]
    public async Task A_denial_ends_what_is_active_at_once()
    {
        var (scene, active) = await BreakAsync();

        await scene.As(scene.Bob).DenyAsync(active.Id(), "no reason for it");

        var ended = await scene.As(scene.Alice).WaitForAsync(active.Id(), "ended");
        Assert.Equal(
            ("revoked", scene.Bob.UserName, "false"),
            (ended.At("ending.cause"), ended.At("ending.by"), ended.At("breakGlass.justified"))
        );
        Assert.False(await scene.Cluster.MayReadAsync(scene.Alice, scene.NamespaceOf(Prefix)));
    }

    [Fact]
    public async Task Who_ends_it_early_owes_the_review_all_the_same()
    {
        var (scene, active) = await BreakAsync();
        await scene.As(scene.Alice).DoAsync(active.Id(), "relinquish");
        await scene.As(scene.Alice).WaitForAsync(active.Id(), "ended");
        Assert.Contains(active.Id(), await OwedAsync(scene));

        var settled = await scene.As(scene.Bob).ApproveAsync(active.Id());

        Assert.Equal(("ended", "true"), (settled.At("status"), settled.At("breakGlass.justified")));
        Assert.DoesNotContain(active.Id(), await OwedAsync(scene));
    }

    [Fact]
    public async Task An_overdue_review_is_an_event_and_blocks_the_next_break_glass_of_the_same_human_until_it_is_given()
    {
        var scene = await Scene.SetAsync(stage.Platform, "blaze");
        var terms = scene
            .Terms(role: "ClusterRole/view", namespaces: scene.NamespaceOf("blaze"))
            .With("breakGlass", true);
        var (vera, other) = (
            scene.As(new Person("vera", "vera@example.com", "payments-devs")),
            scene.As(new Person("vera.ops", "Vera.Ops@example.com", "payments-devs"))
        );
        var id = (await vera.AskAsync(terms)).Id();
        await vera.DoAsync((await vera.WaitForAsync(id, "active")).Id(), "relinquish");

        var overdue = await vera.WaitForAsync(
            id,
            request => request.At("breakGlass.overdueAt") is not null,
            "the review is overdue",
            patience: TimeSpan.FromMinutes(4)
        );
        Assert.True(overdue["breakGlass"]!.TimeAt("overdueAt") >= overdue["breakGlass"]!.TimeAt("reviewBy"));
        Assert.Single((await vera.EventsAsync(id)).Types(), "break_glass_review_overdue");
        var listed = (await scene.As(scene.Auditor).GetAsync("/api/audit/break-glass")).Items.ToList();
        Assert.NotNull(Assert.Single(listed, request => request.Id() == id).At("breakGlass.overdueAt"));
        Assert.Equal(
            listed.Select(request => request["breakGlass"]!.TimeAt("reviewBy")).Order(),
            listed.Select(request => request["breakGlass"]!.TimeAt("reviewBy"))
        );

        foreach (var account in new[] { vera, other })
            Assert.Contains(
                id,
                (await account.PostAsync("/api/requests", terms))
                    .ExpectProblem(403, "review-overdue")
                    .Json.At("detail"),
                StringComparison.Ordinal
            );
        Assert.Equal("review-overdue", (await other.PostAsync("/api/policies/simulate", terms)).Json.At("code"));
        await vera.AskAsync(terms.With("breakGlass", null));
        await scene.As(scene.Alice).AskAsync(terms);

        await scene.As(scene.Bob).DenyAsync(id, "not settled by approval alone");
        await other.AskAsync(terms);
    }

    [Fact]
    public async Task Only_auditors_see_what_is_owed()
    {
        var scene = Scene.WithoutNamespace(stage.Platform);
        foreach (var person in new[] { scene.Alice, scene.Bob, scene.Administrator })
            (await scene.As(person).GetAsync("/api/audit/break-glass")).ExpectProblem(403, "not-allowed");
    }

    private static JsonObject Terms(Scene scene) =>
        scene.Terms(namespaces: scene.NamespaceOf(Prefix)).With("breakGlass", true);

    private async Task<(Scene Scene, JsonObject Active)> BreakAsync(string? duration = "10m")
    {
        var scene = await Scene.SetAsync(stage.Platform, Prefix);
        var id = await scene.AskAsync(Terms(scene).With("duration", duration));
        return (scene, await scene.As(scene.Alice).WaitForAsync(id, "active"));
    }

    private JsonObject? NoticeOf(string id) =>
        Inbox.Messages.FirstOrDefault(message => message.At("data.request") == id);

    private static async Task<IReadOnlyList<string>> OwedAsync(Scene scene) =>
        [.. (await scene.As(scene.Auditor).GetAsync("/api/audit/break-glass")).Items.Select(request => request.Id())];
}
