using System.Text.Json.Nodes;

namespace JitFunctions.KubectlJit.Tests;

public sealed class ListTests : ServerTests
{
    [Fact]
    public async Task Rows_are_aligned_below_upper_case_headers()
    {
        Server.Requests.Add(
            "aaaaaaaaaaaa",
            request => request["reason"] = "a reason that is so long that the table could not hold it"
        );
        Server.Requests.Add(
            "bbbbbbbbbbbb",
            request =>
            {
                request["namespaces"] = new JsonArray("a", "b");
                Sample.Activate(request);
            }
        );
        Server.Requests.Add(
            "cccccccccccc",
            request =>
            {
                request.Remove("namespaces");
                request["clusterWide"] = true;
            }
        );
        using var plugin = new Plugin(Server);

        var run = await plugin.RunAsync("list", "-o", "wide");

        Assert.Equal(
            [
                "ID             STATUS    REQUESTER           CLUSTER   NAMESPACES   ROLE               DURATION "
                    + "  REMAINING   AGE   NOTES    REASON",
                "cccccccccccc   pending   alice@example.com   prod-eu   *            ClusterRole/edit   30m      "
                    + "  <none>      5m    <none>   restart the stuck consumer",
                "bbbbbbbbbbbb   active    alice@example.com   prod-eu   a,b          ClusterRole/edit   30m      "
                    + "  29m         5m    <none>   restart the stuck consumer",
                "aaaaaaaaaaaa   pending   alice@example.com   prod-eu   payments     ClusterRole/edit   30m      "
                    + "  <none>      5m    <none>   a reason that is so long that the table…",
            ],
            run.OutLines
        );
        Assert.Empty(run.Error);
    }

    [Fact]
    public async Task The_usual_list_fits_80_columns()
    {
        Server.Requests.Add(
            "aaaaaaaaaaaa",
            request =>
            {
                Sample.NeedTwo(request);
                Sample.ReadSecrets(request);
                Sample.Approve(request);
                request["status"] = "pending";
                request["namespaces"] = new JsonArray("payments", "payments-batch");
                request["requester"]!["username"] = "maximiliane.mustermann@example.com";
            }
        );
        Server.Requests.Add("bbbbbbbbbbbb", Sample.Activate);
        Server.Requests.Add(
            "cccccccccccc",
            request =>
            {
                request["clusterWide"] = true;
                Sample.End(request, "ended", "revoked", "carol@example.com");
            }
        );
        using var plugin = new Plugin(Server);

        var run = await plugin.RunAsync("list");

        Assert.Equal(
            [
                "ID            STATUS   REQUEST…  WHERE     ROLE  TIME      NOTES",
                "cccccccccccc  ended    alice@e…  prod-eu…  edit  30m       revoked by carol@exa…",
                "bbbbbbbbbbbb  active   alice@e…  prod-eu…  edit  29m left  <none>",
                "aaaaaaaaaaaa  pending  maximil…  prod-eu…  edit  30m       dangerous, 1 of 2 ap…",
            ],
            run.OutLines
        );
        Assert.Each(run.OutLines, line => Assert.InRange(line.Length, 1, 80));
    }

    [Theory]
    [InlineData("lost RoleBinding")]
    [InlineData("role grew dangerously")]
    [InlineData("lost RoleBinding", "role grew dangerously")]
    public async Task What_happened_to_an_active_grant_is_said_in_whole_words_in_80_columns(params string[] notes)
    {
        Server.Requests.Add(
            "aaaaaaaaaaaa",
            request => request["namespaces"] = new JsonArray("payments", "payments-batch")
        );
        foreach (var (i, note) in notes.Index())
        {
            Server.Requests.Add(
                $"bbbbbbbbbbb{i}",
                request =>
                {
                    Sample.Activate(request);
                    request["requester"]!["username"] = "maximiliane.mustermann@example.com";
                    request["namespaces"] = new JsonArray("payments", "payments-batch");
                    if (note is "lost RoleBinding")
                    {
                        request["lost"] = JsonNode.Parse(
                            """
                            [{ "kind": "RoleBinding", "name": "jit-1", "foundAt": "2026-11-23T08:04:40Z" }, { "kind": "Role", "name": "jit-1", "foundAt": "2026-11-23T08:04:40Z" }]
                            """
                        );
                    }
                    else
                    {
                        request["unapproved"] = JsonNode.Parse(
                            """
                            { "rights": [], "present": [], "dangers": [{ "kind": "read-secrets", "reach": "namespace", "blastRadius": "b" }],
                              "foundAt": "2026-11-23T08:04:40Z", "changedAt": "2026-11-23T08:04:50Z" }
                            """
                        );
                    }
                }
            );
        }

        using var plugin = new Plugin(Server);

        var run = await plugin.RunAsync("list");

        Assert.Each(notes, note => Assert.Contains(note, run.Out, StringComparison.Ordinal));
        Assert.Each(run.OutLines, line => Assert.InRange(line.Length, 1, 80));
    }

