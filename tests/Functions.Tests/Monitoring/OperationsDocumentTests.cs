using System.Text.RegularExpressions;
using JitFunctions.Functions.Monitoring;

namespace JitFunctions.Functions.Tests.Monitoring;

/// <summary>docs/operations.md is what operators go by, so it must not say anything else than the code.</summary>
public sealed partial class OperationsDocumentTests
{
    private static readonly string Document = File.ReadAllText(
        Path.Combine(AppContext.BaseDirectory, "documents", "operations.md")
    );

    [Fact]
    public void It_has_each_metric_with_its_kind_its_unit_and_its_labels() =>
        Assert.Equal(
            Metrics
                .All.Select(metric => $"{metric.Name} {metric.Kind} {metric.Unit} {string.Join(", ", metric.Labels)}")
                .Order(StringComparer.Ordinal),
            MetricRow()
                .Matches(Document)
                .Select(row =>
                    $"{row.Groups["name"]} {Capital(row.Groups["kind"].Value)} {row.Groups["unit"]} "
                    + $"{row.Groups["labels"].Value.Replace("`", string.Empty, StringComparison.Ordinal)}"
                )
                .Order(StringComparer.Ordinal)
        );

    [Fact]
    public void It_has_each_kind_of_finding() =>
        Assert.Equal(
            FindingKind.All.Order(StringComparer.Ordinal),
            FindingRow().Matches(Document).Select(row => row.Groups["kind"].Value).Order(StringComparer.Ordinal)
        );

    [Fact]
    public void All_names_are_in_the_list() =>
        Assert.Equal(
            typeof(Metrics)
                .GetFields()
                .Where(field => field.IsLiteral && field.Name != nameof(Metrics.Meter))
                .Select(field => (string)field.GetRawConstantValue()!)
                .Order(StringComparer.Ordinal),
            Metrics.All.Select(metric => metric.Name).Order(StringComparer.Ordinal)
        );

    private static string Capital(string word) => char.ToUpperInvariant(word[0]) + word[1..];

    [GeneratedRegex(
        @"^\| `(?<name>jit\.[a-z_.]+)` \| (?<kind>\w+) \| `(?<unit>[^`]+)` \| (?<labels>[^|]*?) \|",
        RegexOptions.Multiline
    )]
    private static partial Regex MetricRow();

    [GeneratedRegex(@"^\| `kind=(?<kind>[a-z-]+)` \|", RegexOptions.Multiline)]
    private static partial Regex FindingRow();
}
