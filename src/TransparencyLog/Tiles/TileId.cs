using System.Globalization;
using System.Text;

namespace JitFunctions.TransparencyLog.Tiles;

/// <summary>
/// Names a tile: up to 256 hashes of one level of the tree, or up to 256 entries (C2SP tlog-tiles). The hashes of
/// level <c>L</c> are those of complete subtrees of height <c>8 L</c>.
/// </summary>
/// <param name="Level">0 to 7 for hashes; null for entries.</param>
/// <param name="Index">The number of the tile in its level.</param>
/// <param name="Width">1 to 255 for a partial tile, 256 for a full one.</param>
public readonly record struct TileId(int? Level, long Index, int Width = TileId.FullWidth)
{
    /// <summary>The height of a tile in levels of the tree.</summary>
    public const int Height = 8;

    /// <summary>The most hashes, or entries, of a tile.</summary>
    public const int FullWidth = 1 << Height;

    /// <summary>The levels of a tree of 2^63 leaves.</summary>
    public const int Levels = 8;

    public bool IsPartial => Width < FullWidth;

    /// <summary>
    /// The path below the prefix of the log, without a slash at its beginning, such as <c>tile/0/x001/x234/067</c>
    /// or <c>tile/entries/000.p/17</c>.
    /// </summary>
    public string Path()
    {
        var path = new StringBuilder("tile/")
            .Append(Level?.ToString(CultureInfo.InvariantCulture) ?? "entries")
            .Append('/');
        var digits = Index.ToString("D3", CultureInfo.InvariantCulture);
        digits = digits.PadLeft((digits.Length + 2) / 3 * 3, '0');
        for (var i = 0; i < digits.Length - 3; i += 3)
            path.Append('x').Append(digits, i, 3).Append('/');
        path.Append(digits, digits.Length - 3, 3);
        if (IsPartial)
            path.Append(CultureInfo.InvariantCulture, $".p/{Width}");
        return path.ToString();
    }

    /// <summary>Reads what <see cref="Path"/> writes, and nothing else: each tile has one path.</summary>
    public static bool TryParse(string path, out TileId tile)
    {
        tile = default;
        if (path.Split('/') is not ["tile", var level, .. var rest] || rest is [])
            return false;
        var width = FullWidth;
        if (rest is [.., { Length: > 2 } before, var partial] && before.EndsWith(".p", StringComparison.Ordinal))
        {
            if (!int.TryParse(partial, NumberStyles.None, CultureInfo.InvariantCulture, out width))
                return false;
            rest = [.. rest[..^2], before[..^2]];
        }

        int? number = null;
        if (level is not "entries")
        {
            if (!int.TryParse(level, NumberStyles.None, CultureInfo.InvariantCulture, out var parsed))
                return false;
            number = parsed;
        }

        var digits = string.Concat(rest).Replace("x", "", StringComparison.Ordinal);
        if (!long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var index))
            return false;
        tile = new(number, index, width);
        return number is null or (>= 0 and < Levels) && width is > 0 and <= FullWidth && tile.Path() == path;
    }

    /// <summary>The tiles that a log of this size has: for each level, then for the entries.</summary>
    /// <param name="size">The number of leaves.</param>
    public static IEnumerable<TileId> Of(long size) =>
        Enumerable.Range(0, Levels).SelectMany(level => OfLevel(level, Count(level, size))).Concat(OfLevel(null, size));

    /// <summary>How many hashes a level has.</summary>
    public static long Count(int level, long size) => size >> (Height * level);

    /// <summary>The width of the last, partial tile of a level; 0 if there is none.</summary>
    public static int PartialWidth(int level, long size) => (int)(Count(level, size) % FullWidth);

    private static IEnumerable<TileId> OfLevel(int? level, long count)
    {
        for (var index = 0L; index < count / FullWidth; index++)
            yield return new(level, index);
        if (count % FullWidth is > 0 and var width)
            yield return new(level, count / FullWidth, (int)width);
    }
}
