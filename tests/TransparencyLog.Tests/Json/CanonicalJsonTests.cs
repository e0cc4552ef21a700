using System.Text;
using CsCheck;
using JitFunctions.TransparencyLog.Hashing;
using JitFunctions.TransparencyLog.Json;

namespace JitFunctions.TransparencyLog.Tests.Json;

public sealed class CanonicalJsonTests
{
    [Fact]
    public void The_example_of_rfc_8785_has_its_bytes()
    {
        var canonical = CanonicalJson.Format(
            """
            {"numbers":[333333333.33333329,1E30,4.50,2e-3,1e-27],"string":"\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/","literals":[null,true,false]}
            """,
            CanonicalNumbers.Doubles
        );

        Assert.Equal(
            """
            {"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}
            """,
            Encoding.UTF8.GetString(canonical)
        );
        Assert.Equal(118, canonical.Length);
        Assert.Equal(
            "2d5e01a318d0f0879ab568c4be289c8b1f64ef8921a53c6277d5e069978baacb",
            Sha256Hash.Of(canonical).ToString()
        );
    }

    [Fact]
    public void Members_are_in_the_order_of_utf16_code_units() =>
        Assert.Equal(
            "{\"\\r\":2,\"1\":4,\"\u0080\":6,\"ö\":7,\"€\":1,\"😀\":5,\"\ufb33\":3}",
            Text("{\"€\":1,\"\\r\":2,\"\\ufb33\":3,\"1\":4,\"😀\":5,\"\\u0080\":6,\"ö\":7}")
        );

    [Fact]
    public void What_is_canonical_stays_as_it_is()
    {
        const string Event =
            """{"at":"2026-11-23T08:52:31.204118Z","by":{"subject":"u-1","username":"bob@example.com"},"verdict":"approve"}""";

        Assert.Equal(Event, Text(Event));
        Assert.True(CanonicalJson.IsCanonical(Encoding.UTF8.GetBytes(Event)));
        Assert.False(CanonicalJson.IsCanonical(Encoding.UTF8.GetBytes(Event + " ")));
        Assert.Equal(
            "a082481ffd2baabcb701edba37c18027309e3de523614f14720179b68a8d9c35",
            Sha256Hash.Of(CanonicalJson.Format(Event)).ToString()
        );
    }

    [Theory]
    [InlineData("0", "0")]
    [InlineData("-0", "0")]
    [InlineData("-1", "-1")]
    [InlineData("9007199254740991", "9007199254740991")]
    [InlineData("-9007199254740991", "-9007199254740991")]
    public void Integers_that_a_double_holds_are_allowed(string json, string expected) =>
        Assert.Equal(expected, Text(json));

    [Theory]
    [InlineData("9007199254740992")]
    [InlineData("-9007199254740992")]
    [InlineData("9223372036854775808")]
    [InlineData("1.0")]
    [InlineData("1.5")]
    [InlineData("1e2")]
    [InlineData("1E2")]
    [InlineData("123456789012345678901234567890.5")]
    public void Other_numbers_are_refused_because_they_could_change_unseen(string json) =>
        Assert.Throws<FormatException>(() => CanonicalJson.Format($$"""{"a":[{{json}}]}"""));

    /// <summary>From RFC 8785, appendix B, by the bits of the double.</summary>
    [Theory]
    [InlineData(0x0000000000000000, "0")]
    [InlineData(0x8000000000000000, "0")]
    [InlineData(0x0000000000000001, "5e-324")]
    [InlineData(0x8000000000000001, "-5e-324")]
    [InlineData(0x7fefffffffffffff, "1.7976931348623157e+308")]
    [InlineData(0xffefffffffffffff, "-1.7976931348623157e+308")]
    [InlineData(0x4340000000000000, "9007199254740992")]
    [InlineData(0xc340000000000000, "-9007199254740992")]
    [InlineData(0x4430000000000000, "295147905179352830000")]
    [InlineData(0x44b52d02c7e14af5, "9.999999999999997e+22")]
    [InlineData(0x44b52d02c7e14af6, "1e+23")]
    [InlineData(0x44b52d02c7e14af7, "1.0000000000000001e+23")]
    [InlineData(0x444b1ae4d6e2ef4e, "999999999999999700000")]
    [InlineData(0x444b1ae4d6e2ef4f, "999999999999999900000")]
    [InlineData(0x444b1ae4d6e2ef50, "1e+21")]
    [InlineData(0x3eb0c6f7a0b5ed8c, "9.999999999999997e-7")]
    [InlineData(0x3eb0c6f7a0b5ed8d, "0.000001")]
    [InlineData(0x41b3de4355555553, "333333333.3333332")]
    [InlineData(0x41b3de4355555554, "333333333.33333325")]
    [InlineData(0x41b3de4355555555, "333333333.3333333")]
    [InlineData(0x41b3de4355555556, "333333333.3333334")]
    [InlineData(0x41b3de4355555557, "333333333.33333343")]
    [InlineData(0xbecbf647612f3696, "-0.0000033333333333333333")]
    [InlineData(0x43143ff3c1cb0959, "1424953923781206.2")]
    public void Doubles_are_written_as_ecmascript_writes_them(ulong bits, string expected)
    {
        var json = BitConverter
            .UInt64BitsToDouble(bits)
            .ToString("R", System.Globalization.CultureInfo.InvariantCulture);

        Assert.Equal(expected, Encoding.UTF8.GetString(CanonicalJson.Format(json, CanonicalNumbers.Doubles)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{} {}")]
    [InlineData("{\"a\":1,\"a\":1}")]
    [InlineData("{\"a\":1,\"\\u0061\":1}")]
    [InlineData("[1,]")]
    [InlineData("[/**/]")]
    [InlineData("'a'")]
    [InlineData("NaN")]
    [InlineData("\"\\ud800\"")]
    [InlineData("{\"\\ud800\":1}")]
    [InlineData("\"\\udc00\\ud800\"")]
    [InlineData("\"\t\"")]
    [InlineData("01")]
    public void What_is_not_one_value_with_one_meaning_is_refused(string json)
    {
        Assert.Throws<FormatException>(() => CanonicalJson.Format(json));
        Assert.False(CanonicalJson.IsCanonical(Encoding.UTF8.GetBytes(json)));
    }

    [Fact]
    public void A_double_that_overflows_is_refused() =>
        Assert.Throws<FormatException>(() => CanonicalJson.Format("1e400", CanonicalNumbers.Doubles));

    [Fact]
    public void Every_text_is_read_back_and_its_canonical_form_is_its_own() =>
        Gen
            .String.Where(IsText)
            .Sample(text =>
            {
                var canonical = CanonicalJson.FormatText(text);
                Assert.Equal(text, System.Text.Json.JsonDocument.Parse(canonical).RootElement.GetString());
                Assert.Equal(canonical, CanonicalJson.Format(canonical));
            });

    private static bool IsText(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (
                char.IsSurrogate(text[i])
                && !(i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1]) && i++ >= 0)
            )
                return false;
        }

        return true;
    }

    private static string Text(string json) => Encoding.UTF8.GetString(CanonicalJson.Format(json));
}
