using System.Text;
using JitFunctions.Domain.Audit;
using JitFunctions.Domain.Audit.Reading;
using static JitFunctions.Domain.Tests.Samples.AuditSamples;

namespace JitFunctions.Domain.Tests.Audit.Reading;

public sealed class EnvelopeTests
{
    private const string EksStream = "kube-apiserver-audit-5f3c1a2b";

    [Fact]
    public void The_audit_records_of_AKS_are_read_and_others_left_out()
    {
        var items = AksRecords.Read(
            AksEnvelope(
                ("kube-audit", WithKind(Exec)),
                ("cluster-autoscaler", "I0109 21:24:54.475483       1 clusterstate.go:300] Failed to find readiness"),
                ("guard", "{}"),
                ("kube-audit-admin", WithKind(BindingWithBodies))
            )
        );

        Assert.Equal(["consumer-0", "backdoor"], items.Select(one => Received(one).Event.Target!.Name));
        Assert.Each(items, one => Assert.EndsWith("/MANAGEDCLUSTERS/SHOP-1", one.Origin, StringComparison.Ordinal));
    }

    // Both categories may be switched on: the same event then comes twice.
    [Fact]
    public void What_AKS_sends_in_two_categories_is_one_event() =>
        Assert.Single(
            AksRecords
                .Read(AksEnvelope(("kube-audit", WithKind(Exec)), ("kube-audit-admin", WithKind(Exec))))
                .Select(one => Received(one).Hash)
                .Distinct()
        );

    [Fact]
    public void A_record_of_AKS_that_was_cut_is_a_gap_that_tells_who_did_what()
    {
        const int limit = 16 * 1024;
        var whole = WithKind(
            BindingWithBodies.Replace(
                "\"creationTimestamp\":null",
                $"\"annotations\":{{\"a\":\"{new string('x', limit)}\"}}",
                StringComparison.Ordinal
            )
        );
        var items = AksRecords.Read(AksEnvelope(("kube-audit", whole[..limit]), ("kube-audit", WithKind(Exec))));

        var gap = Assert.IsType<AuditGap>(items[0].Item);
        Assert.Equal((GapReason.Cut, limit), (gap.Reason, gap.Length));
        Assert.Equal(
            new ScrapedFields(
                "77aa",
                "alice@example.com",
                null,
                "create",
                "rbac.authorization.k8s.io",
                "rolebindings",
                "payments",
                "backdoor"
            ),
            gap.Scraped
        );
        Assert.DoesNotContain("requestObject", Encoding.UTF8.GetString(gap.Raw.Span), StringComparison.Ordinal);
        Assert.IsType<ReceivedEvent>(items[1].Item);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("""{"records":{}}""")]
    [InlineData("""{"records":[{"category":"kube-audit"}]}""")]
    [InlineData("""{"records":[{"category":"kube-audit","properties":{"log":7}}]}""")]
    [InlineData("""{"records":[7""")]
    public void Other_envelopes_than_those_of_AKS_are_gaps(string body) =>
        Assert.IsType<AuditGap>(Assert.Single(AksRecords.Read(Utf8(body))).Item);

    [Fact]
    public void The_messages_of_EKS_are_read_as_a_Lambda_and_a_stream_get_them()
    {
        var gzip = EksMessage(EksStream, WithKind(Exec), WithKind(RefusedList));
        var base64 = Convert.ToBase64String(gzip);
        Assert.Each(
            [gzip, Utf8(base64), Utf8($$$"""{"awslogs":{"data":"{{{base64}}}"}}""")],
            body =>
            {
                var items = EksLogEvents.Read(body);
                Assert.Equal(["pods", "secrets"], items.Select(one => Received(one).Event.Target!.Resource));
                Assert.Each(items, one => Assert.Equal("/aws/eks/shop-1/cluster", one.Origin));
            }
        );
    }

    [Fact]
    public void Other_streams_and_control_messages_of_EKS_are_left_out()
    {
        Assert.Empty(EksLogEvents.Read(EksMessage("authenticator-5f3c1a2b", "time=\"2026-11-23\" level=info")));
        Assert.Empty(
            EksLogEvents.Read(
                Gzip(
                    Utf8(
                        """{"messageType":"CONTROL_MESSAGE","owner":"CloudwatchLogs","logGroup":"","logStream":"","subscriptionFilters":[],"logEvents":[{"id":"","timestamp":1432826855000,"message":"CWL CONTROL MESSAGE: Checking health of destination Kinesis stream."}]}"""
                    )
                )
            )
        );
    }

    public static TheoryData<byte[]> NotOfEks =>
        new()
        {
            Utf8(""),
            Utf8("{}"),
            Utf8("no base64!"),
            Utf8("""{"awslogs":{"data":"bm8gZ3ppcA=="}}"""),
            Gzip(Utf8("[]")),
            Gzip(Utf8("{")),
            EksMessage(EksStream, WithKind(Exec))[..40],
            Gzip(new byte[EksLogEvents.LongestUnpacked + 1]),
        };

    [Theory]
    [MemberData(nameof(NotOfEks))]
    public void Other_messages_than_those_of_EKS_are_gaps(byte[] body) =>
        Assert.IsType<AuditGap>(Assert.Single(EksLogEvents.Read(body)).Item);

