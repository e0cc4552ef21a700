using System.Buffers;
using System.Buffers.Text;
using JitFunctions.TransparencyLog.Json;
using JitFunctions.TransparencyLog.Text;

namespace JitFunctions.TransparencyLog.Exports;

/// <summary>
/// Writes a row of <see cref="ExportFiles.Leaves"/>: canonical JSON and a line feed. <see cref="ExportRowReader"/>
/// reads it.
/// </summary>
internal static class ExportRow
{
    public static ReadOnlySpan<byte> DataStart => "\"data\":\""u8;

    public static ReadOnlySpan<byte> DisclosuresStart => "\"disclosures\":["u8;

    public static ReadOnlySpan<byte> HeadersStart => "\"headers\":\""u8;

    public static ReadOnlySpan<byte> IndexStart => "\"index\":"u8;

    public static ReadOnlySpan<byte> LeafStart => ",\"leaf\":\""u8;

    /// <exception cref="FormatException">Data or headers are not UTF-8.</exception>
    public static void Write(ExportLeaf row, IBufferWriter<byte> output)
    {
        output.Write("{"u8);
        if (row.Data is { } data)
        {
            output.Write(DataStart[..^1]);
            CanonicalJson.WriteText(StrictUtf8.GetString(data.Span), output);
            output.Write(","u8);
        }

        if (row.Disclosures is not [])
        {
            output.Write(DisclosuresStart);
            for (var i = 0; i < row.Disclosures.Count; i++)
            {
                if (i > 0)
                    output.Write(","u8);
                CanonicalJson.WriteText(row.Disclosures[i], output);
            }

            output.Write("],"u8);
        }

        if (row.Headers is { } headers)
        {
            output.Write(HeadersStart[..^1]);
            CanonicalJson.WriteText(StrictUtf8.GetString(headers.Span), output);
            output.Write(","u8);
        }

        output.Write(IndexStart);
        Utf8Formatter.TryFormat(row.Index, output.GetSpan(20), out var digits);
        output.Advance(digits);
        output.Write(LeafStart);
        Base64.EncodeToUtf8(
            row.Leaf.Span,
            output.GetSpan(Base64.GetMaxEncodedToUtf8Length(row.Leaf.Length)),
            out _,
            out var length
        );
        output.Advance(length);
        output.Write("\"}\n"u8);
    }
}
