using System.Text.Json.Nodes;

namespace JitFunctions.KubectlJit.Tests;

public sealed class ShowTests : ServerTests
{
    [Fact]
    public async Task It_shows_all_there_is_to_know()
    {
        Server.Requests.Add(change: request =>
        {
            Sample.Approve(request);
            Sample.Activate(request);
            Sample.End(request, "ended", "revoked", "carol@example.com");
            request["ticket"] = "INC-4711";
            request["denialProof"] = JsonNode.Parse("""{ "verdict": "stillAllowed", "detail": "RoleBinding payments/standing" }""");
        });
        using var plugin = new Plugin(Server);

        var run = await plugin.RunAsync("show", Sample.Id);

        Assert.Equal(
            """
            ID:           3f9k2m7xq0ab
            Status:       ended
            Requester:    alice@example.com
            Cluster:      prod-eu
            Namespaces:   payments
            Role:         ClusterRole/edit
            Duration:     30m
            Reason:       restart the stuck consumer
            Ticket:       INC-4711
            Policy:       payments-on-call (sha256:1)
            Approval:     1 from payments-leads
            Requested:    2026-11-23T08:00:00Z (5m ago)
            Review:       approved by bob@example.com: go
            Approved:     2026-11-23T08:04:00Z (60s ago)
            Activated:    2026-11-23T08:04:30Z (30s ago)
            Expires:      2026-11-23T08:34:30Z (in 29m)
            Binding:      payments/jit-3f9k2m7xq0ab
            Ending:       revoked by carol@example.com
            Ended:        2026-11-23T08:04:51Z (9s ago)
            Denial proof: stillAllowed: RoleBinding payments/standing

            """,
            run.Out);
    }

    [Fact]
    public async Task A_request_with_only_what_is_always_there_can_be_shown()
    {
        Server.Requests.Add(change: request =>
        {
            foreach (var name in (ReadOnlySpan<string>)["policy", "reviews", "bindings", "decideBy", "namespaces"]) request.Remove(name);
        });
        using var plugin = new Plugin(Server);

        Assert.Equal(ExitCode.Ok, (await plugin.RunAsync("show", Sample.Id)).Code);
        Assert.Equal(ExitCode.Ok, (await plugin.RunAsync("list")).Code);
    }

    [Theory]
    [InlineData("..")]
    [InlineData("a/b")]
    [InlineData("a?b")]
    public async Task What_is_no_id_never_becomes_a_path(string id)
    {
        using var plugin = new Plugin(Server);

        Assert.Equal(ExitCode.Usage, (await plugin.RunAsync("show", id)).Code);
        Assert.Empty(Server.Calls);
    }

    [Fact]
    public async Task Waiting_and_watching_exclude_each_other()
    {
        using var plugin = new Plugin(Server);

        Assert.Equal(ExitCode.Usage, (await plugin.RunAsync("show", Sample.Id, "--wait", "--watch")).Code);
    }
}
