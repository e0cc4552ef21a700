using System.Text;
using System.Text.Json.Nodes;
using JitFunctions.Domain.Audit;
using JitFunctions.Domain.Audit.Reading;
using static JitFunctions.Domain.Tests.Samples.AuditSamples;

namespace JitFunctions.Domain.Tests.Audit.Reading;

public sealed class AuditEventListTests
{
    [Fact]
    public void All_that_is_kept_of_an_event_is_read()
    {
        var read = Event(ReadLog);

        Assert.Equal(AuditLevel.Metadata, read.Level);
        Assert.Equal("be44d379-6fa6-4213-b358-7e8b0676ab44", read.AuditId);
        Assert.Equal(AuditStage.ResponseComplete, read.Stage);
        Assert.Equal(("get", "/api/v1/namespaces/payments/pods/nope/log"), (read.Verb, read.RequestUri));
        Assert.Equal("alice@example.com", read.User.Name);
        Assert.Equal(["system:authenticated"], read.User.Groups);
        Assert.Null(read.ImpersonatedUser);
        Assert.Equal(new AuditedObject("", "pods", "log", "payments", "nope"), read.Target);
        Assert.Equal("pods/log", read.Target!.ResourceInRules);
        Assert.Equal((404, "NotFound"), (read.Code, read.FailureReason));
        Assert.Equal(["127.0.0.1"], read.SourceIps);
        Assert.Equal("curl/7.88.1", read.UserAgent);
        Assert.Equal("allow", read.Decision);
        Assert.StartsWith("RBAC: allowed by RoleBinding \"jit-aaa/payments\"", read.Reason, StringComparison.Ordinal);
        Assert.Equal(new DateTimeOffset(2026, 11, 26, 23, 12, 41, 329, 990, TimeSpan.Zero), read.ReceivedAt);
        Assert.Equal(new DateTimeOffset(2026, 11, 26, 23, 12, 41, 332, 978, TimeSpan.Zero), read.StageAt);
        Assert.True(read is { IsAllowed: true, IsRefused: false, IsTruncated: false, Body: null });
    }

    [Fact]
    public void The_credential_the_impersonated_user_and_a_refusal_are_read()
    {
        Assert.Equal(["JTI=5a1c0e7e-6a0e-4e9c-8d0c-0d9d1f6a2b10"], Event(ByServiceAccount).User.CredentialIds);
        Assert.Equal("JTI=5a1c0e7e-6a0e-4e9c-8d0c-0d9d1f6a2b10", Event(TokenWithBodies).IssuedCredentialId);
        Assert.Equal("root", Event(ImpersonatedList).ImpersonatedUser!.Name);
        Assert.True(Event(RefusedList).IsRefused);
        Assert.Equal("", Event(WithoutCredential).User.Name);
    }

    // Who may not impersonate gets a 403 before anything is authorized: the event has no annotations.
    [Fact]
    public void A_403_without_a_decision_is_a_refusal_and_one_of_admission_is_none()
    {
        Assert.True(Event(With(RefusedList, ("annotations", null))).IsRefused);
        Assert.False(Event(With(RefusedList, ("annotations", null), ("responseStatus.code", 429))).IsRefused);
        Assert.False(Event(With(ReadLog, ("responseStatus.code", 403))).IsRefused);
    }

    [Fact]
    public void A_list_is_read_in_its_order()
    {
        var items = AuditEventList.Read(EventList(ReadLog, RefusedList, Exec));
        Assert.Equal(
            [
                "be44d379-6fa6-4213-b358-7e8b0676ab44",
                "8670a1c3-8791-4e60-9d64-cae723ef5659",
                "5d0c6b0e-1d5c-4a83-9f0e-6f7d2b1a9c33",
            ],
            items.Cast<ReceivedEvent>().Select(one => one.Event.AuditId)
        );
        Assert.Empty(AuditEventList.Read(EventList()));
    }

    public static TheoryData<string, GapReason> Broken =>
        new()
        {
            { With(ReadLog, ("auditID", null)), GapReason.NotAnEvent },
            { With(ReadLog, ("level", "Everything")), GapReason.NotAnEvent },
            { With(ReadLog, ("level", "1")), GapReason.NotAnEvent },
            { With(ReadLog, ("stage", null)), GapReason.NotAnEvent },
            { With(ReadLog, ("verb", 1)), GapReason.NotAnEvent },
            { With(ReadLog, ("user", "alice")), GapReason.NotAnEvent },
            { With(ReadLog, ("user.groups", "one")), GapReason.NotAnEvent },
            { With(ReadLog, ("objectRef.namespace", 7)), GapReason.NotAnEvent },
            { With(ReadLog, ("stageTimestamp", "yesterday")), GapReason.NotAnEvent },
            { With(ReadLog, ("requestReceivedTimestamp", "2026-11-26")), GapReason.NotAnEvent },
            { With(ReadLog, ("responseStatus.code", "404")), GapReason.NotAnEvent },
            { With(ReadLog, ("annotations", "none")), GapReason.NotAnEvent },
            { With(ReadLog, ("apiVersion", "audit.k8s.io/v1beta1")), GapReason.NotAnEvent },
            { ReadLog.Replace("curl", "\\ud800", StringComparison.Ordinal), GapReason.NotJson },
            { "[]", GapReason.NotJson },
            { "true", GapReason.NotJson },
        };

