namespace JitFunctions.KubectlJit.Output;

/// <summary>Writes CSV (RFC 4180) for spreadsheets. Text from other people never becomes a formula.</summary>
internal static class Csv
{
    // The characters that start a formula in spreadsheets, including the full-width forms:
    // https://owasp.org/www-community/attacks/CSV_Injection.
    private const string Formula = "=+-@＝＋－＠";

    public static string Line(IEnumerable<string> cells) => $"{string.Join(',', cells.Select(Cell))}\r\n";

    private static string Cell(string text)
    {
        // An apostrophe marks the cell as text. Some programs ignore blanks before a formula.
        var inert =
            text.TrimStart() is [var first, ..] && Formula.Contains(first, StringComparison.Ordinal)
                ? $"'{text}"
                : text;
        return inert.AsSpan().ContainsAny(",\"\r\n ")
            ? $"\"{inert.Replace("\"", "\"\"", StringComparison.Ordinal)}\""
            : inert;
    }
}
