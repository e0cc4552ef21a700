using System.Collections;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using JitFunctions.Functions;
using JitFunctions.Functions.Monitoring;

namespace JitFunctions.Infrastructure.Tests;

/// <summary>An alert on a metric that nobody sends never fires.</summary>
public sealed partial class SignalTests
{
    private static IEnumerable<string> AlertQueries =>
        AzureInstallation
            .Prod.Of("Microsoft.Insights/scheduledQueryRules")
            .Select(rule => (string)Assert.Single(rule.At("properties.criteria.allOf")!.AsArray())!["query"]!);

    private static IEnumerable<string> ChartQueries =>
        JsonNode.Parse(AzureInstallation.Prod.Single("Microsoft.Insights/workbooks")["properties.serializedData"]!)![
            "items"
        ]!
            .AsArray()
            .Select(item => (string)item!["content"]!["query"]!);

    [Fact]
    public void Alerts_and_charts_ask_for_what_the_app_measures()
    {
        var measured = Measured();
        Assert.Each(
            AlertQueries.Concat(ChartQueries),
            query =>
            {
                Assert.Contains(MetricOf(query), measured.Keys);
                // A query may ask for the metric alone.
                Assert.All(
                    LabelsOf(query),
                    label => Assert.Contains(label, measured[MetricOf(query)]),
                    throwIfEmpty: false
                );
            }
        );
    }

    [Fact]
    public void Whatever_the_app_measures_is_alerted_on_or_shown() =>
        Assert.Empty(Measured().Keys.Except(AlertQueries.Concat(ChartQueries).Select(MetricOf)));

    [Fact]
    public void An_alert_on_findings_names_kinds_that_there_are()
    {
        var named = AlertQueries
            .SelectMany(query => Kinds().Matches(query))
            .SelectMany(match => match.Groups[1].Value.Split(", "))
            .Select(kind => kind.Trim('"'))
            .ToList();
        var kinds = typeof(FindingKind)
            .GetFields()
            .Where(field => field.IsLiteral)
            .Select(field => (string)field.GetRawConstantValue()!);
        Assert.NotEmpty(named);
        Assert.Contains(Measured().Keys, metric => metric == "jit.reconciler.findings");
        Assert.Empty(named.Except(kinds));
    }

    [Fact]
    public void An_operator_is_woken_for_rights_that_outlive_their_end_and_for_silence()
    {
        var woken = AzureInstallation
            .Prod.Of("Microsoft.Insights/scheduledQueryRules")
            .Where(rule => rule["properties.severity"] == "0");
        Assert.Equal(
            ["grants-overdue", "silence"],
            woken.Select(rule => rule.Name[(AzureInstallation.Prod.Suffix.Length + "jit--".Length)..]).Order()
        );
        Assert.Each(
            AzureInstallation.Prod.Of("Microsoft.Insights/scheduledQueryRules"),
            rule => Assert.Equal("true", rule["properties.enabled"])
        );
    }

    [Fact]
    public void A_schedule_that_no_instance_tells_of_is_missed()
    {
        var silence = Assert.Single(
            AzureInstallation.Prod.Of("Microsoft.Insights/scheduledQueryRules"),
            rule => rule.Name.EndsWith("-silence", StringComparison.Ordinal)
        );
        var criterion = Assert.Single(silence.At("properties.criteria.allOf")!.AsArray())!;
        Assert.Contains(
            "dcount(tostring(customDimensions.schedule))",
            (string)criterion["query"]!,
            StringComparison.Ordinal
        );
        Assert.Equal(
            ("LessThan", NodeHealth.Schedules.Count),
            ((string?)criterion["operator"], (int)criterion["threshold"]!)
        );
    }

    [Fact]
    public void What_is_counted_once_is_looked_for_longer_than_it_takes_to_arrive()
    {
        var onFindings = AzureInstallation
            .Prod.Of("Microsoft.Insights/scheduledQueryRules")
            .Where(rule =>
                ((string)Assert.Single(rule.At("properties.criteria.allOf")!.AsArray())!["query"]!).Contains(
                    "jit.reconciler.findings",
                    StringComparison.Ordinal
                )
            )
            .ToList();
        Assert.NotEmpty(onFindings);
        Assert.Each(
            onFindings,
            rule =>
                Assert.Equal(("PT5M", "PT15M"), (rule["properties.evaluationFrequency"], rule["properties.windowSize"]))
        );
    }

    [Fact]
    public void A_grant_that_the_reconciler_had_to_end_is_told_at_once() =>
        Assert.Equal(
            "1",
            Assert.Single(
                AzureInstallation.Prod.Of("Microsoft.Insights/scheduledQueryRules"),
                rule =>
                    ((string)Assert.Single(rule.At("properties.criteria.allOf")!.AsArray())!["query"]!).Contains(
                        "in (\"overdue\")",
                        StringComparison.Ordinal
                    )
            )["properties.severity"]
        );

    [Fact]
    public void Every_alert_goes_to_the_address_that_was_given()
    {
        var people = AzureInstallation.Full.Single("Microsoft.Insights/actionGroups");
        Assert.Equal(
            "operators@example.com",
            (string?)Assert.Single(people.At("properties.emailReceivers")!.AsArray())!["emailAddress"]
        );
        Assert.Each(
            AzureInstallation.Full.Of("Microsoft.Insights/scheduledQueryRules"),
            rule =>
                Assert.Equal(people.Id, (string?)Assert.Single(rule.At("properties.actions.actionGroups")!.AsArray()))
        );
    }

    /// <summary>The labels of each metric, by its name.</summary>
    private static Dictionary<string, IEnumerable<string>> Measured()
    {
        var metrics = typeof(Settings).Assembly.GetType("JitFunctions.Functions.Monitoring.Metrics");
        Assert.SkipWhen(metrics is null, "The app measures nothing yet.");
        return ((IEnumerable)metrics.GetField("All")!.GetValue(null)!)
            .Cast<object>()
            .ToDictionary(
                metric => (string)metric.GetType().GetProperty("Name")!.GetValue(metric)!,
                metric => (IEnumerable<string>)metric.GetType().GetProperty("Labels")!.GetValue(metric)!
            );
    }

    private static string MetricOf(string query) => Assert.Single(Metric().Matches(query)).Groups[1].Value;

    private static IEnumerable<string> LabelsOf(string query) =>
        Dimension().Matches(query).Select(match => match.Groups[1].Value);

    [GeneratedRegex("name == \"([^\"]+)\"")]
    private static partial Regex Metric();

    [GeneratedRegex(@"customDimensions\.(\w+)")]
    private static partial Regex Dimension();

    [GeneratedRegex(@"customDimensions\.kind\) in \(([^)]+)\)")]
    private static partial Regex Kinds();
}
