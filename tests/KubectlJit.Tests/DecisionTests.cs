using System.Text.Json.Nodes;

namespace JitFunctions.KubectlJit.Tests;

public sealed class DecisionTests : ServerTests
{
    [Theory]
    [InlineData("approve", "reviews", """{"verdict":"approve","comment":"fine"}""", "approved")]
    [InlineData("deny", "reviews", """{"verdict":"deny","comment":"fine"}""", "denied")]
    [InlineData("withdraw", "withdraw", """{"comment":"fine"}""", "withdrawn")]
    [InlineData("relinquish", "relinquish", """{"comment":"fine"}""", "ending")]
    [InlineData("revoke", "revoke", """{"comment":"fine"}""", "ending")]
    public async Task Each_deed_is_one_call_and_prints_what_became_of_the_request(string command, string route, string body, string status)
    {
        Server.Requests.Add();
        using var plugin = new Plugin(Server);

        var run = await plugin.RunAsync(command, Sample.Id, "--comment", "fine", "-o", "json");

        Assert.Equal(ExitCode.Ok, run.Code);
        Assert.Equal(status, JsonNode.Parse(run.Out)!["status"]!.GetValue<string>());
        var call = Assert.Single(Server.Calls);
        Assert.Equal(("POST", $"/api/requests/{Sample.Id}/{route}"), (call.Method, call.Target));
        JsonAssert.Equal(body, call.Body);
    }

    [Theory]
    [InlineData("approve", """{"verdict":"approve"}""")]
    [InlineData("revoke", "{}")]
    public async Task A_comment_may_be_left_out(string command, string body)
    {
        Server.Requests.Add();
        using var plugin = new Plugin(Server);

        await plugin.RunAsync(command, Sample.Id);

        JsonAssert.Equal(body, Assert.Single(Server.Calls).Body);
    }
}
