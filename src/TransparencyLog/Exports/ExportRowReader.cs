using System.Buffers;
using System.Buffers.Text;

namespace JitFunctions.TransparencyLog.Exports;

/// <summary>
/// Reads one row exactly as <see cref="ExportRow"/> writes it: any other spelling of the same JSON is refused, so that
/// no byte of an export can change unnoticed. What was read is valid until the next row. Not safe for several threads.
/// </summary>
internal sealed class ExportRowReader
{
    private const int MostDisclosures = 1024;

    private static readonly SearchValues<byte> EndOfPlainText = SearchValues.Create([
        .. Enumerable.Range(0, 0x20).Select(c => (byte)c),
        (byte)'"',
        (byte)'\\',
    ]);

    private readonly List<ReadOnlyMemory<byte>> _disclosures = [];
    private byte[] _texts = [];
    private int _length;

    public long Index { get; private set; }

    public ReadOnlyMemory<byte> Leaf { get; private set; }

    public ReadOnlyMemory<byte>? Data { get; private set; }

    public ReadOnlyMemory<byte>? Headers { get; private set; }

    /// <summary>As they are written, without quotes.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Disclosures => _disclosures;

    /// <param name="line">Without its line feed.</param>
    /// <returns>Whether the line is a row.</returns>
    public bool TryRead(ReadOnlySpan<byte> line)
    {
        // No text is longer than what the line has for it.
        if (_texts.Length < line.Length)
            _texts = new byte[Math.Max(line.Length, 2 * _texts.Length)];
        (_length, Data, Headers, Leaf) = (0, null, null, default);
        _disclosures.Clear();

        if (!Skip(ref line, "{"u8))
            return false;
        if (Skip(ref line, ExportRow.DataStart))
        {
            if (!TryReadText(ref line, out var data) || !Skip(ref line, ","u8))
                return false;
            Data = data;
        }

        if (Skip(ref line, ExportRow.DisclosuresStart) && !TryReadDisclosures(ref line))
            return false;
        if (Skip(ref line, ExportRow.HeadersStart))
        {
            if (!TryReadText(ref line, out var headers) || !Skip(ref line, ","u8))
                return false;
            Headers = headers;
        }

        return Skip(ref line, ExportRow.IndexStart)
            && TryReadIndex(ref line)
            && Skip(ref line, ExportRow.LeafStart)
            && TryReadLeaf(ref line)
            && line.SequenceEqual("}"u8);
    }

    private static bool Skip(ref ReadOnlySpan<byte> line, ReadOnlySpan<byte> expected)
    {
        if (!line.StartsWith(expected))
            return false;
        line = line[expected.Length..];
        return true;
    }

    private bool TryReadDisclosures(ref ReadOnlySpan<byte> line)
    {
        do
        {
            if (
                _disclosures.Count == MostDisclosures
                || !Skip(ref line, "\""u8)
                || !TryReadText(ref line, out var disclosure)
            )
                return false;
            _disclosures.Add(disclosure);
        } while (Skip(ref line, ","u8));

        return Skip(ref line, "],"u8);
    }

    /// <summary>Reads the text behind a quote, and the quote at its end.</summary>
    private bool TryReadText(ref ReadOnlySpan<byte> line, out ReadOnlyMemory<byte> text)
    {
        var start = _length;
        text = default;
        while (line.IndexOfAny(EndOfPlainText) is >= 0 and var at)
        {
            line[..at].CopyTo(_texts.AsSpan(_length));
            _length += at;
            var end = line[at];
            line = line[(at + 1)..];
            if (end is (byte)'"')
            {
                text = _texts.AsMemory(start, _length - start);
                return true;
            }

            if (end is not (byte)'\\' || !TryReadEscape(ref line, out _texts[_length]))
                return false;
            _length++;
        }

        return false;
    }

    // The escapes that RFC 8785 writes, and no others.
    private static bool TryReadEscape(ref ReadOnlySpan<byte> line, out byte character)
    {
        character = 0;
        if (line.IsEmpty)
            return false;
        var name = line[0];
        line = line[1..];
        if (name is (byte)'u')
            return TryReadCode(ref line, out character);
        character = name switch
        {
            (byte)'"' or (byte)'\\' => name,
            (byte)'b' => (byte)'\b',
            (byte)'f' => (byte)'\f',
            (byte)'n' => (byte)'\n',
            (byte)'r' => (byte)'\r',
            (byte)'t' => (byte)'\t',
            _ => 0,
        };
        return character != 0;
    }

    private static bool TryReadCode(ref ReadOnlySpan<byte> line, out byte character)
    {
        character = 0;
        if (line.Length < 4 || !line.StartsWith("00"u8) || line[2] is not ((byte)'0' or (byte)'1'))
            return false;
        var digit = "0123456789abcdef"u8.IndexOf(line[3]);
        character = (byte)(((line[2] - '0') << 4) | digit);
        line = line[4..];
        return digit >= 0 && character is not ((byte)'\b' or (byte)'\f' or (byte)'\n' or (byte)'\r' or (byte)'\t');
    }

    private bool TryReadIndex(ref ReadOnlySpan<byte> line)
    {
        if (
            !Utf8Parser.TryParse(line, out long index, out var digits)
            || line[0] is < (byte)'0' or > (byte)'9'
            || (line[0] is (byte)'0' && digits > 1)
        )
            return false;
        Index = index;
        line = line[digits..];
        return true;
    }

    private bool TryReadLeaf(ref ReadOnlySpan<byte> line)
    {
        var end = line.IndexOf((byte)'"');
        if (end <= 0 || end % 4 != 0)
            return false;
        var text = line[..end];
        var bytes = _texts.AsSpan(_length);
        // The decoder skips white space, and ignores bits behind the last byte.
        if (
            text.ContainsAny(" \t\r\n"u8)
            || Base64.DecodeFromUtf8(text, bytes, out _, out var length) is not OperationStatus.Done
        )
            return false;
        Span<byte> last = stackalloc byte[4];
        Base64.EncodeToUtf8(bytes[((length - 1) / 3 * 3)..length], last, out _, out _);
        if (!text.EndsWith(last))
            return false;
        Leaf = _texts.AsMemory(_length, length);
        line = line[(end + 1)..];
        return true;
    }
}
