using System.Runtime.CompilerServices;
using System.Text;

namespace JitFunctions.TransparencyLog.Exports;

/// <summary>Reads the rows of an export one after the other. It verifies nothing but their form.</summary>
public static class ExportLeaves
{
    /// <exception cref="FormatException">There is no such file, or a row is not in its form.</exception>
    public static async IAsyncEnumerable<ExportLeaf> ReadLeavesAsync(
        this ExportSource export,
        [EnumeratorCancellation] CancellationToken cancellation = default
    )
    {
        await using var file =
            export.TryOpen(ExportFiles.Leaves)
            ?? throw new FormatException($"The export has no file '{ExportFiles.Leaves}'.");
        var reader = new ExportRowReader();
        var (buffer, start, length) = (new byte[256 * 1024], 0, 0);
        while (true)
        {
            if (buffer.AsSpan(start, length - start).IndexOf((byte)'\n') is >= 0 and var end)
            {
                if (!reader.TryRead(buffer.AsSpan(start, end)))
                    throw NoRow();
                start += end + 1;
                yield return Copy(reader);
                continue;
            }

            buffer.AsSpan(start, length - start).CopyTo(buffer);
            (start, length) = (0, length - start);
            if (length == buffer.Length)
                Array.Resize(ref buffer, 2 * buffer.Length);
            if (await file.ReadAsync(buffer.AsMemory(length), cancellation) is not (> 0 and var read))
                break;
            length += read;
        }

        if (length > 0)
            throw NoRow();
    }

    // What the reader has is valid until it reads the next row.
    private static ExportLeaf Copy(ExportRowReader row) =>
        new(
            row.Index,
            row.Leaf.ToArray(),
            row.Data?.ToArray(),
            row.Headers?.ToArray(),
            [.. row.Disclosures.Select(one => Encoding.UTF8.GetString(one.Span))]
        );

    private static FormatException NoRow() => new("A row is not in the form of an export.");
}
