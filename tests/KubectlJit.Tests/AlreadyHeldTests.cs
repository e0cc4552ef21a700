using System.Text.Json.Nodes;
using JitFunctions.KubectlJit.Terminal;

namespace JitFunctions.KubectlJit.Tests;

/// <summary>Who asks for what they have already learns it, and so does who is to approve it.</summary>
public sealed class AlreadyHeldTests : ServerTests
{
    private const string Grant = "grant 9z8y7x6w5v4u, which ends at 2026-11-23T08:30:00Z";
    private const string Standing =
        "without any grant, RBAC: allowed by RoleBinding \"team/payments\" (20 of its rights were asked for)";

    [Fact]
    public async Task Show_tells_by_which_grant_and_by_which_binding()
    {
        Server.Requests.Add(change: Held);
        using var plugin = new Plugin(Server);

        var run = await plugin.RunAsync("show", Sample.Id);

        Assert.Contains("Already held:", run.Out, StringComparison.Ordinal);
        Assert.Contains(Grant, Unbroken(run.Out), StringComparison.Ordinal);
        Assert.Contains(Standing, Unbroken(run.Out), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_is_to_approve_it_is_told_before()
    {
        Server.Requests.Add(change: Held);
        using var plugin = new Plugin(Server);

        var run = await plugin.RunAsync("approve", Sample.Id, "--yes");

        Assert.Contains($"{Grant}; {Standing}", Unbroken(run.Error), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_asks_is_told_at_once()
    {
        Server.Requests.OnAsk = Held;
        using var plugin = new Plugin(Server);

        var run = await plugin.RunAsync(
            "request",
            "--cluster",
            "prod-eu",
            "-n",
            "payments",
            "--role",
            "edit",
            "--reason",
            "restart the stuck consumer"
        );

        Assert.Equal(ExitCode.Ok, run.Code);
        Assert.Contains($"already held: {Grant}; {Standing}", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_nothing_is_held_nothing_is_said()
    {
        Server.Requests.Add();
        using var plugin = new Plugin(Server);

        Assert.DoesNotContain(
            "held",
            (await plugin.RunAsync("show", Sample.Id)).Out,
            StringComparison.OrdinalIgnoreCase
        );
    }

    private static void Held(JsonObject request) =>
        request["alreadyHeld"] = new JsonObject
        {
            ["grant"] = "9z8y7x6w5v4u",
            ["grantExpiresAt"] = "2026-11-23T08:30:00Z",
            ["standing"] = "RBAC: allowed by RoleBinding \"team/payments\" (20 of its rights were asked for)",
        };

    private static string Unbroken(string text) =>
        string.Join(' ', text.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries));
}
