using System.Security.Cryptography;
using System.Text;
using JitFunctions.Domain.Audit;
using JitFunctions.Domain.Audit.Reading;
using static JitFunctions.Domain.Tests.Samples.AuditSamples;

namespace JitFunctions.Domain.Tests.Audit.Reading;

public sealed class EventIdentityTests
{
    private const string Password = "Y29ycmVjdC1ob3JzZQ==";

    [Fact]
    public void The_hash_is_that_of_the_canonical_form()
    {
        var received = Received("""{ "verb" : "get",""" + ReadLog[1..]);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(received.Canonical.Span)), received.Hash);
        Assert.StartsWith(
            """{"annotations":{"authorization.k8s.io/decision":"allow",""",
            Text(received),
            StringComparison.Ordinal
        );
    }

    // Vectors of RFC 8785, 3.2.2 and 3.2.3, but for numbers that are no integers.
    [Theory]
    [InlineData(
        """{"string":"\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/","literals":[null,true,false]}""",
        """{"literals":[null,true,false],"string":"€$\u000f\nA'B\"\\\\\"/"}"""
    )]
    [InlineData(
        """{"\u20ac":1,"\r":2,"\ufb33":3,"1":4,"\ud83d\ude00":5,"\u0080":6,"\u00f6":7}""",
        "{\"\\r\":2,\"1\":4,\"\u0080\":6,\"ö\":7,\"€\":1,\"😀\":5,\"\ufb33\":3}"
    )]
    [InlineData("""{"a":-0,"b":9007199254740991,"c":[ 1 , 2 ]}""", """{"a":0,"b":9007199254740991,"c":[1,2]}""")]
    // Here it differs: these stay as they are.
    [InlineData("""{"a":1.0,"b":9007199254740993,"c":1E2}""", """{"a":1.0,"b":9007199254740993,"c":1E2}""")]
    [InlineData("""{"b":1,"a":2,"b":3}""", """{"a":2,"b":1,"b":3}""")]
    public void Canonical_is_what_RFC_8785_says(string extra, string canonical)
    {
        var received = Received(ReadLog.Replace("\"uid\":", $"\"extra\":{extra},\"uid\":", StringComparison.Ordinal));
        Assert.Contains($"\"extra\":{canonical},\"groups\"", Text(received), StringComparison.Ordinal);
    }

    [Fact]
    public void Order_and_white_space_of_the_members_change_nothing()
    {
        var spaced = ReadLog.Replace("\",\"", "\" ,\n\"", StringComparison.Ordinal);
        var stage = ReadLog.IndexOf("\"stage\"", StringComparison.Ordinal);
        var moved = $"{{{ReadLog[stage..^1]},{ReadLog[1..(stage - 1)]}}}";
        Assert.NotEqual(ReadLog, spaced);
        Assert.Equal([Received(ReadLog).Hash], new[] { spaced, moved }.Select(item => Received(item).Hash).Distinct());
    }

    [Theory]
    [InlineData("auditID", "other")]
    [InlineData("stage", "ResponseStarted")]
    [InlineData("user.username", "bob@example.com")]
    [InlineData("objectRef.name", "other")]
    [InlineData("stageTimestamp", "2026-11-26T23:12:41.332979Z")]
    [InlineData("annotations.more", "x")]
    public void Any_other_member_is_another_event(string path, string value) =>
        Assert.NotEqual(Received(ReadLog).Hash, Received(With(ReadLog, (path, value))).Hash);

    [Fact]
    public void Contents_of_secrets_and_tokens_are_neither_kept_nor_hashed()
    {
        string[] items = [SecretWithBodies, TokenWithBodies];
        Assert.Each(items, item => Assert.Matches($"{Password}|very.secret", item));
        Assert.Each(items, item => Assert.DoesNotMatch($"{Password}|very.secret", Text(Received(item))));
        Assert.Each(
            items,
            item =>
                Assert.Equal(
                    Received(item).Hash,
                    Received(
                        item.Replace(Password, "b3RoZXI=", StringComparison.Ordinal)
                            .Replace("very.secret", "other", StringComparison.Ordinal)
                    ).Hash
                )
        );
        // That a webhook changed the object stays, what it changed does not.
        Assert.Contains("mutation.webhook", Text(Received(SecretWithBodies)), StringComparison.Ordinal);
        Assert.DoesNotContain("patch.webhook", Text(Received(SecretWithBodies)), StringComparison.Ordinal);
    }

    // Where the wrong place is named, the body is still dropped: what is kept is listed, not what is dropped.
    [Theory]
    [InlineData("configmaps", "")]
    [InlineData("secrets", "example.com")]
    [InlineData("tokenreviews", "authentication.k8s.io")]
    [InlineData("pods", "")]
    public void Only_the_bodies_of_RBAC_objects_are_kept(string resource, string group)
    {
        var item = With(SecretWithBodies, ("objectRef.resource", resource), ("objectRef.apiGroup", group));
        Assert.DoesNotContain(Password, Text(Received(item)), StringComparison.Ordinal);
        Assert.Contains("mallory@example.com", Text(Received(BindingWithBodies)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_body_that_is_too_long_is_left_out_but_read()
    {
        var @long = BindingWithBodies.Replace(
            "\"creationTimestamp\":null",
            $"\"annotations\":{{\"a\":\"{new string('x', 300_000)}\"}}",
            StringComparison.Ordinal
        );
        var received = Received(@long);
        Assert.Equal("ClusterRole/admin", received.Event.Body!.Role);
        Assert.True(received.Canonical.Length < 2_000);
    }

    [Fact]
    public void A_gap_holds_no_body_either()
    {
        Assert.Each(
            [
                SecretWithBodies[..SecretWithBodies.LastIndexOf(Password, StringComparison.Ordinal)],
                With(SecretWithBodies, ("stage", null)),
            ],
            broken =>
            {
                var gap = Assert.IsType<AuditGap>(AuditEventList.ReadOne(Utf8(broken)));
                Assert.Contains(Password, broken, StringComparison.Ordinal);
                Assert.DoesNotContain(Password, Encoding.UTF8.GetString(gap.Raw.Span), StringComparison.Ordinal);
                Assert.Equal("ci-token", gap.Scraped.Name);
            }
        );
        var list = Encoding.UTF8.GetString(EventList(SecretWithBodies, ReadLog))[..^40] + "]";
        Assert.DoesNotContain(
            Password,
            string.Concat(
                AuditEventList.Read(Utf8(list)).OfType<AuditGap>().Select(gap => Encoding.UTF8.GetString(gap.Raw.Span))
            ),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_reused_audit_id_is_found_and_a_repeat_is_none()
    {
        var (first, other) = (Received(ReadLog), Received(With(ReadLog, ("verb", "delete"))));
        var later = Received(With(ReadLog, ("stage", "ResponseStarted")));
        Assert.Empty(AuditIdReuse.Find(Identified(first, later, first)));

        var reused = Assert.Single(AuditIdReuse.Find(Identified(first, other, later, first, other)));

        Assert.Equal((first.Event.AuditId, AuditStage.ResponseComplete), (reused.AuditId, reused.Stage));
        Assert.Equal(
            new[] { first.Hash, other.Hash }.Order(StringComparer.Ordinal),
            reused.Events.Select(one => one.Hash)
        );
        Assert.Each(reused.Events, one => Assert.Equal("alice@example.com", one.User));
    }

    private static IEnumerable<IdentifiedEvent> Identified(params ReceivedEvent[] received) =>
        received.Select(IdentifiedEvent.Of);

    private static ReceivedEvent Received(string item) =>
        Assert.IsType<ReceivedEvent>(AuditEventList.ReadOne(Utf8(item)));

    private static string Text(ReceivedEvent received) => Encoding.UTF8.GetString(received.Canonical.Span);
}
