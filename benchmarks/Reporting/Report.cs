namespace JitFunctions.Benchmarks;

/// <summary>One run: where, and what was found.</summary>
internal sealed class Report(IEnumerable<string> facts)
{
    private readonly List<string> _facts = [.. facts];
    private readonly List<Table> _tables = [];

    public IReadOnlyList<string> Failures => [.. _tables.SelectMany(table => table.Failures)];

    public string Add(string fact)
    {
        _facts.Add(fact);
        return fact;
    }

    public Table Add(Table table)
    {
        _tables.Add(table);
        return table;
    }

    public string Render() =>
        string.Join(
            '\n',
            [
                "# Benchmark results",
                "",
                .. _facts.Select(fact => $"- {fact}"),
                "",
                .. _tables.Select(table => table.Render()),
            ]
        );
}
