using JitFunctions.KubectlJit.Terminal;

namespace JitFunctions.KubectlJit.Tests;

/// <summary>Ids as people type them: in any case, and by their beginning.</summary>
public sealed class IdTests : ServerTests
{
    public static TheoryData<string> Commands =>
        [
            "show ID",
            "approve ID --yes",
            "deny ID",
            "extend ID --duration 5m --reason r",
            "withdraw ID",
            "relinquish ID",
            "revoke ID",
            "events ID",
            "kubeconfig ID",
        ];

    private IEnumerable<string> Named =>
        Server
            .Calls.Select(call => call.Target)
            .Where(target => target.StartsWith("/api/requests/", StringComparison.Ordinal));

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Each_command_takes_an_id_in_any_case(string command)
    {
        Fill();
        using var plugin = new Plugin(Server);

        var run = await plugin.RunAsync(
            command.Replace("ID", Sample.Id.ToUpperInvariant(), StringComparison.Ordinal).Split(' ')
        );

        Assert.True(run.Code is ExitCode.Ok, run.Error);
        Assert.NotEmpty(Named);
        Assert.Each(Named, target => Assert.StartsWith($"/api/requests/{Sample.Id}", target, StringComparison.Ordinal));
        Assert.DoesNotContain(Server.Calls, call => call.Target.StartsWith("/api/requests?", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Each_command_takes_enough_of_an_id_and_names_the_whole_one(string command)
    {
        Fill();
        using var plugin = new Plugin(Server);

        var run = await plugin.RunAsync(command.Replace("ID", "3F9k", StringComparison.Ordinal).Split(' '));

        Assert.True(run.Code is ExitCode.Ok, run.Error);
        Assert.Equal("/api/requests?id=3f9k&limit=10", Server.Calls.First().Target);
        Assert.NotEmpty(Named);
        Assert.Each(Named, target => Assert.StartsWith($"/api/requests/{Sample.Id}", target, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task An_ambiguous_beginning_of_an_id_is_refused_and_all_matches_are_shown(string command)
    {
        Fill();
        Server.Requests.Add("3f9k00000000", request => request["requester"]!["username"] = "mallory@example.com");
        using var plugin = new Plugin(Server);

        var run = await plugin.RunAsync(command.Replace("ID", "3f9k", StringComparison.Ordinal).Split(' '));

        Assert.Equal((ExitCode.Usage, ""), (run.Code, run.Out));
        Assert.Equal(
            [
                "error: more than one request has an id that begins with '3f9k' (ambiguous-id): give more of the id",
                "  3f9k00000000  pending  mallory@example.com  edit in prod-eu/payments",
                "  3f9k2m7xq0ab  active  alice@example.com  edit in prod-eu/payments",
            ],
            run.ErrorLines
        );
        Assert.Empty(Named);
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task What_none_that_one_may_see_begins_with_is_not_found(string command)
    {
        Fill();
        using var plugin = new Plugin(Server);

        var run = await plugin.RunAsync(command.Replace("ID", "zzz", StringComparison.Ordinal).Split(' '));

        Assert.Equal((ExitCode.NotFound, ""), (run.Code, run.Out));
        Assert.Contains("(not-found)", Assert.Single(run.ErrorLines), StringComparison.Ordinal);
        Assert.Empty(Named);
    }

    [Fact]
    public async Task More_than_can_be_shown_are_counted_as_more()
    {
        for (var i = 10; i < 22; i++)
            Server.Requests.Add($"3f9k000000{i}");
        using var plugin = new Plugin(Server);

        var run = await plugin.RunAsync("show", "3f9");

        Assert.Equal(12, run.ErrorLines.Length);
        Assert.Equal("  and more", run.ErrorLines[^1]);
    }

    [Theory]
    [InlineData("1")]
    [InlineData("3f")]
    public async Task A_text_that_is_too_short_for_an_id_is_refused(string id)
    {
        Fill();
        using var plugin = new Plugin(Server);

        Assert.Equal(ExitCode.Usage, (await plugin.RunAsync("revoke", id)).Code);
        Assert.Empty(Server.Calls);
    }

    private void Fill()
    {
        Server.Requests.Add("aaaaaaaaaaaa");
        Server.Requests.Add(change: request =>
        {
            Sample.Activate(request);
            request["policy"]!["enforcement"] = "ephemeral";
        });
        Server.Cluster = """{ "name": "prod-eu", "server": "https://prod-eu.example.com:6443" }""";
    }
}