    [Theory]
    [MemberData(nameof(Broken))]
    public void A_broken_item_is_a_gap_and_the_others_are_read(string broken, GapReason reason)
    {
        var items = AuditEventList.Read(EventList(Exec, broken, RefusedList));

        Assert.Equal(3, items.Count);
        Assert.IsType<ReceivedEvent>(items[0]);
        Assert.IsType<ReceivedEvent>(items[2]);
        var gap = Assert.IsType<AuditGap>(items[1]);
        Assert.Equal(reason, gap.Reason);
        Assert.Equal(broken.Length, gap.Length);
        Assert.Equal(broken, Encoding.UTF8.GetString(gap.Raw.Span));
        Assert.Equal(64, gap.Hash.Length);
    }

    [Fact]
    public void A_gap_tells_who_did_what_as_far_as_its_beginning_does()
    {
        var whole = With(ImpersonatedList, ("objectRef.name", "db"));
        var cut = Gap(whole[..whole.IndexOf(",\"responseStatus\"", StringComparison.Ordinal)]);
        Assert.Equal(GapReason.Cut, cut.Reason);
        Assert.Equal(
            new ScrapedFields(
                "0537ebc6-dfcb-4135-acd9-1524f232ea7f",
                "alice@example.com",
                "root",
                "list",
                null,
                "secrets",
                "payments",
                "db"
            ),
            cut.Scraped
        );
        var early = Gap(whole[..whole.IndexOf(",\"uid\"", StringComparison.Ordinal)]);
        Assert.Equal(("list", null, null), (early.Scraped.Verb, early.Scraped.User, early.Scraped.Resource));
        Assert.Equal(ScrapedFields.None, Gap("{").Scraped);
        Assert.Equal(ScrapedFields.None, Gap("").Scraped);
    }

