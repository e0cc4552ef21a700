using System.Text;

namespace JitFunctions.KubectlJit.Output;

/// <summary>Aligned columns as kubectl prints them. Rows may come in several goes: columns then only ever widen.</summary>
internal sealed class Table(Shell shell, params string[] headers)
{
    private const string Gap = "   ";
    private readonly int[] _widths = [.. headers.Select(header => header.Length)];
    private bool _headed;

    public void Add(IEnumerable<string?[]> rows)
    {
        string[][] printable = [.. rows.Select(row => row.Select(Cell).ToArray())];
        foreach (var row in printable)
        {
            for (var i = 0; i < row.Length; i++) _widths[i] = Math.Max(_widths[i], row[i].Length);
        }

        if (printable.Length > 0 && !_headed) Print(headers);
        _headed |= printable.Length > 0;
        foreach (var row in printable) Print(row);
    }

    private static string Cell(string? text) => string.IsNullOrEmpty(text) ? "<none>" : Printable.Text(text);

    private void Print(string[] cells)
    {
        var line = new StringBuilder();
        for (var i = 0; i < cells.Length; i++)
        {
            var padded = i == cells.Length - 1 ? cells[i] : cells[i].PadRight(_widths[i]) + Gap;
            line.Append(shell.Colours && headers[i] == "STATUS" ? Ink.Of(cells[i], padded) : padded);
        }

        shell.Out.WriteLine(line);
    }
}
