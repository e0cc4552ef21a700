using JitFunctions.Domain.Audit;
using JitFunctions.Domain.Audit.Reading;
using static JitFunctions.Domain.Tests.Samples.AuditSamples;

namespace JitFunctions.Domain.Tests.Audit.Reading;

public sealed class AuditDeliveryTests
{
    public static TheoryData<AuditSource, byte[]> Forms =>
        new()
        {
            { AuditSource.Webhook, EventList(Exec) },
            { AuditSource.Aks, AksEnvelope(("kube-audit", WithKind(Exec))) },
            { AuditSource.Eks, EksMessage("kube-apiserver-audit-1", WithKind(Exec)) },
            { AuditSource.Eks, Utf8(Convert.ToBase64String(EksMessage("kube-apiserver-audit-1", WithKind(Exec)))) },
            { AuditSource.Gke, Utf8(GkeCreate) },
            {
                AuditSource.Gke,
                Utf8($$$"""{"message":{"data":"{{{Convert.ToBase64String(Utf8(GkeCreate))}}}"},"subscription":"s"}""")
            },
        };

    [Theory]
    [MemberData(nameof(Forms))]
    public void Each_form_is_told_by_what_is_at_its_top(AuditSource source, byte[] body)
    {
        var delivery = AuditDelivery.Read(body);

        Assert.Equal(source, delivery.Source);
        Assert.IsType<ReceivedEvent>(Assert.Single(delivery.Items));
        Assert.False(delivery.IsUnreadable);
    }

    [Theory]
    [InlineData("")]
    [InlineData("no JSON")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"kind":"EventList","apiVersion":"audit.k8s.io/v1alpha1","items":[]}""")]
    [InlineData("""{"records":7}""")]
    [InlineData("H4sIno gzip")]
    public void What_has_none_of_the_forms_is_one_gap(string body)
    {
        var delivery = AuditDelivery.Read(Utf8(body));

        Assert.True(delivery.IsUnreadable);
        Assert.Equal(Utf8(body), Assert.IsType<AuditGap>(delivery.Items[0]).Raw.ToArray());
    }

    [Fact]
    public void An_event_that_is_broken_makes_no_delivery_unreadable()
    {
        var delivery = AuditDelivery.Read(EventList("{\"level\":7}"));

        Assert.IsType<AuditGap>(Assert.Single(delivery.Items));
        Assert.False(delivery.IsUnreadable);
    }

    [Fact]
    public void What_is_too_large_is_a_gap_with_its_beginning()
    {
        var gap = Assert.IsType<AuditGap>(Assert.Single(AuditDelivery.TooLarge(Utf8("beginning"), 10).Items));

        Assert.Equal(
            (GapReason.NotAnEnvelope, "beginning"),
            (gap.Reason, System.Text.Encoding.UTF8.GetString(gap.Raw.Span))
        );
    }
}