    [Fact]
    public void An_entry_of_GKE_is_read_with_its_reason()
    {
        var from = GkeLogEntry.Read(Utf8(GkeCreate))!;
        var read = Received(from).Event;

        Assert.Equal("projects/shop/locations/us-central1-a/clusters/shop-1", from.Origin);
        Assert.Equal(("create", "alice@example.com", AuditStage.NotGiven), (read.Verb, read.User.Name, read.Stage));
        Assert.Equal(
            new AuditedObject("rbac.authorization.k8s.io", "rolebindings", null, "payments", "backdoor"),
            read.Target
        );
        Assert.True(read is { IsAllowed: true, Code: null, Level: AuditLevel.Request });
        Assert.Contains("jit-k45sq3ph944m/payments", read.Reason, StringComparison.Ordinal);
        Assert.Equal("ClusterRole/admin", read.Body!.Role);
        Assert.Equal(new DateTimeOffset(2026, 11, 23, 8, 57, 30, 974, 750, TimeSpan.Zero), read.ReceivedAt);
    }

    [Fact]
    public void A_refusal_of_GKE_has_the_HTTP_status()
    {
        var read = Received(GkeLogEntry.Read(Utf8(GkeRefused))!).Event;
        Assert.Equal((true, 403, "list"), (read.IsRefused, read.Code, read.Verb));
    }

    [Fact]
    public void An_entry_of_GKE_is_read_out_of_a_message_of_PubSub()
    {
        var message =
            $$"""{"message":{"data":"{{Convert.ToBase64String(Utf8(GkeCreate))}}","messageId":"1"},"subscription":"projects/shop/subscriptions/audit"}""";
        Assert.Equal(
            Received(GkeLogEntry.Read(Utf8(GkeCreate))!).Hash,
            Received(GkeLogEntry.Read(Utf8(message))!).Hash
        );
    }

    [Fact]
    public void Bodies_of_GKE_are_dropped_unless_they_are_of_RBAC_objects()
    {
        var ofPod = GkeCreate.Replace(
            "\"resourceName\":\"rbac.authorization.k8s.io/v1/namespaces/payments/rolebindings/backdoor\"",
            "\"resourceName\":\"core/v1/namespaces/payments/secrets/backdoor\"",
            StringComparison.Ordinal
        );
        Assert.Contains("mallory", Text(GkeCreate), StringComparison.Ordinal);
        Assert.DoesNotContain("mallory", Text(ofPod), StringComparison.Ordinal);

        static string Text(string entry) =>
            Encoding.UTF8.GetString(Received(GkeLogEntry.Read(Utf8(entry))!).Canonical.Span);
    }

    [Fact]
    public void Entries_of_other_services_are_left_out() =>
        Assert.Null(
            GkeLogEntry.Read(
                Utf8(
                    GkeCreate.Replace(
                        "\"k8s.io\",\"status\"",
                        "\"compute.googleapis.com\",\"status\"",
                        StringComparison.Ordinal
                    )
                )
            )
        );

    [Theory]
    [InlineData("")]
    [InlineData("no JSON")]
    [InlineData("""{"message":{"data":"no base64!"}}""")]
    [InlineData("""{"message":7}""")]
    [InlineData("""{"insertId":"1","protoPayload":{"serviceName":"k8s.io","methodName":7}}""")]
    public void What_is_no_entry_of_GKE_is_a_gap(string body) =>
        Assert.IsType<AuditGap>(GkeLogEntry.Read(Utf8(body))!.Item);

    public static TheoryData<string, AuditedObject?> ResourceNames =>
        new()
        {
            { "core/v1/namespaces/payments/pods/web-1/exec", new("", "pods", "exec", "payments", "web-1") },
            { "core/v1/namespaces/payments/services/web/proxy/a/b", new("", "services", "proxy", "payments", "web") },
            { "core/v1/namespaces/payments/pods", new("", "pods", null, "payments", null) },
            { "core/v1/namespaces/payments", new("", "namespaces", null, "payments", "payments") },
            { "core/v1/namespaces/payments/finalize", new("", "namespaces", "finalize", "payments", "payments") },
            { "core/v1/namespaces", new("", "namespaces", null, null, null) },
            { "core/v1/nodes/n1/proxy", new("", "nodes", "proxy", null, "n1") },
            { "core/v1/nodes/n1", new("", "nodes", null, null, "n1") },
            { "apps/v1/namespaces/a/deployments/web/scale", new("apps", "deployments", "scale", "a", "web") },
            { "readyz", null },
            { "api/v1", null },
            { "apis/apps/v1", null },
            { "", null },
        };

    [Theory]
    [MemberData(nameof(ResourceNames))]
    public void The_object_is_read_from_the_resource_name(string resourceName, AuditedObject? expected)
    {
        var entry = GkeRefused.Replace(
            "\"resourceName\":\"core/v1/namespaces/payments/secrets\"",
            $"\"resourceName\":\"{resourceName}\"",
            StringComparison.Ordinal
        );
        Assert.Equal(expected, Received(GkeLogEntry.Read(Utf8(entry))!).Event.Target);
    }

    private static ReceivedEvent Received(AuditItemFrom from) => Assert.IsType<ReceivedEvent>(from.Item);
}
