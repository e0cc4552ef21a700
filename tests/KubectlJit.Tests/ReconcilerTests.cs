using JitFunctions.KubectlJit.Terminal;

namespace JitFunctions.KubectlJit.Tests;

public sealed class ReconcilerTests : ServerTests
{
    private const string Report = """
        { "items": [
          { "id": "ReconcileClusters", "startedAt": "2026-11-23T08:03:00Z", "finishedAt": "2026-11-23T08:04:00Z", "total": 0, "findings": [] },
          { "id": "ReconcileRequests", "startedAt": "2026-11-23T08:03:00Z", "finishedAt": "2026-11-23T08:04:00Z", "total": 201, "findings": [
            { "kind": "orchestration-stuck", "subject": "3f9k2m7xq0ab", "detail": "=it has waited for its timer, which should have come long ago", "since": "2026-11-23T07:05:00Z" } ] } ],
          "installation": "5d0cf2a3" }
        """;

    [Fact]
    public async Task Findings_are_rows_and_when_it_ran_is_told_beside_them()
    {
        Server.Policies["/api/reconciler"] = Report;
        using var plugin = new Plugin(Server);

        var run = await plugin.RunAsync("reconciler");

        Assert.Equal(ExitCode.Ok, run.Code);
        Assert.Equal(
            [
                "KIND                 SUBJECT       FOR  DETAIL",
                "orchestration-stuck  3f9k2m7xq0ab  60m  =it has waited for its timer, which sho…",
            ],
            run.OutLines
        );
        Assert.Equal(
            [
                "ReconcileClusters found nothing, and finished at 2026-11-23T08:04:00Z (60s ago)",
                "ReconcileRequests found 201, of which the first 1 are shown, and finished at "
                    + "2026-11-23T08:04:00Z (60s ago)",
                "installation 5d0cf2a3",
            ],
            run.ErrorLines
        );
    }

    [Fact]
    public async Task Json_output_is_the_servers_answer_and_csv_is_available()
    {
        Server.Policies["/api/reconciler"] = Report;
        using var plugin = new Plugin(Server);

        JsonAssert.Equal(Report, (await plugin.RunAsync("reconciler", "-o", "json")).Out);
        Assert.Equal(
            "SCHEDULE,KIND,SUBJECT,SINCE,DETAIL\r\n"
                + "ReconcileRequests,orchestration-stuck,3f9k2m7xq0ab,2026-11-23T07:05:00Z,\"'=it has waited for "
                + "its timer, which should have come long ago\"\r\n",
            (await plugin.RunAsync("reconciler", "-o", "csv")).Out
        );
    }

    [Fact]
    public async Task A_schedule_that_has_not_run_says_so()
    {
        Server.Policies["/api/reconciler"] = """{ "items": [], "installation": "5d0cf2a3" }""";
        using var plugin = new Plugin(Server);

        Assert.Equal(
            "The reconciler has not run yet.\ninstallation 5d0cf2a3\n",
            (await plugin.RunAsync("reconciler")).Error
        );
    }

    [Fact]
    public async Task A_server_that_does_not_say_which_installation_it_is_is_understood()
    {
        Server.Policies["/api/reconciler"] = """{ "items": [] }""";
        using var plugin = new Plugin(Server);

        Assert.Equal("The reconciler has not run yet.\n", (await plugin.RunAsync("reconciler")).Error);
    }
}