    [Theory]
    [InlineData(120)]
    [InlineData(80)]
    [InlineData(64)]
    public async Task A_list_is_as_wide_as_its_terminal_at_most(int columns)
    {
        Server.Requests.Add(change: request =>
        {
            request["requester"]!["username"] = "maximiliane.mustermann@example.com";
            request["namespaces"] = new JsonArray("payments", "payments-batch", "größe", "支付");
            Sample.ReadSecrets(request);
            Sample.AskLonger(request);
        });
        using var plugin = new Plugin(Server) { Columns = columns };

        var row = (await plugin.RunAsync("list")).OutLines[1];

        Assert.InRange(row.Length, columns - 12, columns);
        Assert.Contains("…", row, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Notes_tell_what_else_matters_at_once()
    {
        Server.Requests.Add(
            "aaaaaaaaaaaa",
            request =>
            {
                Sample.NeedTwo(request);
                Sample.ReadSecrets(request);
                Sample.Approve(request);
                request["status"] = "pending";
            }
        );
        Server.Requests.Add(
            "bbbbbbbbbbbb",
            request =>
            {
                Sample.Approve(request);
                request["start"] = "2026-11-23T10:05:00Z";
            }
        );
        Server.Requests.Add(
            "cccccccccccc",
            request =>
            {
                Sample.Activate(request);
                Sample.AskLonger(request);
            }
        );
        Server.Requests.Add(
            "dddddddddddd",
            request =>
            {
                Sample.Activate(request);
                Sample.BreakGlass(request);
            }
        );
        Server.Requests.Add(
            "eeeeeeeeeeee",
            request =>
            {
                Sample.BreakGlass(request);
                Sample.End(request, "ended", "expired", "system");
                request["breakGlass"]!["overdueAt"] = "2026-11-23T08:04:00Z";
            }
        );
        Server.Requests.Add(
            "ffffffffffff",
            request =>
            {
                request.Remove("role");
                request["rules"] = JsonNode.Parse(
                    """[{ "apiGroups": ["apps"], "resources": ["deployments/scale"], "verbs": ["patch"], "resourceNames": ["consumer"] }]"""
                );
            }
        );
        using var plugin = new Plugin(Server);

        var run = await plugin.RunAsync("list", "-o", "wide");

        string[] notes =
        [
            "<none>",
            "break-glass overdue",
            "break-glass unreviewed",
            "20m more asked",
            "starts in 120m",
            "dangerous, 1 of 2 approvals",
        ];
        Assert.Equal(
            notes,
            run.OutLines[1..].Select(line => line.Split("   ", StringSplitOptions.RemoveEmptyEntries)[^2].Trim())
        );
        Assert.Contains("   patch deployments.apps/scale named cons…   ", run.OutLines[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_filter_reaches_the_server()
    {
        using var plugin = new Plugin(Server);

        await plugin.RunAsync(
            "list",
            "--status",
            "pending,active",
            "--mine",
            "--reviewable",
            "--cluster",
            "prod eu",
            "--requester",
            "a&b@example.com",
            "--limit",
            "7"
        );

        Assert.Equal(
            "/api/requests?status=pending%2Cactive&mine=true&reviewable=true"
                + "&cluster=prod%20eu&requester=a%26b%40example.com&limit=7",
            Assert.Single(Server.Calls).Target
        );
    }

    [Fact]
    public async Task More_than_a_page_is_fetched_page_by_page()
    {
        for (var i = 0; i < 230; i++)
            Server.Requests.Add($"r{i}");
        using var plugin = new Plugin(Server);

        var run = await plugin.RunAsync("list", "--limit", "220", "-o", "json");

        Assert.Equal(
            220,
            JsonNode.Parse(run.Out)!["items"]!
                .AsArray()
                .Select(item => item!["id"]!.GetValue<string>())
                .Distinct()
                .Count()
        );
        Assert.Equal(
            ["/api/requests?limit=200", "/api/requests?limit=20&cursor=200"],
            Server.Calls.Select(call => call.Target)
        );
        Assert.Equal(["There are more than these 220: raise --limit to see them."], run.ErrorLines);
    }

    [Fact]
    public async Task An_empty_list_says_so_without_soiling_the_output()
    {
        using var plugin = new Plugin(Server);

        var table = await plugin.RunAsync("list");
        var json = await plugin.RunAsync("list", "-o", "json");

        Assert.Equal(("", "No requests found.\n"), (table.Out, table.Error));
        JsonAssert.Equal("""{"items":[]}""", json.Out);
    }

    [Fact]
    public async Task Json_keeps_what_the_plugin_does_not_know()
    {
        Server.Requests.Add(change: request => request["fromTheFuture"] = new JsonObject { ["x"] = 1.50m });
        using var plugin = new Plugin(Server);

        var run = await plugin.RunAsync("show", Sample.Id, "-o", "json");

        Assert.Equal("""{"x":1.50}""", JsonNode.Parse(run.Out)!["fromTheFuture"]!.ToJsonString());
    }

    [Fact]
    public async Task Only_a_terminal_gets_colours()
    {
        Server.Requests.Add();
        using var terminal = new Plugin(Server) { Colours = true };
        using var pipe = new Plugin(Server);

        Assert.Contains("\e[33mpending  \e[0malice", (await terminal.RunAsync("list")).Out, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', (await pipe.RunAsync("list")).Out);
    }

    [Theory]
    [InlineData("list", "-o", "wide")]
    [InlineData("show", Sample.Id)]
    public async Task What_others_wrote_cannot_steer_the_terminal(params string[] command)
    {
        Server.Requests.Add(change: request => request["reason"] = "read only\e[2K\r\u202Enimda\u009b1m");
        using var plugin = new Plugin(Server);

        var run = await plugin.RunAsync(command);

        Assert.Contains("read only [2K  nimda 1m", run.Out, StringComparison.Ordinal);
    }
}
