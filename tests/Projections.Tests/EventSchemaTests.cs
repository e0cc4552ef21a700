using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json.Nodes;
using JitFunctions.Domain.Grants;
using JitFunctions.Domain.Policies;
using JitFunctions.Domain.Record;
using JitFunctions.Domain.Requests;
using Marten;
using Npgsql;

namespace JitFunctions.Projections.Tests;

/// <summary>A stored event is for ever: its name and its JSON are held against what is checked in.</summary>
public sealed class EventSchemaTests
{
    private static readonly ISerializer Json = Serializer();

    public static TheoryData<string> Names => [.. EventNames.All.Values];

    [Fact]
    public void Every_event_has_a_stored_name_and_no_two_share_one()
    {
        var types = typeof(AccessRequestEvent)
            .GetNestedTypes()
            .Concat(typeof(ClusterEvent).GetNestedTypes())
            .Concat(typeof(PolicyEvent).GetNestedTypes())
            .Concat(typeof(InstallationEvent).GetNestedTypes())
            .Concat(typeof(RecordEvent).GetNestedTypes());
        Assert.Equal(types.OrderBy(t => t.Name), EventNames.All.Keys.OrderBy(t => t.Name));
        Assert.Distinct(EventNames.All.Values);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_json_of_each_event_is_as_it_was_stored(string name)
    {
        var sample = Samples.Events.Single(e => EventNames.All[e.GetType()] == name);
        var stored = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "EventSamples", $"{name}.json")).Trim();

        Assert.Equal(stored, Indented(Json.ToJson(sample)));

        var readBack = Json.FromJson(sample.GetType(), new MemoryStream(Encoding.UTF8.GetBytes(stored)));
        Assert.Equal(stored, Indented(Json.ToJson(readBack)));
    }

    [Theory]
    [InlineData("access_requested")]
    [InlineData("request_reviewed")]
    [InlineData("activation_started")]
    [InlineData("stray_binding_removed")]
    [InlineData("access_ended")]
    [InlineData("drift_found")]
    [InlineData("role_grown")]
    [InlineData("extension_reviewed")]
    [InlineData("break_glass_reviewed")]
    public void An_event_that_was_stored_before_members_were_added_is_still_read(string name)
    {
        var type = EventNames.All.Single(pair => pair.Value == name).Key;
        var stored = File.ReadAllText(
            Path.Combine(AppContext.BaseDirectory, "EventSamples", "earlier", $"{name}.json")
        );

        var readBack = JsonNode
            .Parse(Json.ToJson(Json.FromJson(type, new MemoryStream(Encoding.UTF8.GetBytes(stored)))))!
            .AsObject();

        Assert.Each(
            JsonNode.Parse(stored)!.AsObject(),
            member => Assert.True(Holds(readBack[member.Key], member.Value), $"{member.Key} is lost")
        );
    }

    // What was stored is there, whatever has been added.
    private static bool Holds(JsonNode? now, JsonNode? then) =>
        (now, then) switch
        {
            (JsonObject a, JsonObject b) => b.All(member => Holds(a[member.Key], member.Value)),
            _ => JsonNode.DeepEquals(now, then),
        };

    // The very serializer that the event store uses.
    private static ISerializer Serializer()
    {
        var options = new StoreOptions();
        EventStore.Configure(options, NpgsqlDataSource.Create("Host=unused"), createSchema: false);
        return options.Serializer();
    }

    private static string Indented(string json) =>
        JsonNode
            .Parse(json)!
            .ToJsonString(new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
