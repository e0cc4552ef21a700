using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using JitFunctions.TransparencyLog.Json;

namespace JitFunctions.TransparencyLog.Tests.ForeignPrograms;

/// <summary>Another implementation of RFC 8785 gives the same bytes for random JSON.</summary>
public sealed class CanonicalizeTests
{
    private const int Count = 3000;

    private static readonly Gen<string> Texts = Gen.OneOf(
        Gen.String[Gen.Char["aZ09 _/\\\"<>&'\b\f\n\r\t\u0000\u001f\u007f\u0080\u2028\ufb33öü€"], 0, 12],
        Gen.String[Gen.Char.AlphaNumeric, 0, 6],
        Gen.OneOf(Gen.Const("😀"), Gen.Const("\U0001F600a"), Gen.Const("ab\U00010000"), Gen.Const("\uffff"))
    );

    private static readonly Gen<string> Numbers = Gen.OneOf(
        Gen.Double.Where(double.IsFinite).Select(number => number.ToString("R", CultureInfo.InvariantCulture)),
        Gen.Int.Select(number => number.ToString(CultureInfo.InvariantCulture)),
        Gen.Select(Gen.Int[-999, 999], Gen.Int[-330, 300], (digits, power) => $"{digits}e{power}"),
        Gen.Select(Gen.Long, Gen.UInt, (whole, part) => $"{whole}.{part}")
    );

    private static readonly Gen<string> Values = Gen.Recursive<string>(
        (depth, inner) =>
            depth > 3
                ? Leaf
                : Gen.OneOf(
                    Leaf,
                    inner.Array[0, 4].Select(items => $"[{string.Join(',', items)}]"),
                    Gen.Select(Texts, inner)
                        .Array[0, 5]
                        .Select(members => members.DistinctBy(one => one.Item1))
                        .Select(members => members.Select(one => $"{Quoted(one.Item1)}:{one.Item2}"))
                        .Select(members => $"{{{string.Join(',', members)}}}")
                )
    );

    private static Gen<string> Leaf =>
        Gen.OneOf(Texts.Select(Quoted), Numbers, Gen.OneOf(Gen.Const("null"), Gen.Const("true"), Gen.Const("false")));

    [Fact]
    public async Task Random_json_has_the_same_canonical_form()
    {
        var lines = new List<string>();
        Values.Sample(
            json =>
            {
                lock (lines)
                    lines.Add(json);
            },
            iter: Count
        );

        var expected = await ForeignProgram.Canonicalize.RunAsync([], string.Join('\n', [.. lines, ""]));

        Assert.Equal(Count, lines.Count);
        Assert.Equal(
            expected,
            lines.Select(json => Encoding.UTF8.GetString(CanonicalJson.Format(json, CanonicalNumbers.Doubles)))
        );
    }

    private static string Quoted(string text) => JsonValue.Create(text).ToJsonString();
}
