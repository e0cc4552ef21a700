using System.Buffers;
using System.Text;
using CsCheck;
using JitFunctions.TransparencyLog.Exports;
using JitFunctions.TransparencyLog.Json;

namespace JitFunctions.TransparencyLog.Tests.Exports;

public sealed class ExportRowTests
{
    private static readonly Gen<string> Texts = Gen.String[
        Gen.Char["aü€\"\\/\b\f\n\r\t\u0000\u001f\u007f{}[]:, "],
        0,
        60
    ];

    private static readonly Gen<ExportLeaf> Rows = Gen.Select(
        Gen.Long[0, long.MaxValue],
        Gen.Byte.Array[1, 80],
        Texts.Null(),
        Texts.Null(),
        Gen.String[Gen.Char.AlphaNumeric, 1, 20].Array[0, 3],
        (index, leaf, data, headers, disclosures) =>
            new ExportLeaf(index, leaf, Bytes(data), Bytes(headers), disclosures)
    );

    [Fact]
    public void A_row_is_canonical_json_and_is_read_as_it_was_written() =>
        Rows.Sample(row =>
        {
            var line = Written(row);
            Assert.True(CanonicalJson.IsCanonical(line, CanonicalNumbers.Doubles) || row.Index >= 1L << 53);
            var read = new ExportRowReader();
            Assert.True(read.TryRead(line));
            Assert.Equal(row.Index, read.Index);
            Assert.Equal(row.Leaf.ToArray(), read.Leaf.ToArray());
            Assert.Equal(row.Data?.ToArray(), read.Data?.ToArray());
            Assert.Equal(row.Headers?.ToArray(), read.Headers?.ToArray());
            Assert.Equal(row.Disclosures, read.Disclosures.Select(one => Encoding.UTF8.GetString(one.Span)));
        });

    /// <summary>Otherwise bytes of an export could change without a change of what it says.</summary>
    [Fact]
    public void A_row_with_another_byte_is_refused_or_says_something_else() =>
        Gen.Select(Rows, Gen.Int[0, int.MaxValue], Gen.Byte[1, 255])
            .Sample(
                (row, at, change) =>
                {
                    var line = Written(row);
                    line[at % line.Length] ^= change;
                    var read = new ExportRowReader();
                    if (!read.TryRead(line))
                        return;
                    var changed = new ExportLeaf(
                        read.Index,
                        read.Leaf,
                        read.Data,
                        read.Headers,
                        [.. read.Disclosures.Select(one => Encoding.Latin1.GetString(one.Span))]
                    );
                    Assert.False(
                        changed.Index == row.Index
                            && changed.Leaf.Span.SequenceEqual(row.Leaf.Span)
                            && Same(changed.Data, row.Data)
                            && Same(changed.Headers, row.Headers)
                            && changed.Disclosures.SequenceEqual(row.Disclosures),
                        Encoding.Latin1.GetString(line)
                    );
                },
                iter: 20_000
            );

    [Theory]
    [InlineData("""{"index":0,"leaf":"AA=="}""", true)]
    [InlineData("""{"data":"","headers":"","index":0,"leaf":"AA=="}""", true)]
    [InlineData("""{"data":"","disclosures":["a","b"],"headers":"","index":0,"leaf":"AA=="}""", true)]
    [InlineData("""{"data":"\u001f\n\"\\","index":10,"leaf":"AAA="}""", true)]
    [InlineData("", false)]
    [InlineData("{}", false)]
    [InlineData("""{"index":0,"leaf":""}""", false)]
    [InlineData("""{"index":0}""", false)]
    [InlineData("""{"index":00,"leaf":"AA=="}""", false)]
    [InlineData("""{"index":-0,"leaf":"AA=="}""", false)]
    [InlineData("""{"index":+1,"leaf":"AA=="}""", false)]
    [InlineData("""{"index":1.0,"leaf":"AA=="}""", false)]
    [InlineData("""{"index":9223372036854775808,"leaf":"AA=="}""", false)]
    [InlineData("""{"index":0,"leaf":"AB=="}""", false)]
    [InlineData("""{"index":0,"leaf":"AAB="}""", false)]
    [InlineData("""{"index":0,"leaf":"AA="}""", false)]
    [InlineData("""{"index":0,"leaf":"AA"}""", false)]
    [InlineData("""{"index":0,"leaf":"A A=="}""", false)]
    [InlineData("""{"index":0,"leaf":" AA=="}""", false)]
    [InlineData("""{"index":0,"leaf":"AA==    "}""", false)]
    [InlineData("""{"index":0,"leaf":"A_=="}""", false)]
    [InlineData("""{"index":0,"leaf":"AA=="} """, false)]
    [InlineData("""{"index":0, "leaf":"AA=="}""", false)]
    [InlineData("""{"leaf":"AA==","index":0}""", false)]
    [InlineData("""{"index":0,"leaf":"AA==","more":0}""", false)]
    [InlineData("""{"headers":"","data":"","index":0,"leaf":"AA=="}""", false)]
    [InlineData("""{"disclosures":[],"index":0,"leaf":"AA=="}""", false)]
    [InlineData("""{"disclosures":["a",],"index":0,"leaf":"AA=="}""", false)]
    [InlineData("""{"data":null,"index":0,"leaf":"AA=="}""", false)]
    [InlineData("""{"data":"\/","index":0,"leaf":"AA=="}""", false)]
    [InlineData("""{"data":"\u000a","index":0,"leaf":"AA=="}""", false)]
    [InlineData("""{"data":"\u001F","index":0,"leaf":"AA=="}""", false)]
    [InlineData("""{"data":"\u0020","index":0,"leaf":"AA=="}""", false)]
    [InlineData("""{"data":"\u00fc","index":0,"leaf":"AA=="}""", false)]
    [InlineData("""{"data":"\u00","index":0,"leaf":"AA=="}""", false)]
    [InlineData("""{"data":"\""", false)]
    [InlineData("""{"data":"\u0""", false)]
    [InlineData("{\"data\":\"\t\",\"index\":0,\"leaf\":\"AA==\"}", false)]
    [InlineData("""{"data":"a""", false)]
    public void A_row_has_one_form(string line, bool isRow) =>
        Assert.Equal(isRow, new ExportRowReader().TryRead(Encoding.UTF8.GetBytes(line)));

    private static byte[] Written(ExportLeaf row)
    {
        var output = new ArrayBufferWriter<byte>();
        ExportRow.Write(row, output);
        Assert.Equal((byte)'\n', output.WrittenSpan[^1]);
        return output.WrittenSpan[..^1].ToArray();
    }

    private static ReadOnlyMemory<byte>? Bytes(string? text) => text is null ? null : Encoding.UTF8.GetBytes(text);

    private static bool Same(ReadOnlyMemory<byte>? one, ReadOnlyMemory<byte>? other) =>
        one is null ? other is null : other is not null && one.Value.Span.SequenceEqual(other.Value.Span);
}
