using System.Text.Json.Nodes;
using JitFunctions.KubectlJit.Terminal;

namespace JitFunctions.KubectlJit.Tests;

public sealed class BreakGlassTests : ServerTests
{
    [Fact]
    public async Task Owed_reviews_are_listed_with_by_when_and_from_whom()
    {
        Server.Requests.Add(
            "cccccccccccc",
            request =>
            {
                Sample.BreakGlass(request);
                Sample.Settle(request["breakGlass"]!, justified: true);
            }
        );
        Server.Requests.Add(
            "bbbbbbbbbbbb",
            request =>
            {
                Sample.Activate(request);
                Sample.BreakGlass(request);
            }
        );
        Server.Requests.Add(
            "aaaaaaaaaaaa",
            request =>
            {
                Sample.NeedTwo(request);
                Sample.BreakGlass(request);
                Sample.End(request, "ended", "expired", "system");
                request["breakGlass"]!["reviewBy"] = "2026-11-23T08:03:00Z";
                request["breakGlass"]!["overdueAt"] = "2026-11-23T08:03:00Z";
                request["breakGlass"]!["reviews"] = JsonNode.Parse(
                    """[{ "reviewer": "bob@example.com", "verdict": "approve", "at": "2026-11-23T08:05:00Z" }]"""
                );
            }
        );
        using var plugin = new Plugin(Server);

        var run = await plugin.RunAsync("break-glass", "-o", "wide");

        Assert.Equal(ExitCode.Ok, run.Code);
        Assert.Equal(
            [
                "ID             STATUS   REQUESTER           CLUSTER   NAMESPACES   ROLE               AGE   "
                    + "REVIEW BY              OVERDUE   FROM                                                           "
                    + "   REASON",
                "aaaaaaaaaaaa   ended    alice@example.com   prod-eu   payments     ClusterRole/edit   5m    "
                    + "2026-11-23T08:03:00Z   2m        1 of payments-leads and 1 of security; 1 given, at least 1 "
                    + "more   restart the stuck consumer",
                "bbbbbbbbbbbb   active   alice@example.com   prod-eu   payments     ClusterRole/edit   5m    "
                    + "2026-11-24T08:00:00Z   <none>    1 of payments-leads                                            "
                    + "   restart the stuck consumer",
            ],
            run.OutLines
        );
        Assert.Equal(
            [
                "ID            REQUESTER       WHERE            ROLE  REVIEW DUE  FROM",
                "aaaaaaaaaaaa  alice@example…  prod-eu/paymen…  edit  2m ago      1 of payments-…",
                "bbbbbbbbbbbb  alice@example…  prod-eu/paymen…  edit  in 23h      1 of payments-…",
            ],
            (await plugin.RunAsync("break-glass")).OutLines
        );
        Assert.Equal(("GET", "/api/audit/break-glass"), (Server.Calls.First().Method, Server.Calls.First().Target));
    }

    [Fact]
    public async Task None_says_so_without_soiling_the_output()
    {
        using var plugin = new Plugin(Server);

        var table = await plugin.RunAsync("break-glass");
        var json = await plugin.RunAsync("break-glass", "-o", "json");

        Assert.Equal(("", "No review is owed.\n"), (table.Out, table.Error));
        JsonAssert.Equal("""{"items":[]}""", json.Out);
    }

    [Fact]
    public async Task Whoever_follows_break_glass_is_told_of_its_review()
    {
        Server.Requests.Add(change: request =>
        {
            Sample.Approve(request);
            Sample.BreakGlass(request);
        });
        using var plugin = new Plugin(Server);

        var running = plugin.RunAsync("show", Sample.Id, "--wait");
        await Server.WaitForPollAsync(1);
        Server.Requests.Change(request => Sample.Settle(request["breakGlass"]!, justified: false));
        await Server.WaitForPollAsync(2);
        Server.Requests.Change(request => Sample.End(request, "ended", "revoked", "bob@example.com"));
        var run = await running;

        Assert.Equal(ExitCode.NotGranted, run.Code);
        Assert.Contains(
            "3f9k2m7xq0ab  break-glass: reviewed 2026-11-23T08:04:40Z (20s ago): not justified",
            run.ErrorLines
        );
        Assert.Contains(
            "error: request 3f9k2m7xq0ab: revoked by bob@example.com (ended): ask again if you still need it",
            run.ErrorLines
        );
    }
}
