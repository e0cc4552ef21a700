namespace JitFunctions.Benchmarks;

/// <param name="Remarks">What one must know to read the numbers.</param>
/// <param name="Failures">What went wrong; shown, and the run ends with code 1.</param>
internal sealed record Table(
    string Title,
    IReadOnlyList<string> Columns,
    IReadOnlyList<IReadOnlyList<string>> Rows,
    IReadOnlyList<string> Remarks,
    IReadOnlyList<string> Failures
)
{
    private const int MostFailuresShown = 5;

    public static Table OfLatencies(
        string title,
        IReadOnlyList<string> remarks,
        params IReadOnlyList<Durations> samples
    ) =>
        new(
            title,
            ["ms", "n", "failed", "p50", "p90", "p99", "max"],
            [
                .. samples.Select(sample =>
                    (IReadOnlyList<string>)
                        [
                            sample.What,
                            $"{sample.Count}",
                            $"{sample.Failures.Count}",
                            .. new[] { 0.5, 0.9, 0.99, 1 }.Select(share => Milliseconds(sample.Quantile(share))),
                        ]
                ),
            ],
            remarks,
            [.. samples.SelectMany(sample => sample.Failures)]
        );

    /// <summary>Markdown whose source is aligned as well.</summary>
    public string Render()
    {
        var widths = Columns
            .Select((column, i) => Rows.Select(row => row[i].Length).Append(column.Length).Append(3).Max())
            .ToList();
        string[] notes =
        [
            .. Remarks.Select(remark => $"- {remark}"),
            .. Failures.Distinct().Take(MostFailuresShown).Select(failure => $"- **Failed:** {failure}"),
        ];
        string[] lines =
        [
            $"## {Title}",
            "",
            Line(Columns),
            Row(widths.Select((width, i) => i == 0 ? new string('-', width) : $"{new string('-', width - 1)}:")),
            .. Rows.Select(Line),
            "",
            .. notes,
            .. notes is [] ? Array.Empty<string>() : [""],
        ];
        return string.Join('\n', lines);

        string Line(IReadOnlyList<string> cells) =>
            Row(cells.Select((cell, i) => i == 0 ? cell.PadRight(widths[i]) : cell.PadLeft(widths[i])));
    }

    private static string Row(IEnumerable<string> cells) => $"| {string.Join(" | ", cells)} |";

    private static string Milliseconds(TimeSpan? time) => time is { TotalMilliseconds: var ms } ? $"{ms:0.0}" : "–";
}
