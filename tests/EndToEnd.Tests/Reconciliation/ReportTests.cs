using System.Net;
using System.Text.Json.Nodes;

namespace JitFunctions.EndToEnd.Tests.Reconciliation;

/// <summary>What the reconciler found, for those who run the app.</summary>
public sealed class ReportTests(PlatformFixture fixture)
{
    private readonly DurableEngine _engine = DurableEngine.Of(fixture.Platform);

    [Fact]
    public async Task A_lost_orchestration_shows_in_the_report_of_the_run_that_replaced_it()
    {
        var team = await Team.SetAsync(fixture.Platform);
        var id = await team.AskAsync();
        await _engine.DeleteAsync(id);

        var found = Assert.Single(
            await Eventually.Async(
                async () =>
                    Findings(await team.As(team.Auditor).GetAsync("/api/reconciler"))
                        .Where(finding => finding.At("subject") == id)
                        .ToList(),
                findings => findings is not [],
                "the run that finds it"
            )
        );

        Assert.Equal("orchestration-missing", found.At("kind"));
        Assert.Contains("not there", found.At("detail"), StringComparison.Ordinal);
        await Eventually.Async(() => _engine.IsRunningAsync(id), "the orchestration runs again");
    }

    [Fact]
    public async Task Each_schedule_reports_its_last_run()
    {
        var team = Team.WithoutNamespace(fixture.Platform);
        var reports = await Eventually.Async(
            async () => (await team.As(team.Auditor).GetAsync("/api/reconciler")).Expect(HttpStatusCode.OK).Items,
            items => items.Count >= 2,
            "both have run"
        );

        Assert.Superset(
            new HashSet<string?> { "ReconcileClusters", "ReconcileRequests" },
            reports.Select(report => report.At("id")).ToHashSet()
        );
        Assert.Each(reports, report => Assert.NotNull(report.At("finishedAt")));
    }

    [Fact]
    public async Task Only_administrators_and_auditors_read_it()
    {
        var team = Team.WithoutNamespace(fixture.Platform);
        (await team.As(team.Alice).GetAsync("/api/reconciler")).ExpectProblem(403, "not-allowed");
        (await team.As(team.Administrator).GetAsync("/api/reconciler")).Expect(HttpStatusCode.OK);
    }

    private static IEnumerable<JsonObject> Findings(Answer answer) =>
        answer.Expect(HttpStatusCode.OK).Items.SelectMany(report => report["findings"]!.AsArray()).OfType<JsonObject>();
}
