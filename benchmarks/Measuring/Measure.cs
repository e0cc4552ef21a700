using System.Globalization;

namespace JitFunctions.Benchmarks;

/// <summary>One thing measured in turns on several trees; the first is what the others are compared with.</summary>
/// <param name="Bound">What the ratio of the last to the first must keep to, if there is one.</param>
internal sealed record Measure(string What, Bound? Bound = null)
{
    private readonly Dictionary<Tree, List<double>> _values = [];

    public void Add(Tree tree, double value)
    {
        if (!_values.TryGetValue(tree, out var values))
            _values[tree] = values = [];
        values.Add(value);
    }

    /// <summary>Medians; and with more than one tree, how the last compares with the first.</summary>
    public static Table Table(
        string title,
        IReadOnlyList<Tree> trees,
        IReadOnlyList<Measure> measures,
        IReadOnlyList<string> remarks,
        IReadOnlyList<string> failures
    ) =>
        new(
            title,
            [
                "median",
                "n",
                .. trees.Select(tree => tree.Name),
                .. trees.Count == 1 ? Array.Empty<string>() : ["ratio", "bound", ""],
            ],
            [.. measures.Select(measure => measure.Row(trees))],
            remarks,
            failures
        );

    private IReadOnlyList<string> Row(IReadOnlyList<Tree> trees)
    {
        List<string> cells = [What, $"{_values.GetValueOrDefault(trees[0])?.Count ?? 0}"];
        foreach (var tree in trees)
            cells.Add(_values.TryGetValue(tree, out var values) ? Number(Median(values)) : "–");
        if (trees.Count == 1)
            return cells;
        var ratio = Ratio(trees[0], trees[^1]);
        cells.Add(ratio is { } known ? known.ToString("0.00", CultureInfo.InvariantCulture) : "–");
        cells.Add(Bound?.ToString() ?? "");
        cells.Add(
            Bound is null || ratio is null ? ""
            : Bound.IsMet(ratio.Value) ? "met"
            : "missed"
        );
        return cells;
    }

    // Of each turn, since both of a turn met the same machine.
    private double? Ratio(Tree first, Tree last)
    {
        if (!_values.TryGetValue(first, out var before) || !_values.TryGetValue(last, out var after))
            return null;
        return Median([.. before.Zip(after, (b, a) => a / b)]);
    }

    private static double Median(List<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    private static string Number(double value) =>
        value.ToString(value < 100 ? "0.0" : "0", CultureInfo.InvariantCulture);
}

internal sealed record Bound(bool IsLeast, double Ratio)
{
    public static Bound AtLeast(double ratio) => new(true, ratio);

    public static Bound AtMost(double ratio) => new(false, ratio);

    public bool IsMet(double ratio) => IsLeast ? ratio >= Ratio : ratio <= Ratio;

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{(IsLeast ? "≥" : "≤")} {Ratio}");
}
