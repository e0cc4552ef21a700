using JitFunctions.Domain.Text;

namespace JitFunctions.EvidenceFiles;

/// <summary>Compares a table of the archive with the rows that follow from the log, and names what differs.</summary>
internal sealed class RowComparison(string file, IReadOnlyList<string> columns)
{
    /// <param name="expected">Lines with their line ends, in the order of the log.</param>
    /// <param name="found">All rows of the file, the first one included.</param>
    /// <param name="keyOf">What a row is about. Rows with the same key are compared by their position.</param>
    public IEnumerable<EvidenceProblem> Compare(
        IEnumerable<string> expected,
        IReadOnlyList<IReadOnlyList<string>> found,
        Func<IReadOnlyList<string>, string> keyOf
    )
    {
        if (found is not [var header, ..] || !header.SequenceEqual(columns))
        {
            yield return new(EvidenceProblemKind.Form, file, "the first line does not have the names of the columns");
            yield break;
        }

        var rows = new Dictionary<string, Queue<IReadOnlyList<string>>>(StringComparer.Ordinal);
        foreach (var row in found.Skip(1))
        {
            if (row.Count != columns.Count)
            {
                yield return new(
                    EvidenceProblemKind.Form,
                    file,
                    $"the row of {Name(keyOf(row))} does not have {columns.Count} cells"
                );
                continue;
            }

            if (!rows.TryGetValue(keyOf(row), out var queue))
                rows.Add(keyOf(row), queue = new());
            queue.Enqueue(row);
        }

        foreach (var line in expected)
        {
            var cells = Csv.Read(new StringReader(line)).Single();
            if (!rows.TryGetValue(keyOf(cells), out var queue) || !queue.TryDequeue(out var row))
            {
                yield return new(
                    EvidenceProblemKind.Missing,
                    file,
                    $"the log has {Name(keyOf(cells))}, and the file has no row of it"
                );
                continue;
            }

            for (var i = 0; i < cells.Count; i++)
            {
                if (cells[i] == row[i])
                    continue;
                yield return new(
                    EvidenceProblemKind.Changed,
                    file,
                    $"{columns[i]} of {Name(keyOf(cells))} is '{row[i]}', and the log says '{cells[i]}'"
                );
                break;
            }
        }

        foreach (var row in rows.Values.SelectMany(queue => queue))
        {
            yield return new(
                EvidenceProblemKind.Added,
                file,
                $"the row of {Name(keyOf(row))} does not follow from the log, or is there twice"
            );
        }
    }

    private static string Name(string key) => key.Length > 100 ? key[..100] : key;
}
