namespace JitFunctions.Benchmarks;

/// <summary>One run: where, and what was found.</summary>
internal sealed class Report(IReadOnlyList<string> facts)
{
    private readonly List<Table> _tables = [];

    public IReadOnlyList<string> Failures => [.. _tables.SelectMany(table => table.Failures)];

    public Table Add(Table table)
    {
        _tables.Add(table);
        return table;
    }

    public string Render() => string.Join('\n', ["# Benchmark results", "", .. facts.Select(fact => $"- {fact}"), "", .. _tables.Select(table => table.Render())]);
}
