using System.Text;
using JitFunctions.KubectlJit.Terminal;

namespace JitFunctions.KubectlJit.Output;

/// <summary>Labelled lines, as in <c>kubectl describe</c>.</summary>
internal sealed class Fields(TextWriter writer)
{
    private const int LabelWidth = 14;
    private const int TextWidth = 80 - LabelWidth;

    /// <summary>Writes a line, unless the value is empty.</summary>
    public void Line(string label, string? value, Func<string, string>? paint = null)
    {
        if (string.IsNullOrEmpty(value))
            return;
        var text = Printable.Text(value);
        writer.WriteLine($"{$"{label}:".PadRight(LabelWidth)}{(paint is null ? text : paint(text))}");
    }

    /// <summary>
    /// Writes text from people. A long text is wrapped and indented here: if the terminal wrapped it, part of it could
    /// be made to look like a separate line, such as a different scope.
    /// </summary>
    public void Text(string label, string? value)
    {
        var head = $"{label}:";
        foreach (var line in Folded(Printable.Text(value ?? "").Trim()))
        {
            writer.WriteLine($"{head.PadRight(LabelWidth)}{line}");
            head = "";
        }
    }

    private static IEnumerable<string> Folded(string text)
    {
        var (line, columns) = (new StringBuilder(), 0);
        foreach (var rune in text.EnumerateRunes())
        {
            // A character outside ASCII may take two columns.
            var width = rune.IsAscii ? 1 : 2;
            if (columns + width > TextWidth)
            {
                var (full, rest) = Broken(line.ToString());
                yield return full;
                (line, columns) = (new StringBuilder(rest), rest.EnumerateRunes().Sum(left => left.IsAscii ? 1 : 2));
            }

            line.Append(rune);
            columns += width;
        }

        if (line.Length > 0)
            yield return line.ToString();
    }

    // Breaks at the last blank, after the last comma, or within a word that is longer than a line.
    private static (string Line, string Left) Broken(string line) =>
        line.LastIndexOfAny([' ', ',']) switch
        {
            <= 0 => (line, ""),
            var at when line[at] is ' ' => (line[..at], line[(at + 1)..]),
            var at => (line[..(at + 1)], line[(at + 1)..]),
        };
}
