using System.Text.Json.Nodes;
using JitFunctions.LocalStack;

namespace JitFunctions.EndToEnd.Tests.Access;

/// <summary>Rights at once, for which the reviews are owed.</summary>
public sealed class BreakGlassTests(PlatformFixture fixture)
{
    private const string Prefix = "fire";

    private NotificationInbox Inbox => fixture.Platform.Notifications;

    [Fact]
    public async Task The_rights_are_there_at_once_and_everybody_who_was_skipped_is_told()
    {
        var (team, active) = await BreakAsync();
        var id = active.Id();

        Assert.Empty(active["reviews"]!.AsArray());
        Assert.Equal(active.TimeAt("requestedAt").AddHours(4), active["breakGlass"]!.TimeAt("reviewBy"));
        await team.Cluster.MayReadSoonAsync(team.Alice, team.NamespaceOf(Prefix));

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
            (team.Alice.UserName, "demo", "10m", "restart the stuck consumer"),
            (data.At("requester"), data.At("cluster"), data.At("duration"), data.At("reason"))
        );
        Assert.Equal(
            (team.NamespaceOf(Prefix), "ClusterRole/edit"),
            (data["namespaces"]!.AsArray().Single()!.ToString(), data.At("rights"))
        );
        Assert.Equal(
            "payments-leads",
            data["skippedApprovers"]!.AsArray().Single()!["groups"]!.AsArray().Single()!.ToString()
        );
        await team.As(team.Alice)
            .WaitForAsync(
                id,
                request => request.At("breakGlass.notifiedAt") is not null,
                "it is known that they were told"
            );

