using System.Text;
using JitFunctions.Domain.Text;
using JitFunctions.KubectlJit.Terminal;

namespace JitFunctions.KubectlJit.Output;

/// <summary>
/// Aligned columns as kubectl prints them, or CSV. The default table fits the terminal: columns that can be shortened
/// are, the longest first. Rows may be added in several batches; columns then only become wider.
/// </summary>
internal sealed class Table
{
    private readonly Shell _shell;
    private readonly OutputFormat _format;
    private readonly Column[] _columns;
    private readonly bool[] _isShown;
    private readonly int[] _longest;
    private bool _headed;

    public Table(Shell shell, OutputFormat format, params IReadOnlyList<Column> columns)
    {
        (_shell, _format) = (shell, format);
        _isShown = [.. columns.Select(column => column.IsIn(format))];
        _columns = [.. Of(columns)];
        _longest = [.. _columns.Select(column => column.Header.Length)];
    }

    private string Gap => _format is OutputFormat.Table ? "  " : "   ";

    /// <param name="rows">Each row has a cell for every column, including hidden columns.</param>
    public void Add(IEnumerable<IReadOnlyList<string?>> rows)
    {
        string[][] shown = [.. rows.Select(row => Of(row).Select(Cell).ToArray())];
        if (shown.Length == 0)
            return;
        if (_format is OutputFormat.Csv)
        {
            WriteCsv(shown);
            return;
        }

        foreach (var row in shown)
        {
            for (var i = 0; i < row.Length; i++)
                _longest[i] = Math.Max(_longest[i], Math.Min(TextWidth.Of(row[i]), _columns[i].Most));
        }

        var widths = _format is OutputFormat.Table ? Fitted() : _longest;
        if (!_headed)
            Print([.. _columns.Select(column => column.Header)], widths);
        _headed = true;
        foreach (var row in shown)
            Print(row, widths);
    }

    private void WriteCsv(string[][] rows)
    {
        if (!_headed)
            _shell.Out.Write(Csv.Line(_columns.Select(column => column.Header)));
        _headed = true;
        foreach (var row in rows)
            _shell.Out.Write(Csv.Line(row));
    }

    private IEnumerable<T> Of<T>(IReadOnlyList<T> row) => row.Where((_, i) => _isShown[i]);

    private string Cell(string? text)
    {
        if (_format is OutputFormat.Csv)
            return Printable.Text(text ?? "");
        return string.IsNullOrEmpty(text) ? "<none>" : Printable.Text(text);
    }

    private int[] Fitted()
    {
        int[] widths = [.. _longest];
        var most = _shell.Columns - (Gap.Length * (widths.Length - 1));
        Shorten(widths, most, column => Math.Max(column.Least, column.Preferred));
        Shorten(widths, most, column => column.Least);
        return widths;
    }

    private void Shorten(int[] widths, int most, Func<Column, int> least)
    {
        while (widths.Sum() > most)
        {
            var longest = -1;
            for (var i = 0; i < widths.Length; i++)
            {
                if (widths[i] > least(_columns[i]) && (longest < 0 || widths[i] > widths[longest]))
                    longest = i;
            }

            if (longest < 0)
                break;
            widths[longest]--;
        }
    }

    private void Print(string[] cells, int[] widths)
    {
        var line = new StringBuilder();
        for (var i = 0; i < cells.Length; i++)
        {
            var text = TextWidth.Shortened(cells[i], widths[i]);
            var padded = i == cells.Length - 1 ? text : TextWidth.Padded(text, widths[i]) + Gap;
            line.Append(_shell.Colours && _columns[i].Header is "STATUS" ? Ink.Of(cells[i], padded) : padded);
        }

        _shell.Out.WriteLine(line);
    }
}
