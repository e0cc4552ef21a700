using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using JitFunctions.Domain.Dossiers;
using JitFunctions.Projections;

namespace JitFunctions.Functions.Http.Audit;

/// <summary>A dossier as one page that can be printed: no script, no link, nothing from elsewhere.</summary>
internal static class DossierPage
{
    /// <summary>Only the style in the page applies.</summary>
    public const string ContentSecurityPolicy =
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private const string Style =
        "body{font:14px sans-serif;margin:2em;max-width:60em}table{border-collapse:collapse;width:100%}"
        + "td,th{border-bottom:1px solid #ccc;padding:.2em .6em;text-align:left;vertical-align:top;"
        + "overflow-wrap:anywhere}.warn{font-weight:bold}";

    public static async Task WriteAsync(
        Dossier dossier,
        IAsyncEnumerable<DossierAction> actions,
        Stream to,
        CancellationToken cancellation
    )
    {
        await using var page = new StreamWriter(to, new UTF8Encoding(false), leaveOpen: true);
        await page.WriteAsync(
            $"<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>{Html(dossier.Request)}</title>"
                + $"<style>{Style}</style></head><body><h1>Dossier of request {Html(dossier.Request)}</h1>"
        );
        await page.WriteAsync(Table("Summary", Summary(dossier)));
        await page.WriteAsync(
            Table(
                "Decisions",
                dossier.Decisions.Select(one =>
                    (
                        Time(one.At),
                        $"{one.About}: {one.Verdict} by {one.By?.Username ?? "policy"} "
                            + $"[{string.Join(", ", one.Groups)}] on scope {one.ScopeHash ?? "-"} {one.Comment}"
                    )
                )
            )
        );
        await page.WriteAsync(Table("Gaps", dossier.Gaps.Select(gap => ($"{gap.Kind}", gap.Detail))));
        await page.WriteAsync(
            Table("What remains", dossier.Remains.Select(left => ($"{left.Certainty}", left.Describe())))
        );
        await page.WriteAsync("<h2>Timeline</h2><table>");
        var events = new Queue<DossierEvent>(dossier.Events);
        await foreach (var one in actions.WithCancellation(cancellation))
        {
            while (events.TryPeek(out var next) && next.Fact.At <= one.Action.StageAt)
                await page.WriteAsync(Row(Time(next.Fact.At), Line(events.Dequeue())));
            await page.WriteAsync(
                Row(
                    Time(one.Action.StageAt),
                    $"{one.Action.User} {one.Action.Summary} ({one.Action.Attribution}"
                        + (one.IsLate ? ", arrived after the seal)" : ")")
                )
            );
        }

        while (events.TryDequeue(out var left))
            await page.WriteAsync(Row(Time(left.Fact.At), Line(left)));
        await page.WriteAsync("</table></body></html>\n");
    }

    private static IEnumerable<(string, string)> Summary(Dossier dossier)
    {
        var (asked, life, totals) = (dossier.Asked, dossier.Life, dossier.Actions.Actions);
        yield return ("Requester", asked.Requester.Username);
        yield return ("Asked for", $"{asked.Terms.Scope}");
        yield return ("Reason", asked.Terms.Reason);
        yield return ("Policy", $"{dossier.Policy.Name}, version {dossier.Policy.Version}");
        yield return (
            "In the cluster",
            life is null
                ? "never"
                : $"from {Time(life.From)} until {(life.Until is { } until ? Time(until) : "now, or not proven")}; "
                    + $"promised until {(life.PromisedUntil is { } promised ? Time(promised) : "-")}"
                    + (life.IsLate ? "; ended late" : "")
        );
        yield return (
            "Actions",
            $"{totals.Exact} by the grant ({totals.Failed} failed, {totals.AfterEnd} after its end), "
                + $"{totals.Attempts} refused, {totals.NotNeeded} not needed, {totals.AllowedOtherwise} allowed "
                + $"otherwise, {dossier.Actions.Late} arrived after the seal"
        );
        yield return ("Use", $"{dossier.Actions.Use}");
        yield return ("End", dossier.End is { } end ? $"{end.Status} {end.Cause} by {end.By?.Username}" : "open");
        yield return ("Proof of denial", dossier.End?.Proof is { } proof ? $"{proof.Verdict}: {proof.Detail}" : "-");
        yield return ("Seal", $"{dossier.Seal.State} {dossier.Seal.Seal?.Digest}");
        yield return ("Log", dossier.Log is { } log ? $"{log.Size} leaves, root {log.Root}" : "not signed");
    }

    private static string Line(DossierEvent one) =>
        one.Index is { } index
            ? string.Create(CultureInfo.InvariantCulture, $"{one.Type} (leaf {index})")
            : $"{one.Type} (not in the log yet)";

    private static string Table(string title, IEnumerable<(string Name, string Text)> rows) =>
        $"<h2>{Html(title)}</h2><table>{string.Concat(rows.Select(row => Row(row.Name, row.Text)))}</table>";

    private static string Row(string name, string text) => $"<tr><th>{Html(name)}</th><td>{Html(text)}</td></tr>";

    private static string Time(DateTimeOffset at) =>
        at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static string Html(string text) => HtmlEncoder.Default.Encode(text);
}
