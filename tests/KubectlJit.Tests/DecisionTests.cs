using System.Text.Json.Nodes;

namespace JitFunctions.KubectlJit.Tests;

public sealed class DecisionTests : ServerTests
{
    [Theory]
    [InlineData("withdraw", "withdrawn")]
    [InlineData("relinquish", "ending")]
    [InlineData("revoke", "ending")]
    public async Task Each_end_is_one_call_and_prints_what_became_of_the_request(string command, string status)
    {
        Server.Requests.Add();
        using var plugin = new Plugin(Server);

        var run = await plugin.RunAsync(command, Sample.Id, "--comment", "fine", "-o", "json");

        Assert.Equal(ExitCode.Ok, run.Code);
        Assert.Equal(status, JsonNode.Parse(run.Out)!["status"]!.GetValue<string>());
        var call = Assert.Single(Server.Calls);
        Assert.Equal(("POST", $"/api/requests/{Sample.Id}/{command}"), (call.Method, call.Target));
        JsonAssert.Equal("""{"comment":"fine"}""", call.Body);
    }

    [Fact]
    public async Task A_comment_may_be_left_out()
    {
        Server.Requests.Add();
        using var plugin = new Plugin(Server);

        await plugin.RunAsync("revoke", Sample.Id);

        JsonAssert.Equal("{}", Assert.Single(Server.Calls).Body);
    }
}
