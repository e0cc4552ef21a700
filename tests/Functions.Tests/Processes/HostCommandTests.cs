using JitFunctions.LocalStack;

namespace JitFunctions.Functions.Tests.Processes;

public sealed class HostCommandTests
{
    private static readonly Uri Address = new("http://127.0.0.1:20000");

    [Fact]
    public void A_bare_Functions_host_is_told_its_address_and_is_no_container_of_Azure()
    {
        var plan = HostCommand
            .Azure("run-host APPDIR PORT")
            .Plan(Address, new Dictionary<string, string?>(), "scratch", "log");
        Assert.Equal("localhost:20000", plan.Environment["WEBSITE_HOSTNAME"]);
        Assert.Null(Assert.Contains("CONTAINER_NAME", plan.Environment));
    }

    [Fact]
    public void The_embedded_host_needs_neither() =>
        Assert.DoesNotContain(
            "WEBSITE_HOSTNAME",
            HostCommand.Embedded.Plan(Address, new Dictionary<string, string?>(), "scratch", "log").Environment.Keys
        );
}
