using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using JitFunctions.Domain.Requests;
using JitFunctions.Domain.Text;

namespace JitFunctions.EndToEnd.Tests.Upgrade;

/// <summary>
/// What the version before had in its database and in the cluster when it was killed: see README.md beside this.
/// </summary>
internal sealed partial class VersionBefore
{
    private const string Second = "yyyy-MM-ddTHH:mm:ss";
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(), new Durations() },
    };
    private readonly string _events;

    private VersionBefore(string database, string objects, string events)
    {
        (Database, Objects, _events) = (database, objects, events);
        Events =
        [
            .. events
                .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => JsonNode.Parse(line)!.AsObject()),
        ];
        Asked = [.. Events.Where(e => e.At("type") == "access_requested")];
        Requests = Asked.ToDictionary(
            e => e["data"]!["terms"]!["scope"]!["namespaces"]![0]!.ToString(),
            e => e.At("stream")!
        );
    }

    /// <summary>SQL that makes all of it in an empty database.</summary>
    public string Database { get; }

    /// <summary>The manifest of what its grants had in the cluster.</summary>
    public string Objects { get; }

    /// <summary>The log as that version gave it out.</summary>
    public IReadOnlyList<JsonObject> Events { get; }

    /// <summary>The ids, by the namespace that each request is for.</summary>
    public IReadOnlyDictionary<string, string> Requests { get; }

    private IReadOnlyList<JsonObject> Asked { get; }

    /// <summary>
    /// As if it had been killed so long ago: every time is moved by as much. And as if people had signed in with this
    /// issuer, as they can with no other. The hashes of what reviewers decide about name both.
    /// </summary>
    public static VersionBefore KilledAgo(TimeSpan time, Uri issuer)
    {
        var was = AsItWas();
        var by = TimeSpan.FromSeconds(
            Math.Floor((TimeProvider.System.GetUtcNow() - time - was.Events[^1].TimeAt("timestamp")).TotalSeconds)
        );
        var itsIssuer = was.Asked[0].At("actorSubject")!.Split('#')[0];
        var moved = was.Rewrite(text =>
            Times()
                .Replace(text, at => Moved(at.Value, by))
                .Replace(itsIssuer, issuer.OriginalString, StringComparison.Ordinal)
        );

        var hashes = was
            .Asked.Zip(
                moved.Asked,
                (before, after) =>
                    (Recorded: before.At("data.scopeHash")!, Before: HashOf(before), After: HashOf(after))
            )
            .ToList();
        Assert.Each(hashes, hash => Assert.Equal(hash.Recorded, hash.Before));
        return moved.Rewrite(text =>
            hashes.Aggregate(text, (all, hash) => all.Replace(hash.Before, hash.After, StringComparison.Ordinal))
        );
    }

    private static VersionBefore AsItWas() => new(Read("database.sql"), Read("cluster.json"), Read("events.ndjson"));

    private VersionBefore Rewrite(Func<string, string> text) => new(text(Database), text(Objects), text(_events));

    // What separates the date from the time is not the same everywhere; the fraction and the zone, always UTC, stay.
    private static string Moved(string text, TimeSpan by)
    {
        var moved = (DateTime.Parse(text, CultureInfo.InvariantCulture) + by).ToString(
            Second,
            CultureInfo.InvariantCulture
        );
        return moved.Replace('T', text[Second.IndexOf('T', StringComparison.Ordinal)]);
    }

    private static string HashOf(JsonObject asked)
    {
        var e = asked["data"].Deserialize<AccessRequestEvent.Requested>(Json)!;
        return ScopeHash.Of(e.Requester, e.Terms, e.Rights!, e.Policy);
    }

    private static string Read(string file) =>
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Upgrade", file));

    // As the API writes them.
    private sealed class Durations : JsonConverter<TimeSpan>
    {
        public override TimeSpan Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            KubernetesDuration.TryParse(reader.GetString())!.Value;

        public override void Write(Utf8JsonWriter writer, TimeSpan value, JsonSerializerOptions options) =>
            throw new NotSupportedException();
    }

    [GeneratedRegex(@"\b2\d{3}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?=(\.\d+)?(Z|\+00))")]
    private static partial Regex Times();
}