        var events = await team.As(team.Alice).EventsAsync(id);
        Assert.Equal(
            ["access_requested", "request_approved", "activation_started", "access_activated", "approvers_notified"],
            events.Types()
        );
        Assert.Equal(("true", "false"), (events[1].At("data.breakGlass"), events[1].At("data.automatic")));
        var trail = (await team.As(team.Auditor).GetAsync($"/api/audit/trail?request={id}")).Items;
        Assert.Contains(
            trail,
            entry => entry.At("summary")!.Contains("takes, by break-glass,", StringComparison.Ordinal)
        );
        Assert.Contains(id, await OwedAsync(team));
        Assert.Equal(0, Inbox.Refused);
    }

    [Fact]
    public async Task Who_cannot_be_told_at_first_is_told_when_it_is_possible()
    {
        Inbox.Failing = true;
        try
        {
            var (team, active) = await BreakAsync();
            await Eventually.Async(
                () => Task.FromResult(Inbox.TurnedAway.Count(id => id == $"{active.Id()}-break-glass") > 1),
                "it is tried again"
            );
            Assert.Null((await team.As(team.Alice).ReadAsync(active.Id())).At("breakGlass.notifiedAt"));
            Inbox.Failing = false;

            await team.As(team.Alice)
                .WaitForAsync(active.Id(), request => request.At("breakGlass.notifiedAt") is not null, "they are told");
            Assert.NotNull(NoticeOf(active.Id()));
            Assert.Equal(
                "reconciler",
                Assert
                    .Single(
                        await team.As(team.Auditor).EventsAsync(active.Id()),
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
        var team = await Team.SetAsync(fixture.Platform, Prefix);
        var webhook = await FailingWebhook.InstallAsync(team.Cluster, team.NamespaceOf(Prefix), "CREATE");
        string id;
        await using (webhook)
        {
            id = await team.AskAsync(Terms(team));
            await team.As(team.Alice)
                .WaitForAsync(id, request => request.At("trouble") is not null, "the activation is tried");
            // The schedule that sends what is owed runs as often as this one.
            await team.ReconcilerRunsAsync();
            await team.ReconcilerRunsAsync();
            var events = await team.As(team.Alice).EventsAsync(id);
            Assert.DoesNotContain("access_activated", events.Types());
            Assert.DoesNotContain("approvers_notified", events.Types());
            Assert.Null(NoticeOf(id));
        }

        await team.As(team.Alice)
            .WaitForAsync(id, request => request.At("breakGlass.notifiedAt") is not null, "they are told");
        Assert.Equal("active", (await team.As(team.Alice).ReadAsync(id)).At("status"));
    }

    [Fact]
    public async Task Break_glass_is_limited_to_what_the_policy_allows_and_starts_now()
    {
        var team = Team.WithoutNamespace(fixture.Platform);
        var terms = Terms(team);
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
                    team.Planned(team.NamespaceOf(Prefix), TimeSpan.FromMinutes(1)).With("breakGlass", true),
                    "by break-glass only now"
                ),
                (team.Terms().With("breakGlass", true), "not by break-glass"),
            }
        )
        {
            var refused = (await team.As(team.Alice).PostAsync("/api/requests", asked)).ExpectProblem(
                403,
                "not-covered"
            );
            Assert.Contains(told, refused.Json.At("detail"), StringComparison.Ordinal);
        }

        (await team.As(team.Stranger).PostAsync("/api/requests", terms)).ExpectProblem(403, "not-covered");
        await team.NothingIsWrittenAsync();
    }

    [Fact]
    public async Task Without_a_duration_it_lasts_no_longer_than_it_may_and_it_is_not_extended()
    {
        var (team, active) = await BreakAsync(duration: null);

        Assert.Equal("10m", active.At("duration"));
        (
            await team.As(team.Alice)
                .PostAsync($"/api/requests/{active.Id()}/extend", new { duration = "5m", reason = "not done yet" })
        ).ExpectProblem(403, "no-extension");
    }

    [Fact]
    public async Task An_approver_settles_it_and_neither_the_requester_nor_an_administrator_nor_anybody_twice()
    {
        var (team, active) = await BreakAsync();
        var id = active.Id();
        (await team.As(team.Alice).ReviewAsync(id, "approve")).ExpectProblem(403, "self-review");
        (await team.As(team.Administrator).ReviewAsync(id, "approve")).ExpectProblem(403, "administrator-review");
        (await team.As(team.Auditor).ReviewAsync(id, "approve")).ExpectProblem(403, "not-an-approver");
        (
            await team.As(team.Bob)
                .PostAsync($"/api/requests/{id}/reviews", new { verdict = "approve", scope = "sha256:another" })
        ).ExpectProblem(409, "scope-changed");
        Assert.Contains(
            id,
            (await team.As(team.Bob).GetAsync("/api/requests?reviewable=true&limit=200")).Items.Select(item =>
                item.Id()
            )
        );

        var settled = await team.As(team.Bob).ApproveAsync(id);

        Assert.Equal(
            ("active", "true", team.Bob.UserName),
            (
                settled.At("status"),
                settled.At("breakGlass.justified"),
                settled["breakGlass"]!["reviews"]!.AsArray().Single()!.At("reviewer")
            )
        );
        Assert.NotNull(settled.At("breakGlass.settledAt"));
        (await team.As(team.New("bella", "payments-leads")).ReviewAsync(id, "deny")).ExpectProblem(409, "wrong-state");
        Assert.DoesNotContain(id, await OwedAsync(team));
        Assert.DoesNotContain(
            id,
            (await team.As(team.Bob).GetAsync("/api/requests?reviewable=true&limit=200")).Items.Select(item =>
                item.Id()
            )
        );
    }

    [Fact]
    public async Task A_denial_ends_what_is_active_at_once()
    {
        var (team, active) = await BreakAsync();

        await team.As(team.Bob).DenyAsync(active.Id(), "no reason for it");

        var ended = await team.As(team.Alice).WaitForAsync(active.Id(), "ended");
        Assert.Equal(
            ("revoked", team.Bob.UserName, "false"),
            (ended.At("ending.cause"), ended.At("ending.by"), ended.At("breakGlass.justified"))
        );
        Assert.False(await team.Cluster.MayReadAsync(team.Alice, team.NamespaceOf(Prefix)));
    }

    [Fact]
    public async Task Who_ends_it_early_owes_the_review_all_the_same()
    {
        var (team, active) = await BreakAsync();
        await team.As(team.Alice).DoAsync(active.Id(), "relinquish");
        await team.As(team.Alice).WaitForAsync(active.Id(), "ended");
        Assert.Contains(active.Id(), await OwedAsync(team));

        var settled = await team.As(team.Bob).ApproveAsync(active.Id());

        Assert.Equal(("ended", "true"), (settled.At("status"), settled.At("breakGlass.justified")));
        Assert.DoesNotContain(active.Id(), await OwedAsync(team));
    }

    [Fact]
    public async Task An_overdue_review_is_an_event_and_blocks_further_break_glass_of_the_same_human()
    {
        var team = await Team.SetAsync(fixture.Platform, "blaze");
        var terms = team.Terms(role: "ClusterRole/view", namespaces: team.NamespaceOf("blaze"))
            .With("breakGlass", true);
        var (vera, other) = (
            team.As(new Person("vera", "vera@example.com", "payments-devs")),
            team.As(new Person("vera.ops", "Vera.Ops@example.com", "payments-devs"))
        );
        var id = (await vera.AskAsync(terms)).Id();
        await vera.DoAsync((await vera.WaitForAsync(id, "active")).Id(), "relinquish");

        var overdue = await vera.WaitForAsync(
            id,
            request => request.At("breakGlass.overdueAt") is not null,
            "the review is overdue",
            timeLimit: TimeSpan.FromMinutes(4)
        );
        Assert.True(overdue["breakGlass"]!.TimeAt("overdueAt") >= overdue["breakGlass"]!.TimeAt("reviewBy"));
        Assert.Single((await vera.EventsAsync(id)).Types(), "break_glass_review_overdue");
        var listed = (await team.As(team.Auditor).GetAsync("/api/audit/break-glass")).Items.ToList();
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
        await team.As(team.Alice).AskAsync(terms);

        await team.As(team.Bob).DenyAsync(id, "not settled by approval alone");
        await other.AskAsync(terms);
    }

    [Fact]
    public async Task Only_auditors_see_what_is_owed()
    {
        var team = Team.WithoutNamespace(fixture.Platform);
        foreach (var person in new[] { team.Alice, team.Bob, team.Administrator })
            (await team.As(person).GetAsync("/api/audit/break-glass")).ExpectProblem(403, "not-allowed");
    }

    private static JsonObject Terms(Team team) =>
        team.Terms(namespaces: team.NamespaceOf(Prefix)).With("breakGlass", true);

    private async Task<(Team Scene, JsonObject Active)> BreakAsync(string? duration = "10m")
    {
        var team = await Team.SetAsync(fixture.Platform, Prefix);
        var id = await team.AskAsync(Terms(team).With("duration", duration));
        return (team, await team.As(team.Alice).WaitForAsync(id, "active"));
    }

    private JsonObject? NoticeOf(string id) =>
        Inbox.Messages.FirstOrDefault(message => message.At("data.request") == id);

    private static async Task<IReadOnlyList<string>> OwedAsync(Team team) =>
        [.. (await team.As(team.Auditor).GetAsync("/api/audit/break-glass")).Items.Select(request => request.Id())];
}