    [Fact]
    public void What_comes_before_the_place_where_a_list_breaks_off_is_read()
    {
        var body = EventList(ReadLog, RefusedList, Exec);
        var end = Encoding.UTF8.GetString(body).IndexOf("consumer-0", StringComparison.Ordinal);
        var items = AuditEventList.Read(body.AsMemory(0, end));

        Assert.Equal(2, items.OfType<ReceivedEvent>().Count());
        var gap = Assert.IsType<AuditGap>(items[2]);
        Assert.Equal(GapReason.Cut, gap.Reason);
        Assert.Equal("5d0c6b0e-1d5c-4a83-9f0e-6f7d2b1a9c33", gap.Scraped.AuditId);
        Assert.Equal(items.Take(2), AuditEventList.Read(EventList(ReadLog, RefusedList)), Equal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("no JSON")]
    [InlineData("[]")]
    [InlineData("""{"kind":"EventList","apiVersion":"audit.k8s.io/v1"}""")]
    [InlineData("""{"kind":"EventList","apiVersion":"audit.k8s.io/v1beta1","items":[]}""")]
    [InlineData("""{"kind":"PodList","apiVersion":"audit.k8s.io/v1","items":[]}""")]
    public void What_is_no_list_is_one_gap(string body)
    {
        var gap = Assert.IsType<AuditGap>(Assert.Single(AuditEventList.Read(Utf8(body))));
        Assert.Equal(GapReason.NotAnEnvelope, gap.Reason);
        Assert.Equal(body.Length, gap.Length);
    }

    [Fact]
    public void A_long_gap_is_kept_up_to_its_limit()
    {
        var gap = Gap(With(ReadLog, ("userAgent", new string('a', 100_000)), ("stage", null)));
        Assert.Equal((AuditGap.LongestRaw, true), (gap.Raw.Length, gap.Length > 100_000));
    }

    // A caller chooses the body of a patch, and the API server logs the body of a change of RBAC objects even if it is
    // refused: that must hide neither the call nor those that came in the same batch.
    [Theory]
    [InlineData(1_000)]
    [InlineData(1_000_000)]
    public void A_body_that_is_nested_too_deeply_hides_no_call(int depth)
    {
        var nested = $"{new string('[', depth)}{new string(']', depth)}";
        var deep = BindingWithBodies.Replace(
            "\"requestObject\":{",
            $"\"requestObject\":{{\"x\":{nested},",
            StringComparison.Ordinal
        );
        var items = AuditEventList.Read(EventList(deep, ReadLog));

        Assert.Equal(["backdoor", "nope"], items.Cast<ReceivedEvent>().Select(one => one.Event.Target!.Name));
    }

    [Fact]
    public void What_a_caller_chooses_makes_no_gap()
    {
        var odd = Event(
            With(
                ReadLog,
                ("auditID", new string('x', 100_000)),
                ("userAgent", "a\0b\u202e"),
                ("objectRef.name", "\0\u001b[31m"),
                ("requestURI", $"/{new string('y', 1_000_000)}")
            )
        );
        Assert.Equal((100_000, "\0\u001b[31m"), (odd.AuditId.Length, odd.Target!.Name));
    }

    [Fact]
    public void Ten_megabytes_are_read()
    {
        var items = AuditEventList.Read(EventList([.. Enumerable.Repeat(Exec, 10_000_000 / Exec.Length)]));
        Assert.True(items.Count > 5_000);
        Assert.Single(items.Cast<ReceivedEvent>().Select(one => one.Hash).Distinct());
    }

    [Fact]
    public void Bodies_tell_what_residual_access_depends_on()
    {
        var binding = Event(BindingWithBodies).Body!;
        Assert.Equal("ClusterRole/admin", binding.Role);
        Assert.Equal(["User/mallory@example.com", "ServiceAccount/payments/default"], binding.Subjects);
        Assert.Equal("kubernetes.io/service-account-token", Event(SecretWithBodies).Body!.SecretType);
        Assert.Equal(
            new DateTimeOffset(2026, 11, 23, 9, 56, 11, TimeSpan.Zero),
            Event(TokenWithBodies).Body!.TokenExpiresAt
        );
    }

    // The body of a delete is its options, and the answer may be the object.
    [Theory]
    [InlineData("""{"kind":"DeleteOptions","dryRun":["All"]}""", true)]
    [InlineData("""{"kind":"DeleteOptions","propagationPolicy":"Background"}""", false)]
    [InlineData("""{"kind":"DeleteOptions","dryRun":"All"}""", false)]
    public void That_a_delete_is_a_dry_run_is_read_from_its_body(string options, bool isDryRun)
    {
        var body = Event(With(BindingWithBodies, ("verb", "delete"), ("requestObject", JsonNode.Parse(options)))).Body!;
        Assert.Equal((isDryRun, null), (body.IsDryRun, body.Role));
    }

    [Theory]
    [InlineData("""{"kind":"Pod","spec":{"containers":[{"name":"a"}]}}""", "")]
    [InlineData("""{"kind":"Pod","spec":{"hostPID":true,"hostNetwork":false,"containers":[]}}""", "hostPID")]
    [InlineData("""{"kind":"Pod","spec":{"containers":[{"securityContext":{"privileged":true}}]}}""", "privileged")]
    [InlineData(
        """{"kind":"Pod","spec":{"containers":[],"initContainers":[{"securityContext":{"privileged":true}}]}}""",
        "privileged"
    )]
    [InlineData("""{"kind":"Pod","spec":{"containers":[],"volumes":[{"hostPath":{"path":"/"}}]}}""", "hostPath /")]
    [InlineData("""{"kind":"Deployment","spec":{"template":{"spec":{"hostIPC":true,"containers":[]}}}}""", "hostIPC")]
    [InlineData(
        """{"kind":"CronJob","spec":{"jobTemplate":{"spec":{"template":{"spec":{"containers":[{"securityContext":{"capabilities":{"add":["SYS_ADMIN"]}}}]}}}}}}""",
        "capability SYS_ADMIN"
    )]
    [InlineData("""{"kind":"Pod","spec":{"containers":"odd","hostPID":"true","volumes":[7]}}""", "")]
    [InlineData("""{"kind":"Status","spec":{"containers":[]}}""", null)]
    [InlineData("""{"spec":{"containers":[]}}""", null)]
    [InlineData("""[1]""", null)]
    public void The_access_of_pods_to_their_node_is_read_from_the_body(string body, string? access)
    {
        var item = With(ReadLog, ("objectRef.resource", "pods"), ("objectRef.subresource", null));
        var withBody = body.StartsWith('{') ? $"{item[..^1]},\"requestObject\":{body}}}" : item;
        Assert.Equal(access, Event(withBody).Body?.HostAccess is { } found ? string.Join(' ', found) : null);
    }

    internal static AuditEvent Event(string item) =>
        Assert.IsType<ReceivedEvent>(AuditEventList.ReadOne(Utf8(item))).Event;

    private static AuditGap Gap(string item) => Assert.IsType<AuditGap>(AuditEventList.ReadOne(Utf8(item)));

    private static bool Equal(AuditItem one, AuditItem other) =>
        ((ReceivedEvent)one).Hash == ((ReceivedEvent)other).Hash;
}
