using System.Text;
using System.Text.Json;
using JitFunctions.TransparencyLog.Disclosures;

namespace JitFunctions.TransparencyLog.Tests.Disclosures;

public sealed class DisclosureTests
{
    private const string Event =
        """{"at":"2026","by":{"subject":"u-1","username":"bob@example.com"},"comment":"ok","reviews":[{"by":"eve"},{"by":"ann"}]}""";

    /// <summary>RFC 9901, section 4.2: its example, which has spaces that our own disclosures have not.</summary>
    [Fact]
    public void The_example_of_sd_jwt_is_read_and_has_its_digest()
    {
        var disclosure = Disclosure.Parse("WyJfMjZiYzRMVC1hYzZxMktJNmNCVzVlcyIsICJmYW1pbHlfbmFtZSIsICJNw7ZiaXVzIl0");

        Assert.Equal("X9yH0Ajrdm1Oij4tWso9UzzKJvPoDxwmuEcO3XAdRC0", disclosure.Digest);
        Assert.Equal(("family_name", "Möbius"), (disclosure.Name, disclosure.Value.GetString()));
        Assert.DoesNotContain("Möbius", disclosure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Personal_members_leave_their_digests_and_come_back()
    {
        var redacted = Redact(Event);

        var text = Encoding.UTF8.GetString(redacted.Data);
        Assert.Equal(4, redacted.Disclosures.Count);
        Assert.Equal(4, Redaction.DigestsIn(redacted.Data).Count);
        Assert.DoesNotContain("bob", text, StringComparison.Ordinal);
        Assert.DoesNotContain("eve", text, StringComparison.Ordinal);
        Assert.StartsWith("{\"_sd\":[\"", text, StringComparison.Ordinal);
        Assert.Contains("\"by\":{\"_sd\":[\"", text, StringComparison.Ordinal);
        Assert.Contains("\"subject\":\"u-1\"", text, StringComparison.Ordinal);
        Assert.Equal(
            Event,
            Encoding.UTF8.GetString(
                Redaction.Restore(redacted.Data, redacted.Disclosures.Select(one => Disclosure.Parse(one.Encoded)))
            )
        );
    }

    [Fact]
    public void What_was_erased_stays_a_digest()
    {
        var redacted = Redact(Event);
        var left = redacted.Disclosures.Where(one => one.Name is not "username").ToList();

        var restored = Redaction.Restore(redacted.Data, left);

        Assert.Equal(
            redacted.Disclosures.Single(one => one.Name is "username").Digest,
            Assert.Single(Redaction.DigestsIn(restored))
        );
    }

    [Fact]
    public void Two_equal_values_have_unlike_digests_and_a_salt_is_never_used_twice()
    {
        var (one, other) = (Redact(Event), Redact(Event));

        Assert.NotEqual(one.Data, other.Data);
        Assert.Empty(one.Disclosures.Select(x => x.Digest).Intersect(other.Disclosures.Select(x => x.Digest)));
        Assert.Each(one.Disclosures, x => Assert.Equal(22, Salt(x).Length)); // base64url of 16 bytes
        Assert.Distinct([.. one.Disclosures.Select(Salt), .. other.Disclosures.Select(Salt)]);
    }

    [Fact]
    public void The_disclosure_of_another_document_is_refused()
    {
        var other = Redact("""{"comment":"ok"}""").Disclosures;

        Assert.Throws<FormatException>(() => Redaction.Restore(Redact(Event).Data, other));
    }

    [Fact]
    public void A_document_cannot_have_digests_of_its_own()
    {
        Assert.Throws<FormatException>(() => Redact("""{"a":{"_sd":[]}}"""));
        Assert.Throws<FormatException>(() => Redact("[]"));
        Assert.Throws<FormatException>(() => Redaction.DigestsIn("""{"a":{"_sd":[1]}}"""u8.ToArray()));
        Assert.Throws<FormatException>(() => Redaction.DigestsIn("""{"a":{"_sd":"x"}}"""u8.ToArray()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("WyJh")]
    [InlineData("*")]
    [InlineData("e30")] // {}
    [InlineData("W10")] // []
    [InlineData("WyJhIiwiYiJd")] // ["a","b"]: an element of an array in SD-JWT
    [InlineData("WzEsImIiLDJd")] // [1,"b",2]
    [InlineData("WyJhIiwiYiIsMV0=")] // padded
    public void What_is_not_a_disclosure_is_refused(string text) =>
        Assert.Throws<FormatException>(() => Disclosure.Parse(text));

    [Fact]
    public void A_short_salt_is_refused() =>
        Assert.Throws<ArgumentException>(() => Disclosure.Of(new byte[15], "a", JsonDocument.Parse("1").RootElement));

    private static RedactedJson Redact(string json) =>
        Redaction.Redact(Encoding.UTF8.GetBytes(json), path => path is "/by/username" or "/comment" or "/reviews/*/by");

    private static string Salt(Disclosure disclosure) =>
        JsonDocument
            .Parse(System.Buffers.Text.Base64Url.DecodeFromChars(disclosure.Encoded))
            .RootElement[0]
            .GetString()!;
}
