using System.Text;
using JitFunctions.TransparencyLog.Hashing;
using JitFunctions.TransparencyLog.Json;
using JitFunctions.TransparencyLog.Leaves;

namespace JitFunctions.TransparencyLog.Tests.Leaves;

public sealed class EventLeafTests
{
    private const string Text =
        """{"at":"2026-11-23T08:52:31.204100Z","data":"a082481ffd2baabcb701edba37c18027309e3de523614f14720179b68a8d9c35","headers":"44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a","id":"0192f0c4-7b1e-7c3a-9d2e-3f4a5b6c7d8e","kind":"event","seq":4711,"stream":"3f9k2m7xq0ab","type":"access_reviewed","v":1,"version":2}""";

    private static readonly EventLeaf Leaf = new(
        Guid.Parse("0192f0c4-7b1e-7c3a-9d2e-3f4a5b6c7d8e"),
        new(2026, 11, 23, 9, 52, 31, 204, 100, TimeSpan.FromHours(1)),
        "3f9k2m7xq0ab",
        2,
        4711,
        "access_reviewed",
        new(Convert.FromHexString("a082481ffd2baabcb701edba37c18027309e3de523614f14720179b68a8d9c35")),
        Sha256Hash.Of("{}"u8)
    );

    [Fact]
    public void A_leaf_has_the_bytes_that_the_document_shows()
    {
        Assert.Equal(Text, Encoding.UTF8.GetString(Leaf.ToBytes()));
        Assert.Equal(Leaf, EventLeaf.Parse(Leaf.ToBytes()));
        Assert.True(CanonicalJson.IsCanonical(Leaf.ToBytes()));
    }

    [Theory]
    [InlineData("\"kind\":\"event\"", "\"kind\":\"actions\"")]
    [InlineData("\"v\":1", "\"v\":2")]
    [InlineData("\"v\":1", "\"more\":0,\"v\":1")]
    [InlineData("\"version\":2", "\"version\":2 ")]
    [InlineData("\"version\":2", "\"version\":\"2\"")]
    [InlineData("\"seq\":4711", "\"seq\":4711.5")]
    [InlineData("\"seq\":4711,", "")]
    [InlineData("a082481f", "A082481F")]
    [InlineData("31.204100Z", "31.2041Z")]
    [InlineData("31.204100Z", "31.204100+00:00")]
    [InlineData("7d8e\"", "7d8\"")]
    public void Any_other_form_is_refused(string old, string other)
    {
        Assert.Contains(old, Text, StringComparison.Ordinal);
        Assert.Throws<FormatException>(() =>
            EventLeaf.Parse(Encoding.UTF8.GetBytes(Text.Replace(old, other, StringComparison.Ordinal)))
        );
    }

    [Fact]
    public void A_leaf_has_a_limit() =>
        Assert.Throws<FormatException>(() => (Leaf with { Stream = new('x', EventLeaf.MostBytes) }).ToBytes());
}
