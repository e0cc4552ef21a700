namespace JitFunctions.KubectlJit.Output;

/// <summary>RFC 4180, for spreadsheets: what others wrote never becomes a formula there.</summary>
internal static class Csv
{
    // What spreadsheets take for the beginning of a formula, the full-width forms included:
    // https://owasp.org/www-community/attacks/CSV_Injection.
    private const string Formula = "=+-@＝＋－＠";

    public static string Line(IEnumerable<string> cells) => $"{string.Join(',', cells.Select(Cell))}\r\n";

    private static string Cell(string text)
    {
        // An apostrophe makes it a text. Some programs skip blanks before a formula.
        var inert =
            text.TrimStart() is [var first, ..] && Formula.Contains(first, StringComparison.Ordinal)
                ? $"'{text}"
                : text;
        return inert.AsSpan().ContainsAny(",\"\r\n ")
            ? $"\"{inert.Replace("\"", "\"\"", StringComparison.Ordinal)}\""
            : inert;
    }
}
