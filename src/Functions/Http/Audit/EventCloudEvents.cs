using System.Globalization;
using System.Text.Json;
using CloudNative.CloudEvents;
using CloudNative.CloudEvents.SystemTextJson;
using JasperFx.Events;
using JitFunctions.Projections;

namespace JitFunctions.Functions.Http.Audit;

/// <summary>
/// Stored events as CloudEvents 1.0. Source and id together are unique: a consumer that gets an event twice can tell.
/// </summary>
public static class EventCloudEvents
{
    /// <summary>Stands before the stored name of the event in the CloudEvents attribute <c>type</c>.</summary>
    public const string TypePrefix = "dev.jitfunctions.";

    /// <summary>Several events in one JSON array.</summary>
    public const string BatchMediaType = "application/cloudevents-batch+json";

    /// <summary>As text, because 64 bits do not fit into an Integer. Texts of one length sort as numbers do.</summary>
    private static readonly CloudEventAttribute Sequence = Extension("sequence", CloudEventAttributeType.String);

    private static readonly CloudEventAttribute StreamVersion = Extension(
        "streamversion",
        CloudEventAttributeType.Integer
    );

    private static readonly CloudEventAttribute Actor = Extension("actor", CloudEventAttributeType.String);
    private static readonly CloudEventAttribute ActorSubject = Extension(
        "actorsubject",
        CloudEventAttributeType.String
    );
    private static readonly CloudEventAttribute Channel = Extension("channel", CloudEventAttributeType.String);
    private static readonly CloudEventAttribute Cluster = Extension("cluster", CloudEventAttributeType.String);
    private static readonly CloudEventAttribute Correlation = Extension(
        "correlationid",
        CloudEventAttributeType.String
    );

    private static readonly CloudEventAttribute[] Extensions =
    [
        Sequence,
        StreamVersion,
        Actor,
        ActorSubject,
        Channel,
        Cluster,
        Correlation,
    ];

    /// <summary>The JSON of the API. An event is deeper in a batch than a request in its answer.</summary>
    private static readonly JsonSerializerOptions Json = new(JsonForm.Options) { MaxDepth = 64 };

    private static readonly JsonEventFormatter Formatter = new(Json, documentOptions: default);

    /// <param name="installation">The id of the installation, which is the source.</param>
    public static CloudEvent Of(IEvent e, string installation)
    {
        var cloud = new CloudEvent(CloudEventsSpecVersion.V1_0, Extensions)
        {
            Id = e.Id.ToString(),
            Source = new($"urn:jit-access:installation:{installation}", UriKind.Absolute),
            Type = TypePrefix + e.EventTypeName,
            Subject = e.StreamKey,
            Time = e.Timestamp,
            DataContentType = "application/json",
            Data = JsonSerializer.SerializeToElement(e.Data, e.Data.GetType(), Json),
            [Sequence] = e.Sequence.ToString("D19", CultureInfo.InvariantCulture),
            [StreamVersion] = (int)e.Version,
            [Channel] = Provenance.ChannelOf(e),
        };
        Set(Actor, e.UserName);
        Set(ActorSubject, Provenance.SubjectOf(e));
        Set(Cluster, Provenance.ClusterOf(e));
        Set(Correlation, e.CorrelationId);
        return cloud;

        void Set(CloudEventAttribute attribute, string? value)
        {
            // An empty or missing value is left out.
            if (value is { Length: > 0 })
                cloud[attribute] = value;
        }
    }

    /// <summary>One event in the JSON format, without line breaks.</summary>
    public static ReadOnlyMemory<byte> Format(CloudEvent e) => Formatter.EncodeStructuredModeMessage(e, out _);

    /// <summary>Events in the JSON batch format.</summary>
    public static ReadOnlyMemory<byte> FormatBatch(IEnumerable<CloudEvent> events) =>
        Formatter.EncodeBatchModeMessage(events, out _);

    private static CloudEventAttribute Extension(string name, CloudEventAttributeType type) =>
        CloudEventAttribute.CreateExtension(name, type);
}
