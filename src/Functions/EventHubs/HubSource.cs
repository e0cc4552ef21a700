using Azure.Core;
using Azure.Messaging.EventHubs;
using Azure.Messaging.EventHubs.Consumer;
using Azure.Messaging.EventHubs.Primitives;
using JitFunctions.Functions.Clusters;
using JitFunctions.Functions.Platform.AppIdentity;
using JitFunctions.Projections;

namespace JitFunctions.Functions.EventHubs;

/// <summary>An event hub with the audit logs of one or several clusters, as one consumer group reads it.</summary>
public sealed class HubSource
{
    private readonly EventHubOptions _options;
    private readonly TokenCredential? _credential;

    private HubSource(
        EventHubOptions options,
        IReadOnlyDictionary<string, string> clusters,
        IReadOnlyDictionary<string, string> usernamePrefixes,
        TokenCredential? credential
    )
    {
        _options = options;
        _credential = credential;
        Clusters = clusters;
        UsernamePrefixes = usernamePrefixes;
    }

    /// <summary>The names of the clusters, by their resource ids in upper case.</summary>
    public IReadOnlyDictionary<string, string> Clusters { get; }

    /// <summary>What each cluster adds to the user names of tokens, by the name of the cluster.</summary>
    public IReadOnlyDictionary<string, string> UsernamePrefixes { get; }

    public string ConsumerGroup => _options.ConsumerGroup;

    /// <summary>Returns the sources that the settings of the clusters name, each once.</summary>
    public static IReadOnlyList<HubSource> Of(
        IReadOnlyDictionary<string, ClusterOptions> clusters,
        AppCredentials credentials
    ) =>
        [
            .. from cluster in clusters
            where cluster.Value.EventHub is not null
            let hub = cluster.Value.EventHub!
            group (cluster.Key, hub) by (hub.Host, Hub: hub.Hub!.ToUpperInvariant(), hub.ConsumerGroup) into same
            let options = same.First().hub
            select new HubSource(
                options,
                same.ToDictionary(one => one.hub.ResourceId!.ToUpperInvariant(), one => one.Key),
                same.ToDictionary(one => one.Key, one => clusters[one.Key].UsernamePrefix),
                options.ConnectionString is null ? credentials.For(options.ManagedIdentityClientId) : null
            ),
        ];

    public HubPartition Partition(string id) => new(_options.Host!, _options.Hub!, ConsumerGroup, id);

    public override string ToString() => $"{_options.Host}/{_options.Hub}/{ConsumerGroup}";

    public EventHubConnection Connect() =>
        _options.ConnectionString is { } text
            ? new(text, _options.Hub)
            : new(_options.Namespace, _options.Hub, _credential!);

    internal PartitionReceiver Receiver(EventHubConnection connection, string partition, EventPosition position) =>
        new(
            ConsumerGroup,
            partition,
            position,
            connection,
            new PartitionReceiverOptions { PrefetchCount = PartitionReader.MostEvents }
        );
}
