using System.Text.Json;
using JitFunctions.KubectlJit.Api;
using JitFunctions.KubectlJit.Terminal;

namespace JitFunctions.KubectlJit.Output;

/// <summary>
/// Prints the findings of the reconciler as rows. The times of its runs and the installation go to standard error.
/// </summary>
internal sealed class ReconcilerOutput(Shell shell, OutputFormat format)
{
    public void Write(JsonElement json)
    {
        var (reports, installation) = json.Read(ApiJson.Default.ReconcilerReports);
        if (reports is [])
            Tell("The reconciler has not run yet.");
        if (format.IsDocument())
        {
            Document.Write(shell.Out, json, format);
            return;
        }

        new Table(
            shell,
            format,
            new("SCHEDULE", Shown.Wide),
            new("KIND", Least: 12),
            new("SUBJECT", Least: 12),
            new("SINCE", Shown.Wide),
            new("FOR", Shown.Narrow),
            new("DETAIL", Least: 8)
        ).Add(reports.SelectMany(report => (report.Findings ?? []).Select(finding => Row(report, finding))));
        foreach (var report in reports)
        {
            var shown = report.Findings?.Count ?? 0;
            var found =
                report.Total == 0
                    ? "found nothing"
                    : $"found {report.Total}{(shown < report.Total ? $", of which the first {shown} are shown" : "")}";
            Tell($"{report.Id} {found}, and finished at {Timestamps.Ago(report.FinishedAt, shell.Now)}");
        }

        if (installation is not null)
            Tell($"installation {installation}");
    }

    private string?[] Row(ReconcilerReport report, Finding finding) =>
        [
            report.Id,
            finding.Kind,
            finding.Subject,
            finding.Since is { } since ? Timestamps.Exact(since) : null,
            finding.Since is { } first ? Durations.Human(shell.Now - first) : null,
            finding.Detail,
        ];

    private void Tell(string text) => shell.Error.WriteLine(Printable.Text(text));
}
