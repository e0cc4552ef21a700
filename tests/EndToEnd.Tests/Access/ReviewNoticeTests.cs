using System.Text.Json.Nodes;
using JitFunctions.LocalStack;

namespace JitFunctions.EndToEnd.Tests.Access;

/// <summary>Those who may approve are told what waits for them, by the webhook.</summary>
public sealed class ReviewNoticeTests(PlatformFixture fixture)
{
    private NotificationInbox Inbox => fixture.Platform.Notifications;

    [Fact]
    public async Task A_pending_request_is_told_to_its_approvers_with_what_they_decide_about()
    {
        var team = await Team.SetAsync(fixture.Platform);

        var asked = await team.As(team.Alice).AskAsync(team.Terms().With("ticket", "INC-4711"));

        var notice = await NoticeAsync(asked.Id());
        Assert.Equal(("jit.review.requested", $"{asked.Id()}-review-1"), (notice.At("type"), notice.At("id")));
        var data = notice["data"]!;
        Assert.Equal(
            ("request", team.Alice.UserName, "demo", "10m"),
            (data.At("about"), data.At("requester"), data.At("cluster"), data.At("duration"))
        );
        Assert.Equal(
            (team.Namespace, "ClusterRole/edit"),
            (data["namespaces"]!.AsArray().Single()!.ToString(), data.At("rights"))
        );
        Assert.Equal(("restart the stuck consumer", "INC-4711"), (data.At("reason"), data.At("ticket")));
        Assert.Equal((asked.At("scope"), asked.TimeAt("decideBy")), (data.At("scope"), data.TimeAt("decideBy")));
        Assert.Equal(
            "payments-leads",
            data["approvers"]!.AsArray().Single()!["groups"]!.AsArray().Single()!.ToString()
        );
        Assert.Contains("read-secrets", data["dangers"]!.AsArray().Select(kind => kind!.ToString()));
        Assert.DoesNotContain("eyJ", notice.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_extension_that_waits_is_told_to_them_too()
    {
        var team = await Team.SetAsync(fixture.Platform, "again");
        var grant = await team.GrantAsync(team.Terms("5m", "ClusterRole/view", team.NamespaceOf("again")));

        var waiting = await team.As(team.Alice)
            .DoAsync(grant.Id(), "extend", new { duration = "5m", reason = "not done yet" });

        var data = (await NoticeAsync(grant.Id(), "extension"))["data"]!;
        Assert.Equal(
            ("5m", "not done yet", waiting.At("extension.scope")),
            (data.At("duration"), data.At("reason"), data.At("scope"))
        );
        Assert.Equal(grant.TimeAt("expiresAt"), data.TimeAt("decideBy"));
    }

    [Fact]
    public async Task What_nobody_has_to_approve_is_told_to_nobody()
    {
        var team = await Team.SetAsync(fixture.Platform, "open");
        var granted = await team.As(team.Alice)
            .AskAsync(team.Terms("10m", "ClusterRole/view", team.NamespaceOf("open")));
        await team.As(team.Alice).WaitForAsync(granted.Id(), "active");

        // Another one that was asked for later is told of.
        await NoticeAsync(await team.AskAsync(team.Terms(namespaces: Team.SharedNamespace)));

        Assert.DoesNotContain(Inbox.Messages, message => message["data"]!.At("request") == granted.Id());
    }

    private async Task<JsonObject> NoticeAsync(string id, string about = "request") =>
        (
            await Eventually.Async(
                () =>
                    Task.FromResult(
                        Inbox.Messages.FirstOrDefault(message =>
                            message["data"]!.At("request") == id && message["data"]!.At("about") == about
                        )
                    ),
                found => found is not null,
                $"the approvers of the {about} are told"
            )
        )!;
}
