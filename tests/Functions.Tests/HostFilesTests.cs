using System.Text.Json.Nodes;

namespace JitFunctions.Functions.Tests;

public sealed class HostFilesTests
{
    [Fact]
    public void The_two_host_files_differ_only_in_where_the_orchestrations_are()
    {
        var (storage, scheduler) = (Read("host.json"), Read("host.scheduler.json"));
        var provider = Provider(scheduler);
        Assert.Equal(("azureManaged", 2), ((string?)provider["type"], provider.Count));
        Assert.False(Provider(storage).ContainsKey("type"));

        Durable(scheduler)["storageProvider"] = Provider(storage).DeepClone();

        Assert.True(JsonNode.DeepEquals(storage, scheduler));
    }

    // What is shorter than the host allows ends it at its start.
    [Fact]
    public void Work_of_a_host_that_died_is_taken_up_as_soon_as_the_host_allows()
    {
        var host = Read("host.json");
        Assert.Equal("00:00:15", (string?)host["singleton"]!["listenerLockPeriod"]);
        Assert.Equal("00:00:15", (string?)host["singleton"]!["listenerLockRecoveryPollingInterval"]);
        Assert.Equal("00:01:00", (string?)Provider(host)["controlQueueVisibilityTimeout"]);
        Assert.Equal("00:01:00", (string?)Provider(host)["workItemQueueVisibilityTimeout"]);
    }

    private static JsonNode Read(string name) =>
        JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "documents", name)))!;

    private static JsonObject Durable(JsonNode host) => host["extensions"]!["durableTask"]!.AsObject();

    private static JsonObject Provider(JsonNode host) => Durable(host)["storageProvider"]!.AsObject();
}
