using System.Buffers.Binary;

namespace JitFunctions.TransparencyLog.Tiles;

/// <summary>
/// The entries of a tile: for each its length as two big-endian bytes, and its bytes (C2SP tlog-tiles).
/// </summary>
public static class EntryBundle
{
    /// <summary>The longest entry in bytes.</summary>
    public const int MostBytes = ushort.MaxValue;

    /// <exception cref="ArgumentException">An entry is too long, or there are more than 256 or none.</exception>
    public static byte[] Format(IReadOnlyCollection<ReadOnlyMemory<byte>> entries)
    {
        if (entries.Count is 0 or > TileId.FullWidth)
            throw new ArgumentException($"A bundle has 1 to {TileId.FullWidth} entries, not {entries.Count}.");
        if (entries.FirstOrDefault(entry => entry.Length > MostBytes) is { Length: > 0 } large)
            throw new ArgumentException($"An entry has at most {MostBytes} bytes, not {large.Length}.");
        var bundle = new byte[entries.Sum(entry => 2 + entry.Length)];
        var rest = bundle.AsSpan();
        foreach (var entry in entries)
        {
            BinaryPrimitives.WriteUInt16BigEndian(rest, (ushort)entry.Length);
            entry.Span.CopyTo(rest[2..]);
            rest = rest[(2 + entry.Length)..];
        }

        return bundle;
    }

    /// <exception cref="FormatException">The last entry is cut, or there are more than 256 or none.</exception>
    public static IReadOnlyList<ReadOnlyMemory<byte>> Parse(ReadOnlyMemory<byte> bundle)
    {
        var entries = new List<ReadOnlyMemory<byte>>();
        while (bundle.Length > 0)
        {
            if (bundle.Length < 2 || bundle.Length - 2 < BinaryPrimitives.ReadUInt16BigEndian(bundle.Span))
                throw new FormatException("The last entry of the bundle is cut.");
            var length = BinaryPrimitives.ReadUInt16BigEndian(bundle.Span);
            entries.Add(bundle.Slice(2, length));
            bundle = bundle[(2 + length)..];
        }

        return entries.Count is > 0 and <= TileId.FullWidth
            ? entries
            : throw new FormatException($"A bundle has 1 to {TileId.FullWidth} entries, not {entries.Count}.");
    }
}
