using System.Text;

namespace JitFunctions.Domain.Text;

/// <summary>Writes CSV (RFC 4180) for spreadsheets. Text from other people never becomes a formula.</summary>
public static class Csv
{
    // The characters that start a formula in spreadsheets, including the full-width forms:
    // https://owasp.org/www-community/attacks/CSV_Injection.
    private const string Formula = "=+-@＝＋－＠";

    public static string Line(IEnumerable<string> cells) => $"{string.Join(',', cells.Select(Cell))}\r\n";

    /// <summary>The text of a cell as <see cref="Line"/> shows it.</summary>
    public static string Inert(string text) =>
        // An apostrophe marks the cell as text. Some programs ignore blanks before a formula.
        text is ['\t' or '\r', ..]
        || (text.TrimStart() is [var first, ..] && Formula.Contains(first, StringComparison.Ordinal))
            ? $"'{text}"
            : text;

    /// <summary>The cells of the lines of a file, in the form that <see cref="Line"/> writes.</summary>
    /// <exception cref="FormatException">It is not CSV.</exception>
    public static IEnumerable<IReadOnlyList<string>> Read(TextReader text)
    {
        var (cells, cell, isQuoted, isOpen) = (new List<string>(), new StringBuilder(), false, false);
        while (text.Read() is >= 0 and var read)
        {
            var c = (char)read;
            if (isOpen && c == '"' && text.Peek() == '"')
            {
                text.Read();
                cell.Append('"');
            }
            else if (isOpen && c != '"')
            {
                cell.Append(c);
            }
            else if (isOpen)
            {
                isOpen = false;
            }
            else if (c == '"' && cell.Length == 0 && !isQuoted)
            {
                (isQuoted, isOpen) = (true, true);
            }
            else if (c == ',')
            {
                EndCell();
            }
            else if (c == '\n' || (c == '\r' && text.Peek() == '\n'))
            {
                if (c == '\r')
                    text.Read();
                EndCell();
                yield return cells.ToArray();
                cells.Clear();
            }
            else if (isQuoted || c == '"')
            {
                throw new FormatException("A quote is where CSV has none.");
            }
            else
            {
                cell.Append(c);
            }
        }

        if (isOpen || cell.Length > 0 || cells.Count > 0)
            throw new FormatException("The last line of the CSV has no end.");

        void EndCell()
        {
            cells.Add(cell.ToString());
            cell.Clear();
            isQuoted = false;
        }
    }

    private static string Cell(string text)
    {
        var inert = Inert(text);
        return inert.AsSpan().ContainsAny(",\"\r\n ")
            ? $"\"{inert.Replace("\"", "\"\"", StringComparison.Ordinal)}\""
            : inert;
    }
}
