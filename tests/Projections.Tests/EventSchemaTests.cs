using System.Text.Json;
using JitFunctions.Domain.Grants;
using JitFunctions.Domain.Requests;

namespace JitFunctions.Projections.Tests;

/// <summary>A stored event is for ever: its name and its JSON are held against what is checked in.</summary>
public sealed class EventSchemaTests
{
    private static readonly JsonSerializerOptions Json = Options();

    public static TheoryData<string> Names => [.. EventNames.All.Values];

    [Fact]
    public void Every_event_has_a_stored_name_and_no_two_share_one()
    {
        var types = typeof(AccessRequestEvent).GetNestedTypes().Concat(typeof(ClusterEvent).GetNestedTypes());
        Assert.Equal(types.OrderBy(t => t.Name), EventNames.All.Keys.OrderBy(t => t.Name));
        Assert.Distinct(EventNames.All.Values);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_json_of_each_event_is_as_it_was_stored(string name)
    {
        var sample = Samples.Events.Single(e => EventNames.All[e.GetType()] == name);
        var stored = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "EventSamples", $"{name}.json")).Trim();

        Assert.Equal(stored, JsonSerializer.Serialize(sample, Json));

        var readBack = JsonSerializer.Deserialize(stored, sample.GetType(), Json);
        Assert.Equal(stored, JsonSerializer.Serialize(readBack, sample.GetType(), Json));
    }

    private static JsonSerializerOptions Options()
    {
        var json = new JsonSerializerOptions { WriteIndented = true };
        EventStore.ConfigureJson(json);
        return json;
    }
}
