using System.Text.Json.Nodes;
using JitFunctions.KubectlJit.Terminal;

namespace JitFunctions.KubectlJit.Tests;

public sealed class WhoAmITests : ServerTests
{
    [Fact]
    public async Task It_says_who_in_which_groups_and_until_when()
    {
        Server.Policies["/api/whoami"] = """
            { "username": "alice@example.com", "subject": "https://login.example.com#a1", "otherAccounts": ["alice.admin@example.com"],
              "groups": ["on-call", "payments-devs"], "groupsComplete": true, "administrator": false, "auditor": true, "expiresAt": "2026-11-23T09:05:00Z" }
            """;
        using var plugin = new Plugin(Server);

        var table = await plugin.RunAsync("whoami");
        var json = await plugin.RunAsync("whoami", "-o", "json");

        Assert.Equal((ExitCode.Ok, ""), (table.Code, table.Error));
        Assert.Equal(
            $"""
            User name:    alice@example.com
            Other names:  alice.admin@example.com
            Subject:      https://login.example.com#a1
            Groups:       on-call, payments-devs
            Auditor:      yes
            Token from:   the variable JIT_TOKEN
            Good until:   2026-11-23T09:05:00Z (in 60m)
            Server:       {Server.Address}

            """,
            table.Out
        );
        JsonAssert.Equal(Server.Policies["/api/whoami"], json.Out);
    }

    [Theory]
    [InlineData("[]", true, "Groups:       none")]
    [InlineData("[]", false, "Groups:       not known")]
    [InlineData("""["a"]""", false, "Groups:       a")]
    public async Task Groups_that_are_not_all_are_never_taken_for_all(string groups, bool complete, string expected)
    {
        Server.Policies["/api/whoami"] = new JsonObject
        {
            ["username"] = "a",
            ["groups"] = JsonNode.Parse(groups),
            ["groupsComplete"] = complete,
        }.ToJsonString();
        using var plugin = new Plugin(Server);

        var run = await plugin.RunAsync("whoami");

        Assert.Contains(expected, run.OutLines);
        Assert.Equal(!complete, run.OutLines.Contains("  complete:   no"));
        Assert.Equal(
            !complete,
            run.Error.StartsWith("The token does not list all of your groups", StringComparison.Ordinal)
        );
    }
}
